package io.prokura.app;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Action;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Permissions;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Resources;
import io.prokura.catalogue.Sensitivity;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Wanted;
import io.prokura.directory.ManagementRole;
import io.prokura.directory.User;
import io.prokura.directory.Users;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.tokens.Issuance;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whoever owns the machine, as a user of the organisation: made at the first start, administrator,
/// and given tokens only over the admin socket. Beyond that door it is a user like any other.
final class Operator {
  static final String NAME = "operator";
  static final String MANAGE = "manage";

  private final World world;
  private final Database database;
  private final Config config;
  private final Users users;
  private final Resources resources;
  private final Permissions permissions;
  private final Authorities authorities;
  private final Issuance issuance;
  private final AuditLog audit;

  Operator(
      World world,
      Database database,
      Config config,
      Users users,
      Resources resources,
      Permissions permissions,
      Authorities authorities,
      Issuance issuance,
      AuditLog audit) {
    this.world = world;
    this.database = database;
    this.config = config;
    this.users = users;
    this.resources = resources;
    this.permissions = permissions;
    this.authorities = authorities;
    this.issuance = issuance;
    this.audit = audit;
  }

  /// Makes the operator, and registers the management API as a resource, where they are missing.
  void ensure() {
    Result<Id.User> made =
        database.inTransaction(
            tx -> {
              var known = users.findNamed(tx, NAME);
              return known.isPresent() ? Result.ok(known.get().id()) : make(tx);
            });
    if (made instanceof Refused<?>(_, var detail)) {
      throw new IllegalStateException("the operator cannot be made: " + detail);
    }
  }

  private Result<Id.User> make(Tx tx) {
    var id = Id.User.random(world);
    var operator =
        new User(id, NAME, "Operator", "", true, Set.of(ManagementRole.ADMINISTRATOR), 1);
    var registered = users.register(tx, id, operator);
    if (!(registered instanceof Ok)) {
      return registered.refusal();
    }
    var api = managementApi();
    var resource = resources.register(tx, id, api);
    if (!(resource instanceof Ok)) {
      return resource.refusal();
    }
    var wanted =
        new Permissions.Wanted(
            id, api.id(), Scopes.of(List.of(MANAGE)), PermissionMode.OWN, Optional.empty());
    return permissions.give(tx, id, wanted).map(_ -> id);
  }

  private Resource managementApi() {
    var manage = new Action(MANAGE, Sensitivity.HIGH, false, "call the management API");
    return new Resource(
        Id.Resource.random(world),
        config.managementApi(),
        "Prokura management API",
        List.of(),
        List.of(manage),
        false,
        PersonRights.CHECKED,
        List.of(),
        List.of(),
        1);
  }

  /// A token for the management API, as one line of JSON. Leaves an entry of its own.
  String token() {
    var operator = database.read(tx -> users.findNamed(tx, NAME)).orElseThrow();
    var who = new Presenter(operator.id(), Id.Credential.random(world));
    var wanted = new Wanted(config.managementApi(), Scopes.NONE, "");
    var own = authorities.own(who, wanted);
    if (!(own instanceof Ok(var conferred))) {
      throw new Outage("no authority for the operator: " + own);
    }
    var issued =
        issuance.accessToken(
            conferred,
            who,
            "admin_socket",
            "admin socket",
            tx -> {
              audit.append(
                  tx,
                  Event.about("admin.token-given", who.credential()).by(who.principal()).build());
              return Result.ok(tx);
            });
    if (!(issued instanceof Ok(var token))) {
      throw new Outage("no token for the operator: " + issued);
    }
    return Json.object()
        .put("access_token", token.token().compact())
        .put("issuer", config.issuer())
        .put("expires_in", token.token().expiresIn())
        .build()
        .toText();
  }
}
