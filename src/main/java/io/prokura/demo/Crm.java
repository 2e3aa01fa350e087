package io.prokura.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.prokura.cli.Answer;
import io.prokura.cli.Call;
import io.prokura.demo.AccessTokens.Caller;
import io.prokura.http.Access;
import io.prokura.http.Around;
import io.prokura.http.HttpServer;
import io.prokura.http.Metrics;
import io.prokura.http.Recorded;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.http.Route;
import io.prokura.http.Unreached;
import io.prokura.http.Verb;
import io.prokura.json.Json;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A customer database that agents call: an MCP server of its own, with the official SDK. It trusts
/// nobody's word. Every request needs an access token that is good here; before it lets a tool do
/// anything, it asks the authorization server, proving itself with a secret of its own. A token
/// that lacks the tool's scope is answered with 403, any other no with a tool error.
final class Crm implements AutoCloseable {
  private static final String VERDICT = "verdict";

  private final Stage stage;
  private final String basic;
  private final McpJsonMapper mapper = McpJsonDefaults.getMapper();
  private final StatelessTransport transport = new StatelessTransport(mapper);
  private final McpStatelessSyncServer tools;
  private final HttpServer server;
  private final ProtectedResource resource;
  private final Callers callers;
  private final AtomicReference<Optional<Asked>> last = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Asked>> requested =
      new AtomicReference<>(Optional.empty());

  /// A question that the CRM asked, and what it was told.
  record Asked(String path, Json.Obj question, Answer answer) {}

  /// What was decided about a call: that it may be done, or what its caller is told instead.
  ///
  /// @param told what the decision point says would lift a denial, and the approval to wait for
  private record Verdict(ToolCall call, boolean allowed, Json.Obj told) {}

  /// The CRM on a free port, which proves itself as the workload `id` by `secret`.
  Crm(Stage stage, String id, String secret) {
    this(stage, id, secret, 0);
  }

  /// The same on `port` of loopback.
  Crm(Stage stage, String id, String secret, int port) {
    this.stage = stage;
    this.basic = "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
    this.tools = tools();
    this.server =
        HttpServer.start(
            stage.world(),
            new Metrics(),
            Around.NOTHING,
            Unreached.IGNORED,
            routes(),
            HttpServer.Options.standard("127.0.0.1", port, stage.limits()));
    this.resource = new ProtectedResource("http://127.0.0.1:" + server.port(), stage.issuer());
    var tokens =
        new AccessTokens(
            stage.world(),
            stage.limits(),
            stage.jwt(),
            stage.issuer(),
            resource.identifier(),
            new IssuerKeys(stage)::find);
    this.callers = new Callers(stage, tokens, resource.origin());
  }

  private McpStatelessSyncServer tools() {
    var building =
        McpServer.sync(transport)
            .serverInfo("CRM", "1.0")
            .capabilities(ServerCapabilities.builder().tools(false).build())
            .immediateExecution(true);
    for (var tool : Tool.values()) {
      building.toolCall(tool.described(), (context, _) -> result(tool, context));
    }
    return building.build();
  }

  private List<Route> routes() {
    return List.of(
        route("POST", ProtectedResource.PATH, this::mcp),
        route("GET", ProtectedResource.METADATA, this::metadata),
        route("GET", ProtectedResource.ROOT_METADATA, this::metadata));
  }

  private static Route route(String method, String path, Verb verb) {
    return new Route(method, path, new Access.Anyone(), Recorded.NOTHING, verb);
  }

  /// The URI that tokens for the CRM are for.
  String identifier() {
    return resource.identifier();
  }

  /// Scheme, host and port.
  String origin() {
    return resource.origin();
  }

  /// The question asked last.
  Asked lastAsked() {
    return last.get().orElseThrow(() -> new StepFailed("the CRM asked nobody"));
  }

  /// The last request for an approval.
  Asked lastRequested() {
    return requested.get().orElseThrow(() -> new StepFailed("the CRM asked for no approval"));
  }

  private Response metadata(Request request) {
    return Response.json(200, resource.metadata());
  }

  /// Answers one message. Browsers have no business here: whatever comes from a page is refused, so
  /// that no name that was rebound to this machine leads to it.
  private Response mcp(Request request) {
    if (!request.headers("Origin").isEmpty()) {
      return Response.empty(403);
    }
    try {
      return switch (callers.of(request)) {
        case Refused<Optional<Caller>>(_, var detail) -> resource.invalid(detail);
        case Ok<Optional<Caller>>(var caller) ->
            caller.map(one -> answer(request, one)).orElseGet(resource::unauthenticated);
      };
    } catch (StepFailed e) {
      throw new Outage("the authorization server does not answer the CRM", e);
    }
  }

