package io.prokura.app;

import static io.prokura.app.Story.claims;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the operator of a server decides about transaction tokens: whether there are any, and by
/// policies which.
final class OperatedTransactionsTest {
  private static final String EXCHANGE =
      "grant_type=urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String TYPE = "urn:ietf:params:oauth:token-type:";

  private static void admit(Company company) {
    company.replace(
        "crm-server",
        "workloads",
        "{'name': 'crm-server', 'owner': '<support>', 'transactionTokens': true}");
  }

  private static String delegated(Company company) {
    return company.granted(
        "triage",
        EXCHANGE
            + "&subject_token=<delegation>&resource="
            + Company.CRM
            + "&subject_token_type=urn:prokura:params:oauth:token-type:delegation");
  }

  private static HttpResponse<String> begin(Company company, String sent) {
    return company.ask(
        "crm-server",
        EXCHANGE
            + ("&subject_token=" + sent + "&subject_token_type=" + TYPE + "access_token")
            + ("&requested_token_type=" + TYPE + "txn_token&scope=tickets.read")
            + ("&audience=" + TestServer.TRUST_DOMAIN));
  }

  private static String error(Company company, HttpResponse<String> answer) {
    return company.server.object(answer.body()).text("error").orElseThrow();
  }

  @Test
  void thereAreNoneWithoutATrustDomain() {
    var folder = TestDatabases.folder();
    var settings = TestServer.withoutTrustDomain(folder);
    try (var company =
        Company.found(folder, TestDatabases.sqlite(), TestServer.systemWorld(), settings)) {
      admit(company);
      var answer = begin(company, delegated(company));
      assertThat(error(company, answer)).isEqualTo("invalid_request");
      assertThat(answer.body()).contains("requested_token_type is not supported");
    }
  }

  @Test
  void policiesLetThemOutOrNot() {
    try (var company = Company.found()) {
      admit(company);
      var sent = delegated(company);
      assertThat(begin(company, sent).statusCode()).isEqualTo(200);
      var policies = Publisher.of(company.server);
      policies.publish(
          """
          @id("crm.tells-nobody")
          forbid (principal, action == Prokura::Action::"obtain_token", resource)
          when { context.client == "%s" };
          """
              .formatted(company.id("crm-server")));
      assertThat(error(company, begin(company, sent))).isEqualTo("access_denied");
      policies.publish(Publisher.open("crm.tells-all"));
      assertThat(begin(company, sent).statusCode()).isEqualTo(200);
    }
  }

  /// An application is nobody: a person who uses one acts for themselves.
  @Test
  void aPersonWithoutAnAgentHasNoActor() {
    try (var company = Company.found()) {
      admit(company);
      var erin = Person.of(company);
      company.permit("erin", "crm", "['tickets.read']", "own");
      var flow = new CodeFlow(company, erin.browser);
      var sent = flow.member(flow.redeem(flow.code(List.of("tickets.read"))), "access_token");
      var token = flow.member(begin(company, sent), "access_token");
      assertThat(claims(token).text("sub")).hasValue(erin.id);
      assertThat(claims(token).members()).doesNotContainKeys("act", "purpose");
      assertThat(claims(token).text("req_wl")).hasValue(company.id("crm-server"));
    }
  }
}
