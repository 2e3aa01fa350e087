package io.prokura.bench;

import io.prokura.agents.Agents;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Permissions;
import io.prokura.clients.Clients;
import io.prokura.clients.Credentials;
import io.prokura.cutoff.CutOffs;
import io.prokura.directory.Directory;
import io.prokura.directory.Users;
import io.prokura.jose.Crypto;
import io.prokura.kernel.World;

/// The registers in this process, on a database that a server has left behind.
record LocalRegisters(
    CutOffs cutOffs,
    Directory directory,
    Catalogue catalogue,
    Users users,
    Agents agents,
    Permissions permissions,
    Credentials credentials) {

  static LocalRegisters on(LocalRecord record, World world) {
    var database = record.database();
    var feed = record.feed();
    var audit = record.log();
    var cutOffs = new CutOffs(feed, database, audit, world);
    var directory = new Directory(database, feed);
    var catalogue = new Catalogue(database, feed);
    var agents = new Agents(world, database, feed, audit, directory, catalogue);
    return new LocalRegisters(
        cutOffs,
        directory,
        catalogue,
        new Users(feed, audit),
        agents,
        new Permissions(world, feed, audit, directory, (tx, id) -> agents.find(tx, id).isPresent()),
        new Credentials(
            world,
            database,
            feed,
            audit,
            cutOffs,
            agents,
            directory,
            new Clients(database, feed, audit, catalogue, (_, _) -> {}),
            Crypto.fastest()));
  }
}
