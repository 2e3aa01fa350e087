package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// A whole server where the agent buyer wants to cancel orders for Alice, which a policy forbids
/// unless exactly that was approved. The shop asks the decision point.
final class Ordering implements AutoCloseable {
  private static final String ERRORS = "urn:openid:authzen:access-request:error:";
  static final String REQUESTS = "/access/v1/requests";
  private static final String REASON = "{'reason': 'a test'}";

  private final Path folder;
  final Company company;
  final TestServer server;
  final String access;
  final String alice;
  private int orders;

  Ordering(Database database) throws IOException {
    folder = TestDatabases.folder();
    company = Company.found(database, TestServer.systemWorld(), folder);
    server = company.server;
    shop("shop", "order", "crm-server");
    company.make(
        "shopping",
        "purposes",
        """
        {'name': 'shopping', 'owner': '<dana>',
         'covers': [{'resource': '<shop>', 'actions': ['orders.cancel']}]}
        """);
    company.agent("buyer", "['<shopping>']");
    company.permit("alice", "shop", "['orders.cancel']", "own");
    company.permit("buyer", "shop", "['orders.cancel']", "onBehalf");
    company.make(
        "errand",
        "delegations",
        """
        {'delegator': '<alice>', 'delegate': '<buyer>', 'purpose': '<shopping>',
         'covers': [{'resource': '<shop>', 'actions': ['orders.cancel']}]}
        """);
    published();
    access =
        company.granted(
            "buyer",
            """
            grant_type=urn:ietf:params:oauth:grant-type:token-exchange
            &subject_token=<errand>
            &subject_token_type=urn:prokura:params:oauth:token-type:delegation
            &resource=https://shop.example
            """);
    for (var person : List.of("alice", "dana")) {
      company.permit(person, "management-api", "['manage']", "own");
    }
    alice = tokenFor("alice");
  }

  private void shop(String name, String type, String enforcer) {
    company.make(
        name,
        "resources",
        """
        {'identifier': 'https://%s.example', 'name': 'Shop', 'types': ['%s'],
         'enforcers': ['<%s>'],
         'actions': [{'name': 'orders.cancel', 'sensitivity': 'high',
                      'identifiedBy': ['order', 'refund']}]}
        """
            .formatted(name, type, enforcer));
  }

  private void published() {
    var files =
        company.json(
            """
            {'files': [
              {'name': 'schema.cedarschema', 'text': '
                 entity order in [Prokura::Resource];
                 action \\"orders.cancel\\" appliesTo {
                   principal: [Prokura::User, Prokura::Workload, Prokura::Agent],
                   resource: [order],
                   context: { approved: Bool }
                 };'},
              {'name': 'shop.cedar', 'text': '
                 @id(\\"cancel.needs-approval\\")
                 forbid (principal, action == Action::\\"orders.cancel\\", resource)
                 unless { context.approved };'}]}
            """
                .replace("\n", " "));
    var draft = server.done("/api/v1/policies/organisation/drafts", company.token, files);
    var path = "/api/v1/policies/organisation/drafts/" + draft.text("id").orElseThrow();
    var version = server.get(path, company.token).headers().firstValue("ETag").orElseThrow();
    var done =
        server.send("POST", path + "/publish", company.token, Map.of("If-Match", version), "{}");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(201);
  }

  String tokenFor(String person) throws IOException {
    var said = AdminSocketTest.said(folder.resolve("data"), "token-for " + person + "\n");
    return server.object(said).text("access_token").orElseThrow(() -> new AssertionError(said));
  }

  @Override
  public void close() {
    company.close();
  }

  // What the shop says

  String question(String order, String more) {
    return """
        {'subject': {'type': 'user', 'id': '<alice>'},
         'action': {'name': 'orders.cancel',
                    'properties': {'order': '%1$s', 'refund': 10, 'note': 'x'}},
         'resource': {'type': 'order', 'id': '%1$s'},
         'context': {'access_token': '%2$s',
                     'business_justification': 'Alice changed her mind'}%3$s}
        """
        .formatted(order, access, more);
  }

  HttpResponse<String> ask(String path, String body) {
    return server.ask(
        path, company.id("crm-server"), company.secret("crm-server"), company.json(body));
  }

  String fresh() {
    orders++;
    return "o-" + orders;
  }

  /// The denial of cancelling an order, on record.
  String denied(String order) {
    var answer = server.object(ask("/access/v1/evaluation", question(order, "")).body());
    assertThat(answer.flag("decision")).hasValue(false);
    assertThat(answer.toText()).contains("\"kind\":\"approval\"");
    return answer.object("context").flatMap(one -> one.text("id")).orElseThrow();
  }

  String submission(String order, String denial) {
    return question(
        order,
        ", 'denial': {'evaluation_id': '%s', 'expires_at': '2100-01-01T00:00:00Z'}"
            .formatted(denial));
  }

  Json.Obj task(String order) {
    var submitted = ask(REQUESTS, submission(order, denied(order)));
    assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(202);
    return server.object(submitted.body()).object("task").orElseThrow();
  }

  String id(Json.Obj task) {
    return task.text("id").orElseThrow();
  }

  /// The same with one more header.
  HttpResponse<String> ask(String path, String body, String header, String value) {
    var pair = company.id("crm-server") + ":" + company.secret("crm-server");
    var basic = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/json")
            .header(header, value)
            .POST(BodyPublishers.ofString(company.json(body).toText())));
  }

  HttpResponse<String> asWorkload(String method, String path, String who) {
    var pair = company.id(who) + ":" + company.secret(who);
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)))
            .method(method, BodyPublishers.noBody()));
  }

  HttpResponse<String> status(String id) {
    return asWorkload("GET", REQUESTS + "/" + id, "crm-server");
  }

  HttpResponse<String> decide(String id, String verdict, String token) {
    return server.post("/api/v1/approvals/" + id + "/" + verdict, token, company.json(REASON));
  }

  void isProblem(HttpResponse<String> answer, int status, String type) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(server.object(answer.body()).text("type")).contains(ERRORS + type);
  }
}
