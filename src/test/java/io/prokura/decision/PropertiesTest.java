package io.prokura.decision;

import static io.prokura.catalogue.PermissionMode.OWN;
import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.decision.Reason.FORBIDDEN;
import static io.prokura.decision.Reason.NOT_APPLICABLE;
import static io.prokura.decision.Reason.NOT_PERMITTED;
import static io.prokura.decision.Reason.POLICY_ERROR;
import static io.prokura.decision.Reason.PROPERTY_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.decision.AccessRequest.Asked;
import io.prokura.decision.AccessRequest.Named;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an enforcer says besides is believed where it is registered to say it, and only if it is
/// what the schema declares; and what a policy of the organisation says outranks permissions.
final class PropertiesTest {
  private static Desk desk;

  @BeforeAll
  static void open() {
    desk = new Desk();
    desk.organisation.permit(desk.alice, desk.notes, OWN, Desk.ACTIONS);
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static Decision ask(
      String subject, String action, String name, String note, String context) {
    return desk.ask(desk.enforcer.id(), desk.about(subject, action, name, note, context));
  }

  private static Decision note(String action, String properties) {
    return ask("{}", "{}", action, properties, "{}");
  }

  @Test
  void aPolicyThatForbidsOutranksThePermission() {
    var decision = note("read", "{'status':'frozen'}");
    assertThat(decision.reason()).isEqualTo(FORBIDDEN);
    assertThat(decision.policies()).containsExactly("desk.frozen");
    assertThat(note("read", "{'status':'open'}").reason()).isEqualTo(ALLOWED);
  }

  @Test
  void aPolicyThatPermitsIsEnough() {
    var bob = desk.organisation.user("bob").id().text();
    for (var department : new String[] {"sales", "legal"}) {
      var properties = desk.organisation.registers.json("{'department':'" + department + "'}");
      var subject = new Named("user", bob, properties);
      var decision = desk.ask(subject, "reopen", Desk.NOTE, "");
      boolean sells = department.equals("sales");
      assertThat(decision.reason()).isEqualTo(sells ? ALLOWED : NOT_PERMITTED);
      assertThat(decision.policies()).hasSize(sells ? 1 : 0);
    }
  }

  @Test
  void whatTheResourceIsNotRegisteredToAssertIsIgnored() {
    var chain = desk.chain();
    var json = desk.organisation.registers;
    var request =
        new AccessRequest(
            new Named("user", chain.person.text(), json.json("{'department':1}")),
            new Asked("read", json.json("{'amount':'much'}")),
            new Named("ticket", "1", json.json("{'status':'frozen','amount':[]}")),
            json.json("{'ip':'192.168.1.1'}"),
            chain.token);
    assertThat(desk.ask(desk.enforcer.id(), request).reason()).isEqualTo(ALLOWED);
    // Registered for notes, but `resource.amount` is not among what is.
    assertThat(note("read", "{'amount':'much'}").reason()).isEqualTo(ALLOWED);
  }

  @Test
  void whatTheSchemaDoesNotDeclareIsIgnored() {
    var decision = ask("{}", "{}", "read", "{}", "{'purpose':7,'verified':true,'other':{}}");
    assertThat(decision.reason()).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'department':1} | {}              | {}              | {}",
        "{'department':null} | {}           | {}              | {}",
        "{}               | {'amount':'1'}  | {}              | {}",
        "{}               | {'amount':1.5}  | {}              | {}",
        "{}               | {'amount':1e3}  | {}              | {}",
        "{}               | {'amount':true} | {}              | {}",
        "{}               | {}              | {'status':7}    | {}",
        "{}               | {}              | {'status':['a']} | {}",
        "{}               | {}              | {'status':{'__entity':{}}} | {}",
        "{}               | {}              | {}              | {'ip':'10.0.0.256'}",
        "{}               | {}              | {}              | {'ip':{'fn':'decimal','arg':'1'}}",
      })
  void aTrustedPropertyOfTheWrongTypeIsADeny(
      String subject, String action, String note, String context) {
    var decision = ask(subject, action, "read", note, context);
    assertThat(decision.reason()).as(decision.detail()).isEqualTo(PROPERTY_INVALID);
  }

  @Test
  void aPropertyThatIsNeededAndMissingIsADeny() {
    assertThat(note("charge", "{}").reason()).isEqualTo(PROPERTY_INVALID);
    var paid = ask("{}", "{'amount':1}", "charge", "{}", "{}");
    assertThat(paid.reason()).as(paid.detail()).isEqualTo(ALLOWED);
  }

  @Test
  void aTrustedAddressIsReadAsOne() {
    assertThat(ask("{}", "{}", "read", "{}", "{'ip':'10.1.2.3'}").reason()).isEqualTo(ALLOWED);
    var outside = ask("{}", "{}", "read", "{}", "{'ip':'192.168.1.1'}");
    assertThat(outside.reason()).isEqualTo(FORBIDDEN);
    assertThat(outside.policies()).containsExactly("desk.outside");
  }

  @ParameterizedTest
  @CsvSource({"refund, desk.rich, 1, 0", "close, desk.poor, -2, 0"})
  void aPolicyThatFailsDeniesWhetherItWouldPermitOrForbid(
      String action, String policy, long bad, long good) {
    var failed = ask("{}", "{'amount':" + bad + "}", action, "{}", "{}");
    assertThat(failed.reason()).isEqualTo(POLICY_ERROR);
    assertThat(failed.policies()).containsExactly(policy);
    assertThat(ask("{}", "{'amount':" + good + "}", action, "{}", "{}").reason())
        .isEqualTo(ALLOWED);
    assertThat(note(action, "{}").reason()).isEqualTo(ALLOWED);
  }

  @Test
  void anActionThatTheSchemaLeavesOutIsDecidedByPermissionsAlone() {
    assertThat(note("scan", "{'status':'frozen'}").reason()).isEqualTo(ALLOWED);
    var stranger = desk.organisation.user("stranger").id().text();
    var decision = desk.ask(new Named("user", stranger), "scan", Desk.NOTE, "");
    assertThat(decision.reason()).isEqualTo(NOT_PERMITTED);
  }

  @Test
  void theSchemaSaysWhoCanMeetWhat() {
    assertThat(note("sign", "{}").reason()).isEqualTo(ALLOWED);
    var workload = desk.organisation.workload();
    desk.organisation.permit(workload.id(), desk.notes, OWN, Desk.ACTIONS);
    var decision = desk.ask(new Named("workload", workload.id().text()), "sign", Desk.NOTE, "");
    assertThat(decision.reason()).isEqualTo(NOT_APPLICABLE);
  }
}
