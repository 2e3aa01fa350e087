package io.prokura.catalogue;

import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.catalogue.PermissionMode.OWN;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What permissions must do on every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PermissionContract {
  private final Catalogued it;

  PermissionContract(Database database) {
    it = new Catalogued(database);
  }

  @AfterAll
  void close() {
    it.close();
  }

  @Test
  void countsAPermissionToActOnBehalfOnlyForSomebody() {
    var resource = it.resource("read", "write", "erase");
    var agent = it.agent();
    assertThat(permitted(agent, resource, true)).isEmpty();
    it.permission(agent, resource, ON_BEHALF, "read", "write");
    it.permission(agent, resource, OWN, "erase");
    it.permission(agent, it.resource("read", "admin"), OWN, "admin");
    assertThat(permitted(agent, resource, true)).containsExactly("erase", "read", "write");
    assertThat(permitted(agent, resource, false)).containsExactly("erase");
    assertThat(permitted(it.agent(), resource, true)).isEmpty();
  }

  @Test
  void countsAPersonsPermissionsWithAndWithoutADelegator() {
    var resource = it.resource("read");
    var alice = it.all.user(it.all.fresh("alice")).id();
    assertThat(give(alice, resource, ON_BEHALF, Optional.empty(), "read")).isEqualTo(FIELD_INVALID);
    it.permission(alice, resource, OWN, "read");
    assertThat(permitted(alice, resource, false)).containsExactly("read");
    assertThat(permitted(alice, resource, true)).containsExactly("read");
  }

  @Test
  void endsAPermissionAtItsExpiryAndAtOnceWhenItIsRevoked() {
    var resource = it.resource("read", "write");
    var agent = it.agent();
    var end = it.all.now.get().plusSeconds(60);
    var wanted =
        new Permissions.Wanted(
            agent, resource.id(), new Scopes(List.of("read")), OWN, Optional.of(end));
    it.all.done(tx -> it.permissions.give(tx, it.all.admin, wanted));
    var permission = it.permission(agent, resource, OWN, "write");
    assertThat(permitted(agent, resource, false)).containsExactly("read", "write");
    assertThat(it.catalogue.permitted(agent, resource.id(), end, false).values())
        .containsExactly("write");
    var revoked =
        it.all.done(tx -> it.permissions.revoke(tx, it.owner, permission.id(), "no need"));
    assertThat(permitted(agent, resource, false)).containsExactly("read");
    assertThat(revoked.revoked()).contains(new Permission.Revoked(it.owner, it.all.now.get()));
    assertThat(
            it.all.database.<Optional<Permission>>read(
                tx -> it.permissions.find(tx, permission.id())))
        .contains(revoked);
    assertThat(it.all.refusal(tx -> it.permissions.revoke(tx, it.owner, permission.id(), "again")))
        .isEqualTo(STATE_CONFLICT);
    var unknown = Id.Permission.random(it.all.world);
    assertThat(it.all.refusal(tx -> it.permissions.revoke(tx, it.owner, unknown, "x")))
        .isEqualTo(NOT_FOUND);
    assertThat(
            it.all.database.<List<Permission>>read(tx -> it.permissions.pageOf(tx, agent, "", 10)))
        .hasSize(1);
  }

  @Test
  void givesPermissionsOnlyForWhatThereIs() {
    var resource = it.resource("read");
    var past = Optional.of(it.all.now.get());
    var agent = it.agent();
    assertThat(give(agent, resource, OWN, past, "read")).isEqualTo(FIELD_INVALID);
    assertThat(give(agent, resource, OWN, Optional.empty())).isEqualTo(FIELD_INVALID);
    assertThat(give(agent, resource, OWN, Optional.empty(), "write")).isEqualTo(REFERENCE_UNKNOWN);
    assertThat(give(agent, it.draft("read"), OWN, Optional.empty(), "read"))
        .isEqualTo(REFERENCE_UNKNOWN);
    for (var nobody :
        List.of(
            Id.Agent.random(it.all.world),
            Id.User.random(it.all.world),
            Id.Workload.random(it.all.world))) {
      assertThat(give(nobody, resource, OWN, Optional.empty(), "read"))
          .isEqualTo(REFERENCE_UNKNOWN);
    }
  }

  @Test
  void showsAnotherNodeEveryChangeOnceItHasFollowed() {
    var feed = new Feed(it.all.database, it.all.world, Duration.ofSeconds(2));
    var other = new Catalogue(it.all.database, feed);
    var agent = it.agent();
    assertThat(other.permissionsOf(agent)).isEmpty();
    var resource = it.resource("read");
    var permission = it.permission(agent, resource, OWN, "read");
    feed.catchUp();
    assertThat(other.resource(resource.id())).contains(resource);
    assertThat(other.permissionsOf(agent)).containsExactly(permission);
    it.all.done(tx -> it.permissions.revoke(tx, it.owner, permission.id(), "no need"));
    feed.catchUp();
    assertThat(other.permissionsOf(agent)).isEmpty();
  }

  private List<String> permitted(Id.Principal who, Resource resource, boolean delegated) {
    return it.catalogue.permitted(who, resource.id(), it.all.now.get(), delegated).values();
  }

  private Refusal give(
      Id.Principal who,
      Resource resource,
      PermissionMode mode,
      Optional<Instant> end,
      String... actions) {
    var wanted =
        new Permissions.Wanted(who, resource.id(), new Scopes(List.of(actions)), mode, end);
    return it.all.refusal(tx -> it.permissions.give(tx, it.all.admin, wanted));
  }
}