  private Response answer(Request request, Caller caller) {
    return switch (transport.read(request)) {
      case Refused<StatelessTransport.Message>(_, var detail) ->
          StatelessTransport.malformed(detail);
      case Ok<StatelessTransport.Message>(var message) -> {
        if (ToolCall.isMalformed(message.json())) {
          yield StatelessTransport.malformed("the parameters of tools/call are not well formed");
        }
        var call = ToolCall.of(message.json());
        yield call.isEmpty()
            ? transport.answer(message, McpTransportContext.EMPTY)
            : decided(message, caller, call.get());
      }
    };
  }

  /// Has the decision point decide on a call, also on one that the token's scopes do not cover: so
  /// that stands in the record, and can be explained.
  private Response decided(StatelessTransport.Message message, Caller caller, ToolCall call) {
    var verdict = decide(caller, call);
    var code = verdict.told().text("code");
    if (!verdict.allowed() && code.equals(Optional.of("token_invalid"))) {
      return resource.invalid("the token is not good any more");
    }
    var scope = call.tool().action();
    if (!caller.scopes().contains(scope)) {
      var needed = new ArrayList<>(caller.scopes().values());
      needed.add(scope);
      return resource.insufficient(Scopes.of(needed));
    }
    return transport.answer(message, McpTransportContext.create(Map.of(VERDICT, verdict)));
  }

  private Verdict decide(Caller caller, ToolCall call) {
    var question = question(caller, call);
    var answer = asked("/access/v1/evaluation", question, last);
    var decision = answer.object().orElseGet(() -> Json.object().build());
    if (answer.isSuccess() && decision.flag("decision").orElse(false)) {
      return new Verdict(call, true, call.tool().outcome(call.object()));
    }
    var why = decision.object("context").flatMap(context -> context.object("why"));
    var told =
        Json.object()
            .put("code", why.flatMap(one -> one.text("code")))
            .put("detail", why.flatMap(one -> one.text("detail")))
            .put("approval", approval(question, decision));
    why.flatMap(one -> one.get("remedies")).ifPresent(all -> told.put("remedies", all));
    return new Verdict(call, false, told.build());
  }

  /// Does what was asked if it was decided that it may be done, and what was decided on is this.
  private CallToolResult result(Tool tool, McpTransportContext context) {
    if (!(context.get(VERDICT) instanceof Verdict verdict) || verdict.call().tool() != tool) {
      return CallToolResult.builder()
          .addTextContent("nothing was decided about this call")
          .isError(true)
          .build();
    }
    var text = verdict.allowed() ? verdict.told().toText() : sentences(verdict.told());
    return CallToolResult.builder()
        .addTextContent(text)
        .structuredContent(mapper, verdict.told().toText())
        .isError(!verdict.allowed())
        .build();
  }

  /// A denial for a model to read: why, and what would lift it.
  private static String sentences(Json.Obj told) {
    var text = new StringBuilder("Denied: ").append(told.text("detail").orElse("nobody says why"));
    if (told.get("remedies").orElse(new Json.Null()) instanceof Json.Arr(var remedies)) {
      for (var remedy : remedies) {
        if (remedy instanceof Json.Obj one) {
          one.text("sentence").ifPresent(sentence -> text.append("; ").append(sentence));
        }
      }
    }
    told.text("approval").ifPresent(id -> text.append("; approval was asked for: ").append(id));
    return text.toString();
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

  /// The question about a call (AuthZEN Authorization API 1.0 §6), with the approval that came with
  /// it.
  private static Json.Obj question(Caller caller, ToolCall call) {
    var type =
        switch (caller.claims().text("sub_profile").orElse("")) {
          case "ai_agent" -> "agent";
          case "service" -> "workload";
          default -> "user";
        };
    var subject = caller.claims().text("sub").orElse("nobody");
    var context = Json.object().put("access_token", caller.token());
    if (!call.approval().isEmpty()) {
      context.put("approval", Json.object().put("id", call.approval()).build());
    }
    var tool = call.tool();
    var arguments = Json.object().put(Tool.CONTACT, call.object()).build();
    return Json.object()
        .put("subject", Json.object().put("type", type).put("id", subject).build())
        .put(
            "action", Json.object().put("name", tool.action()).put("properties", arguments).build())
        .put("resource", Json.object().put("type", tool.type()).put("id", call.object()).build())
        .put("context", context.build())
        .build();
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

  @Override
  public void close() {
    tools.close();
    server.stop();
  }
}
