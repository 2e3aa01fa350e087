package io.prokura.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PermissionTest {
  private static final Instant NOW = Instant.parse("2027-01-31T12:00:00Z");

  private final World world = new World(InstantSource.fixed(NOW), new Random(1));
  private final Id.Resource one = Id.Resource.random(world);
  private final Id.Resource two = Id.Resource.random(world);
  private final Id.User admin = Id.User.random(world);

  @Test
  void neverComesToMoreThanWhatIsInForceForThatResource() {
    var given = System.getProperty("seed", "");
    long seed = given.isEmpty() ? 20_270_131 : Long.parseLong(given);
    var random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      var all = permissions(random);
      var delegated = Entitlement.actions(all, one, NOW, true);
      var alone = Entitlement.actions(all, one, NOW, false);
      assertThat(alone.within(delegated)).as("-Dseed=%d", seed).isTrue();
      for (var action : List.of("a", "b", "c", "d")) {
        assertThat(delegated.contains(action))
            .as("-Dseed=%d", seed)
            .isEqualTo(all.stream().anyMatch(it -> counts(it, action)));
        assertThat(alone.contains(action))
            .as("-Dseed=%d", seed)
            .isEqualTo(
                all.stream().anyMatch(it -> it.mode() == PermissionMode.OWN && counts(it, action)));
      }
    }
  }

  private boolean counts(Permission permission, String action) {
    return permission.resource().equals(one)
        && permission.actions().contains(action)
        && permission.revoked().isEmpty()
        && permission.expiresAt().map(NOW::isBefore).orElse(true);
  }

  private List<Permission> permissions(Random random) {
    var agent = Id.Agent.random(world);
    var all = new ArrayList<Permission>();
    for (int i = random.nextInt(6); i > 0; i--) {
      var actions = new ArrayList<>(List.of("a", "b", "c", "d"));
      java.util.Collections.shuffle(actions, random);
      all.add(
          new Permission(
              Id.Permission.random(world),
              agent,
              random.nextInt(4) == 0 ? two : one,
              new Scopes(actions.subList(0, 1 + random.nextInt(3))),
              random.nextBoolean() ? PermissionMode.OWN : PermissionMode.ON_BEHALF,
              random.nextBoolean()
                  ? Optional.empty()
                  : Optional.of(NOW.plusMillis(random.nextInt(3) - 1)),
              new Permission.Given(admin, NOW),
              random.nextInt(4) == 0
                  ? Optional.of(new Permission.Revoked(admin, NOW))
                  : Optional.empty(),
              1));
    }
    return all;
  }

  @Test
  void isNeverForNothingAndNeverLetsAPersonActOnBehalf() {
    assertThatThrownBy(() -> permission(Scopes.NONE, PermissionMode.OWN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> permission(new Scopes(List.of("a")), PermissionMode.ON_BEHALF))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Permission permission(Scopes actions, PermissionMode mode) {
    return new Permission(
        Id.Permission.random(world),
        admin,
        one,
        actions,
        mode,
        Optional.empty(),
        new Permission.Given(admin, NOW),
        Optional.empty(),
        1);
  }
}
