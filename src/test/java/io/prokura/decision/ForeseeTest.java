package io.prokura.decision;

import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.decision.Reason.NOT_PERMITTED;
import static io.prokura.decision.Reason.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.decision.Reason.SCOPE_LACKING;
import static io.prokura.decision.Reason.TOKEN_REQUIRED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What would be decided is what is decided, sees every change at once, and is not on record.
final class ForeseeTest {
  private static Desk desk;

  @BeforeAll
  static void open() {
    desk = new Desk();
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static Decision foreseen(Desk.Chain chain, String action) {
    return desk.organisation.pdp.foresee(
        desk.enforcer.id(), chain.question(action), Optional.of(chain.authority));
  }

  private static void agree(Desk.Chain chain, String action, Reason reason) {
    var foreseen = foreseen(chain, action);
    var decided = chain.ask(action);
    assertThat(foreseen.reason()).as(foreseen.detail()).isEqualTo(reason);
    assertThat(decided.reason()).as(decided.detail()).isEqualTo(reason);
    assertThat(foreseen.policies()).isEqualTo(decided.policies());
    assertThat(foreseen.remedies()).isEqualTo(decided.remedies());
  }

  @Test
  void itIsWhatIsDecided() {
    var chain = desk.chain();
    agree(chain, "read", ALLOWED);
    agree(chain, "scan", ALLOWED);
    desk.revoke(chain.ofFirst);
    agree(chain, "read", NOT_PERMITTED);
  }

  @Test
  void itSeesAChangeAtOnce() {
    var chain = desk.chain();
    agree(chain, "read", ALLOWED);
    desk.deactivate(chain.person);
    assertThat(foreseen(chain, "read").reason()).isEqualTo(PRINCIPAL_NOT_ACTIVE);
    assertThat(chain.ask("read").allowed()).isFalse();
  }

  @Test
  void anAuthorityIsNoMoreThanItsScopes() {
    var chain = desk.chain();
    var less = desk.organisation.use(chain.delegation, Desk.TICKETS, "close");
    var foreseen =
        desk.organisation.pdp.foresee(
            desk.enforcer.id(), chain.question("read"), Optional.of(less));
    assertThat(foreseen.reason()).isEqualTo(SCOPE_LACKING);
  }

  @Test
  void nothingIsTakenForCheckedWithoutOne() {
    var question = desk.chain().question("read");
    var bare = new AccessRequest(question.subject(), "read", Desk.TICKET, "");
    var foreseen = desk.organisation.pdp.foresee(desk.enforcer.id(), bare, Optional.empty());
    assertThat(foreseen.reason()).isEqualTo(TOKEN_REQUIRED);
  }

  @Test
  void itIsNotOnRecord() {
    var chain = desk.chain();
    int before = desk.organisation.registers.leaves().size();
    assertThat(foreseen(chain, "read").allowed()).isTrue();
    assertThat(desk.organisation.registers.leaves()).hasSize(before);
  }
}
