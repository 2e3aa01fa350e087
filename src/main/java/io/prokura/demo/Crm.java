package io.prokura.demo;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.cli.Answer;
import io.prokura.cli.Call;
import io.prokura.http.Access;
import io.prokura.http.Around;
import io.prokura.http.HttpServer;
import io.prokura.http.Metrics;
import io.prokura.http.Recorded;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.http.Route;
import io.prokura.http.Verb;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Ok;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A customer database that agents call: an HTTP server of its own. It trusts nobody's word: before
/// it does anything, it asks the authorization server about the access token it was sent, proving
/// itself with a secret of its own.
final class Crm implements AutoCloseable {
  /// The header in which a caller presents an approval.
  static final String APPROVAL = "X-Approval";

  private static final String REALM = "Bearer realm=\"crm\"";

  private final Stage stage;
  private final String basic;
  private final HttpServer server;
  private final AtomicReference<Optional<Asked>> last = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Asked>> requested =
      new AtomicReference<>(Optional.empty());

  /// A question that the CRM asked, and what it was told.
  record Asked(String path, Json.Obj question, Answer answer) {}

  /// The CRM, which proves itself as the workload `id` by `secret`.
  Crm(Stage stage, String id, String secret) {
    this.stage = stage;
    this.basic = "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
    this.server =
        HttpServer.start(
            stage.world(),
            new Metrics(),
            Around.NOTHING,
            routes(),
            HttpServer.Options.standard("127.0.0.1", 0, stage.limits()));
  }

  private List<Route> routes() {
    return List.of(
        route("GET", "/crm/tickets", this::tickets),
        route("GET", "/crm/contacts/{id}", this::read),
        route("DELETE", "/crm/contacts/{id}", this::delete),
        route("POST", "/crm/contacts/export", this::export));
  }

  private static Route route(String method, String path, Verb verb) {
    return new Route(method, path, new Access.Anyone(), Recorded.NOTHING, verb);
  }

  /// The URI that tokens for the CRM are for.
  String identifier() {
    return "http://127.0.0.1:" + server.port() + "/crm";
  }

  URI at(String path) {
    return URI.create(identifier() + path);
  }

  /// The question asked last.
  Asked lastAsked() {
    return last.get().orElseThrow(() -> new StepFailed("the CRM asked nobody"));
  }

  /// The last request for an approval.
  Asked lastRequested() {
    return requested.get().orElseThrow(() -> new StepFailed("the CRM asked for no approval"));
  }

  /// Lists tickets for whoever holds a live token with the scope for it. That is enough for what
  /// matters little: introspection says that the token is good now.
  private Response tickets(Request request) {
    var token = token(request);
    if (token.isEmpty()) {
      return Response.empty(401).with("WWW-Authenticate", REALM);
    }
    var known = introspect(token.get());
    var scopes = List.of(known.text("scope").orElse("").split(" ", -1));
    if (!known.flag("active").orElse(false)) {
      return Response.empty(401).with("WWW-Authenticate", REALM + ", error=\"invalid_token\"");
    }
    return scopes.contains("tickets.read")
        ? Response.json(200, Json.object().put("tickets", List.of("T-1: printer on fire")).build())
        : Response.json(403, Json.object().put("error", "insufficient_scope").build());
  }

  private Response read(Request request) {
    var id = request.pathParameter("id");
    return decided(
        request,
        "contacts.read",
        id,
        Json.object().put("id", id).put("name", "Grace Example").put("city", "Aarhus").build());
  }

  private Response delete(Request request) {
    var id = request.pathParameter("id");
    return decided(request, "contacts.delete", id, Json.object().put("deleted", id).build());
  }

  private Response export(Request request) {
    return decided(request, "contacts.export", "all", Json.object().put("rows", 48_213).build());
  }

