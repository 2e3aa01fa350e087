package io.prokura.tokens;

import static io.prokura.decision.Organisation.value;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.decision.Organisation;
import io.prokura.delegation.Delegation;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Wanted;
import io.prokura.directory.User;
import io.prokura.directory.Workload;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.policy.Policies;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A cut-off that is written after something was checked and before what rests on it is signed
/// kills what is signed: the number in it was read before the check.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CutOffInBetweenTest {
  private static final String CRM = "https://crm.example.org";
  private static final Wanted READ = new Wanted(CRM, Scopes.of(List.of("read")), "");

  private final Organisation here = new Organisation(Policies.builtIn());
  private final User alice = here.user("alice");
  private final User bob = here.user("bob");
  private final Workload gateway = here.workload();
  private final Resource crm =
      here.resource(
          CRM,
          List.of("Ticket"),
          List.of("read"),
          true,
          PersonRights.CHECKED,
          List.of(gateway.id()),
          List.of());
  private final Purpose purpose = here.purpose("support", alice.id(), crm, "read");
  private final Id.Agent triage = agent();
  private final Id.Agent lookup = agent();
  private final Delegation delegation;

  CutOffInBetweenTest() {
    here.permit(alice.id(), crm, PermissionMode.OWN, "read");
    here.permit(gateway.id(), crm, PermissionMode.OWN, "read");
    delegation = here.delegate(alice.id(), triage, purpose, crm, "read");
  }

  private Id.Agent agent() {
    var agent = here.agent(alice.id(), bob.id(), purpose.id());
    here.permit(agent.id(), crm, PermissionMode.ON_BEHALF, "read");
    return agent.id();
  }

  @AfterAll
  void close() {
    here.close();
  }

  private VerifiedToken held() {
    return value(here.tokens.verify(here.token(here.use(delegation, CRM)), TOKEN_INVALID));
  }

  private void cutOff(Id id) {
    here.registers.done(tx -> Result.ok(here.cutOffs.write(tx, id, alice.id(), "in between")));
  }

  private static boolean isDead(Result<VerifiedToken> verified) {
    return verified instanceof Result.Refused;
  }

  @Test
  void aHandOverOfATokenThatIsRevokedMeanwhileIsDead() {
    var held = held();
    cutOff(held.id());
    var offered =
        value(here.authorities.handOver(here.presenter(triage), held.authority(), lookup, READ));
    var handOver = value(here.tokens.mintHandOver(offered.authority())).compact();
    assertThat(isDead(here.tokens.verifyHandOver(handOver, TOKEN_INVALID))).isTrue();
  }

  @Test
  void aTokenFromAHandOverThatIsCutOffMeanwhileIsDead() {
    var offer =
        value(here.authorities.handOver(here.presenter(triage), held().authority(), lookup, READ))
            .authority();
    var compact = value(here.tokens.mintHandOver(offer)).compact();
    var handOver = value(here.tokens.verifyHandOver(compact, TOKEN_INVALID));
    var offered = handOver.authority();
    cutOff(handOver.id());
    var work = here.delegations.narrow(offered, triage, lookup);
    here.registers.done(tx -> Result.ok(here.delegations.give(tx, triage, work)));
    var taken = value(here.authorities.take(here.presenter(lookup), offered, work, READ));
    var token = here.token(taken.authority());
    assertThat(isDead(here.tokens.verify(token, TOKEN_INVALID))).isTrue();
  }

  @Test
  void aCallDownstreamWithATokenThatIsRevokedMeanwhileIsDead() {
    var held = held();
    cutOff(held.id());
    var who = here.presenter(gateway.id());
    var further = value(here.authorities.downstream(who, held.authority(), READ));
    var token = here.token(further.authority());
    assertThat(isDead(here.tokens.verify(token, TOKEN_INVALID))).isTrue();
  }

  @Test
  void aTokenOnACredentialThatIsRevokedMeanwhileIsDead() {
    var secret = here.secret(gateway.id());
    var parameters = Map.of("client_id", gateway.id().text(), "client_secret", secret);
    var client = value(here.authenticator.authenticate(request(), Form.of(parameters)));
    cutOff(client.credential().orElseThrow());
    var who = presenter(client);
    var token = here.token(value(here.authorities.own(who, READ)).authority());
    assertThat(isDead(here.tokens.verify(token, TOKEN_INVALID))).isTrue();
    var further = value(here.authorities.downstream(who, held().authority(), READ));
    assertThat(isDead(here.tokens.verify(here.token(further.authority()), TOKEN_INVALID))).isTrue();
    var again = value(here.authenticator.authenticate(request(), Form.of(parameters)));
    assertThat(again.checked()).as("cut-offs that came before").isGreaterThan(client.checked());
  }

  private Request request() {
    return Request.to(here.registers.limits, "POST", "/oauth2/token").build();
  }

  private static Presenter presenter(AuthenticatedClient client) {
    return new Presenter(
        client.principal().orElseThrow(),
        client.credential(),
        client.until(),
        client.checked(),
        client.confirmation());
  }
}
