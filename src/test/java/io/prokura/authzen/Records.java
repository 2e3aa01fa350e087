package io.prokura.authzen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.catalogue.PersonRights;
import io.prokura.decision.Organisation;
import io.prokura.decision.Searches;
import io.prokura.directory.Workload;
import io.prokura.http.ProtectedResource;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.policy.Policies;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.sql.TestDatabases;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/// The organisation of `examples/authzen` with its search endpoints, asked as an enforcer asks.
final class Records implements AutoCloseable {
  static final List<String> TRUSTED =
      List.of("subject.role", "action.soft", "resource.status", "context.ip");

  final Organisation organisation;
  final Workload enforcer;
  final SearchEndpoint endpoint;
  private final String secret;

  Records(Path policies, List<String> asserts) {
    this(Policies.of(policies), asserts);
  }

  Records(Policies policies, List<String> asserts) {
    organisation = new Organisation(policies);
    organisation.user("alice");
    organisation.user("bob");
    enforcer = organisation.workload();
    secret = organisation.secret(enforcer.id());
    organisation.resource(
        "https://records.example.org",
        List.of("record"),
        List.of("read", "write", "delete"),
        false,
        PersonRights.CHECKED,
        List.of(enforcer.id()),
        asserts);
    var file = TestDatabases.folder().resolve("master.key");
    var world = organisation.registers.world;
    endpoint =
        new SearchEndpoint(
            new Enforcers(
                new ProtectedResource(
                    Organisation.ISSUER, "/access/v1", "AuthZEN", "decide", List.of()),
                organisation.authenticator,
                organisation.presented,
                organisation.refusals),
            searches(policies),
            world,
            MasterKey.open(new MasterKeySource.File(file, List.of()), world)
                .seal(world, "search pages"),
            new JsonReader(organisation.registers.limits),
            organisation.registers.limits);
  }

  private Searches searches(Policies policies) {
    var registers = organisation.registers;
    return new Searches(
        registers.world,
        registers.database,
        registers.audit,
        registers.directory,
        organisation.agents,
        organisation.catalogue,
        policies,
        organisation.inquiries);
  }

  @Override
  public void close() {
    organisation.close();
  }

  /// The answer to a search for `what` in the body, with `'` for `"`.
  Response ask(String what, String body) {
    return ask(enforcer.id(), secret, what, body);
  }

  Response ask(Id.Workload who, String password, String what, String body) {
    var pair = who.text() + ":" + password;
    var request =
        organisation
            .registers
            .request("POST", "/access/v1/search/" + what)
            .header("Authorization", "Basic " + base64(pair))
            .json(organisation.registers.json(body))
            .build();
    return switch (what) {
      case "subject" -> endpoint.subjects(request);
      case "resource" -> endpoint.resources(request);
      default -> endpoint.actions(request);
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  Json.Obj found(String what, String body) {
    var response = ask(what, body);
    if (response.status() != 200) {
      throw new AssertionError(response.bodyText());
    }
    return organisation.registers.body(response);
  }

  /// What was found, each as its JSON.
  static List<String> results(Json.Obj answer) {
    return answer.get("results").map(Json.Arr.class::cast).orElseThrow().items().stream()
        .map(Json::toText)
        .toList();
  }

  static String next(Json.Obj answer) {
    return answer.object("page").orElseThrow().text("next_token").orElseThrow();
  }
}