  /// Does what was asked if the decision point allows it.
  private Response decided(Request request, String action, String object, Json.Obj outcome) {
    var token = token(request);
    if (token.isEmpty()) {
      return Response.empty(401).with("WWW-Authenticate", REALM);
    }
    var question = question(token.get(), action, object, presented(request));
    var answer = asked("/access/v1/evaluation", question, last);
    var decision = answer.object().orElseGet(() -> Json.object().build());
    if (answer.isSuccess() && decision.flag("decision").orElse(false)) {
      return Response.json(200, outcome);
    }
    var reason = decision.object("context").flatMap(context -> context.object("why"));
    return Response.json(
        403,
        Json.object()
            .put("error", "access_denied")
            .put("code", reason.flatMap(one -> one.text("code")))
            .put("detail", reason.flatMap(one -> one.text("detail")))
            .put("approval", approval(question, decision))
            .build());
  }

  private static String presented(Request request) {
    return request.header(APPROVAL) instanceof Ok(var header) ? header.orElse("") : "";
  }

  /// Asks that what was denied be approved, where that can be, and says which approval to wait for.
  private Optional<String> approval(Json.Obj question, Json.Obj decision) {
    var context = decision.object("context").orElseGet(() -> Json.object().build());
    var offer = context.object("access_request").flatMap(one -> one.text("expires_at"));
    var presented = question.object("context").flatMap(one -> one.get("approval"));
    if (offer.isEmpty() || presented.isPresent()) {
      return Optional.empty();
    }
    var denial =
        Json.object()
            .put("evaluation_id", context.text("evaluation_id"))
            .put("expires_at", offer)
            .build();
    var body = Json.object().putAll(question.members()).put("denial", denial).build();
    return asked("/access/v1/requests", body, requested)
        .object()
        .flatMap(answer -> answer.object("task"))
        .flatMap(task -> task.text("id"));
  }

  /// Asks the decision point about a token that was sent here.
  Answer evaluate(String token, String action, String object) {
    return asked("/access/v1/evaluation", question(token, action, object, ""), last);
  }

  /// The question about a call (AuthZEN Authorization API 1.0 §6), with the approval that came with
  /// it.
  private Json.Obj question(String token, String action, String object, String approval) {
    var subject = subject(token);
    var context = Json.object().put("access_token", token);
    if (!approval.isEmpty()) {
      context.put("approval", Json.object().put("id", approval).build());
    }
    var arguments = Json.object().put("contact", object).build();
    return Json.object()
        .put("subject", Json.object().put("type", subject.type()).put("id", subject.id()).build())
        .put("action", Json.object().put("name", action).put("properties", arguments).build())
        .put("resource", Json.object().put("type", "Contact").put("id", object).build())
        .put("context", context.build())
        .build();
  }

  private record Subject(String type, String id) {}

  /// Whom the token says it is about. The decision point verifies the token and believes that.
  private Subject subject(String token) {
    if (stage.jwt().read(token, TOKEN_INVALID) instanceof Ok(var read)) {
      var claims = read.unverifiedClaims();
      var type =
          switch (claims.text("sub_profile").orElse("")) {
            case "ai_agent" -> "agent";
            case "service" -> "workload";
            default -> "user";
          };
      return new Subject(type, claims.text("sub").orElse("nobody"));
    }
    return new Subject("user", "nobody");
  }

  /// Asks whether a token is good (RFC 7662).
  Json.Obj introspect(String token) {
    var question = Json.object().put("token", token).build();
    var answer = ask("/oauth2/introspect", call -> call.form(Map.of("token", token)));
    last.set(Optional.of(new Asked("/oauth2/introspect", question, answer)));
    return answer.object().orElseGet(() -> Json.object().build());
  }

  @FunctionalInterface
  private interface Body {
    Call on(Call call);
  }

  /// Asks, and keeps what was asked and answered in `kept`.
  private Answer asked(String path, Json.Obj question, AtomicReference<Optional<Asked>> kept) {
    var answer = ask(path, call -> call.json(question));
    kept.set(Optional.of(new Asked(path, question, answer)));
    return answer;
  }

  private Answer ask(String path, Body body) {
    return stage.send(body.on(Call.of("POST", stage.at(path)).with("Authorization", basic)));
  }

  private static Optional<String> token(Request request) {
    return request.bearerToken() instanceof Ok(var token) ? token : Optional.empty();
  }

  @Override
  public void close() {
    server.stop();
  }
}
