package io.prokura.tokens;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.PersonRights;
import io.prokura.decision.Organisation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result.Refused;
import io.prokura.policy.Policies;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whose a token is does not depend on the time, so that a client can end its token also while a
/// clock is wrong.
final class IssuedToTest {
  private static final String CRM = "https://crm.example.org";

  private final Organisation here = new Organisation(Policies.builtIn());
  private final Id.Workload client = here.workload().id();
  private final String token = token();
  private final Optional<Tokens.Own> id = here.tokens.issuedTo(client.text(), token);

  private String token() {
    var crm =
        here.resource(
            CRM,
            List.of("Ticket"),
            List.of("read"),
            true,
            PersonRights.CHECKED,
            List.of(client),
            List.of());
    here.permit(client, crm, PermissionMode.OWN, "read");
    return here.token(here.own(client, CRM, "read"));
  }

  @AfterEach
  void close() {
    here.close();
  }

  private void pass(long seconds) {
    here.registers.now.updateAndGet(now -> now.plusSeconds(seconds));
    here.registers.feed.catchUp();
  }

  @Test
  void aTokenIsItsClientsAlone() {
    assertThat(id).isPresent();
    assertThat(here.tokens.issuedTo(here.workload().id().text(), token)).isEmpty();
    assertThat(here.tokens.issuedTo(client.text(), "nonsense")).isEmpty();
  }

  @Test
  void aClockThatWasPutBackChangesNothing() {
    pass(-65);
    assertThat(here.tokens.verify(token, TOKEN_INVALID)).isInstanceOf(Refused.class);
    assertThat(here.tokens.issuedTo(client.text(), token)).isEqualTo(id);
  }

  @Test
  void aClockThatIsAheadChangesNothing() {
    pass(3_600);
    assertThat(here.tokens.verify(token, TOKEN_INVALID)).isInstanceOf(Refused.class);
    assertThat(here.tokens.issuedTo(client.text(), token)).isEqualTo(id);
  }

  @Test
  void aNodeThatMayHaveMissedAKeyDoesNotGuess() {
    here.registers.now.updateAndGet(now -> now.plusSeconds(3));
    assertThatThrownBy(() -> here.tokens.issuedTo(client.text(), token)).isInstanceOf(Outage.class);
  }
}
