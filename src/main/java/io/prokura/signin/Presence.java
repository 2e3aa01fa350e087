package io.prokura.signin;

import io.prokura.audit.Refusals;
import io.prokura.authenticators.Authenticators;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.sessions.Session;
import io.prokura.signin.Throttle.Budget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Whether it is still the person whose session it is that sits at a browser, asked before they
/// change how they sign in: whoever has got hold of a session has not got hold of the account.
/// Tries count against the session, which nobody else has, so a stranger can lock nobody out.
public final class Presence {
  /// How long after signing in nothing more is asked.
  private static final Duration RECENT = Duration.ofMinutes(10);

  private static final int FREE = 5;
  private static final String ROUTE = "/me";

  private static final Refused<?> WRONG =
      new Refused<>(
          Refusal.CLIENT_NOT_AUTHENTICATED, "the password given in a session is not the person's");

  private final World world;
  private final Authenticators authenticators;
  private final Refusals refusals;
  private final Throttle throttle;

  public Presence(World world, Authenticators authenticators, Refusals refusals) {
    this.world = world;
    this.authenticators = authenticators;
    this.refusals = refusals;
    throttle = new Throttle(world);
  }

  /// What came of asking somebody who is signed in for their password.
  public sealed interface Proof {

    /// It is right.
    record Given() implements Proof {}

    /// It is not right.
    record Wrong() implements Proof {}

    /// It was not looked at: too much was tried in this session lately.
    record Wait(Duration left) implements Proof {}

    /// It was not looked at: too many people are signing in.
    record Busy() implements Proof {}
  }

  /// Whether the person signed in a short while ago.
  public boolean isRecent(Session session) {
    return world.now().isBefore(session.startedAt().plus(RECENT));
  }

  /// Looks at the password that somebody at `peer` gives once more in their session. A wrong one is
  /// on record under the person's name.
  public Proof password(Session session, String password, String peer) {
    var own = new Budget(session.id().text(), FREE);
    var wait = throttle.take(List.of(own));
    if (wait.isPresent()) {
      return new Proof.Wait(wait.get());
    }
    return switch (authenticators.password(Optional.of(session.user()), password)) {
      case RIGHT -> {
        throttle.clear(own);
        yield new Proof.Given();
      }
      case BUSY -> {
        throttle.giveBack(own);
        yield new Proof.Busy();
      }
      case WRONG -> {
        refusals.record(session.user(), ROUTE, WRONG, peer);
        yield new Proof.Wrong();
      }
    };
  }
}
