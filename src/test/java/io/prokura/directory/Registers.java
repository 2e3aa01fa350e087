package io.prokura.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Facts;
import io.prokura.audit.Persons;
import io.prokura.feed.Feed;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import io.prokura.sql.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// The directory wired over one database, with a clock that stands still and a caller who may do
/// everything.
public final class Registers implements AutoCloseable {
  private final AtomicInteger number = new AtomicInteger();

  public final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2027-01-31T12:00:00Z"));
  public final World world = new World(now::get, new Random(1));
  public final Limits limits = Limits.standard();
  public final Database database;
  public final Feed feed;
  public final AuditLog audit;
  public final Seal seal;
  public final Persons persons;
  public final Facts facts;
  public final Changes changes;
  public final Directory directory;
  public final Users users;
  public final Workloads workloads;
  public final List<Id.Group> owningGroups = new ArrayList<>();
  public final Groups groups;
  public final Id.User admin = Id.User.random(world);
  public final Caller caller = new Caller(admin, Id.Token.next(world));

  public Registers(Database database) {
    this.database = database;
    feed = new Feed(database, world, Duration.ofSeconds(2));
    var file = TestDatabases.folder().resolve("master.key");
    var key = MasterKey.open(new MasterKeySource.File(file, List.of()), world);
    seal = key.seal(world, "record");
    persons = new Persons(database, world, seal, feed);
    audit = new AuditLog(world, seal, persons, limits, database.dialect());
    facts = new Facts(database, world, seal, persons, new JsonReader(limits));
    changes =
        new Changes(database, world, limits, new JsonReader(limits), key.seal(world, "reply"));
    directory = new Directory(database, feed);
    users = new Users(feed, audit);
    workloads = new Workloads(feed, audit, directory);
    groups =
        new Groups(feed, audit, List.of((_, group) -> owningGroups.contains(group)), List.of());
  }

  @Override
  public void close() {
    database.close();
  }

  /// A name that no other test uses.
  public String fresh(String prefix) {
    return prefix + number.incrementAndGet();
  }

  /// What the work comes to; it must not be refused.
  public <T> T done(Function<Tx, Result<T>> work) {
    var result = database.inTransaction(work);
    assertThat(result).isInstanceOf(Result.Ok.class);
    return ((Result.Ok<T>) result).value();
  }

  /// The reason for which the work is refused.
  public <T> Refusal refusal(Function<Tx, Result<T>> work) {
    var result = database.inTransaction(work);
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused<T>) result).reason();
  }

  public User user(String name, ManagementRole... roles) {
    var user =
        User.fresh(
            Id.User.random(world), name, "Person " + name, name + "@example.org", Set.of(roles));
    return done(tx -> users.register(tx, admin, user));
  }

  public Group group(String name, Id.User... members) {
    var group = new Group(Id.Group.random(world), name, List.of(members), 1);
    return done(tx -> groups.create(tx, admin, group));
  }

  public Workload workload(Id owner) {
    var workload =
        Workload.fresh(Id.Workload.random(world), fresh("workload"), "", owner, Set.of());
    return done(tx -> workloads.register(tx, admin, workload));
  }

  public Request.Builder request(String method, String path) {
    return Request.to(limits, method, path);
  }

  public Json.Obj body(Response response) {
    return switch (new JsonReader(limits).readObject(response.body())) {
      case Result.Ok<Json.Obj>(var body) -> body;
      case Result.Refused<Json.Obj> refused -> throw new AssertionError(refused);
    };
  }

  /// The object written in `text` with `'` for `"`.
  public Json.Obj json(String text) {
    var bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return switch (new JsonReader(limits).readObject(bytes)) {
      case Result.Ok<Json.Obj>(var body) -> body;
      case Result.Refused<Json.Obj> refused -> throw new AssertionError(refused + ": " + text);
    };
  }

  /// Every leaf of the record as text, oldest first.
  public List<String> leaves() {
    return database.read(
        tx ->
            tx.list(
                "SELECT leaf FROM entry ORDER BY seq",
                row -> new String(row.bytes(1), StandardCharsets.UTF_8)));
  }
}
