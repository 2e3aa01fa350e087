package io.prokura.authzen;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.catalogue.Catalogue;
import io.prokura.decision.AccessRequest;
import io.prokura.decision.Pdp;
import io.prokura.decision.Semantics;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.mcp.Binding;
import io.prokura.mcp.JsonRpcError;
import io.prokura.mcp.Mapped;
import io.prokura.tokens.Tokens;
import io.prokura.tokens.VerifiedToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides about an MCP message as it came (COAZ-MCP 1.0 draft 1), for MCP servers and gateways
/// that map nothing themselves. AuthZEN has no such endpoint; the callers and the decisions are
/// those of [EvaluationEndpoint].
public final class McpEndpoint {
  private static final String ROUTE = "mcp";
  private static final String TOKEN = "access_token";

  /// What of a question's context no mapping can know.
  private static final List<String> SAID = List.of("approval", "request_id");

  private final Enforcers enforcers;
  private final Pdp pdp;
  private final Tokens tokens;
  private final Catalogue catalogue;
  private final Binding binding = new Binding();

  public McpEndpoint(Enforcers enforcers, Pdp pdp, Tokens tokens, Catalogue catalogue) {
    this.enforcers = enforcers;
    this.pdp = pdp;
    this.tokens = tokens;
    this.catalogue = catalogue;
  }

  /// What is asked: the message, the definition of the tool it calls, the token it came with, and
  /// what of the context the caller says itself.
  private record Asked(
      Json.Obj message, Optional<Json.Obj> tool, String token, Map<String, Json> said) {
    static Result<Asked> parse(Json.Obj body) {
      var message = body.object("message");
      var token = body.text(TOKEN).filter(text -> !text.isEmpty());
      if (message.isEmpty() || token.isEmpty()) {
        return refused(FIELD_INVALID, "message is an object and access_token a text");
      }
      return body.get("tool").isPresent() && body.object("tool").isEmpty()
          ? refused(FIELD_INVALID, "tool is an object")
          : ok(new Asked(message.get(), body.object("tool"), token.get(), said(body)));
    }

    private static Map<String, Json> said(Json.Obj body) {
      var said = new LinkedHashMap<String, Json>(2);
      for (var name : SAID) {
        body.get(name).ifPresent(value -> said.put(name, value));
      }
      return said;
    }
  }

  /// Answers `decision`, and when that is false `error`, the JSON-RPC response that the MCP server
  /// sends. Refuses what [Enforcers] does, and `FIELD_INVALID`.
  public Response evaluate(Request request) {
    return enforcers.answer(
        request,
        ROUTE,
        (enforcer, body) -> Asked.parse(body).map(asked -> answer(request, enforcer, asked)));
  }

  private Response answer(Request request, Id.Principal enforcer, Asked asked) {
    var presented = presented(enforcer, asked.token());
    if (!(presented instanceof Ok(var token))) {
      var refused = (Refused<?>) presented;
      enforcers.record(enforcer, ROUTE, refused, request);
      return denied(asked, Answers.denied("token_invalid", refused.detail()), refused.detail());
    }
    var server = token.authority().audience();
    return switch (binding.map(asked.message(), asked.tool(), token.claims(), server)) {
      case Mapped.PassThrough _ ->
          Response.json(200, Answers.made(true, "pass_through", "nobody has to be asked"));
      case Mapped.UnknownMethod _ -> {
        var why = "the method is not known";
        enforcers.record(enforcer, ROUTE, new Refused<>(POLICY_FORBIDS, why), request);
        yield denied(asked, Answers.denied("unknown_method", why), why);
      }
      case Mapped.Faulty(var why) -> {
        enforcers.record(enforcer, ROUTE, new Refused<>(FIELD_INVALID, why), request);
        yield with(
            Answers.denied("mapping_error", why), JsonRpcError.mappingError(asked.message(), why));
      }
      case Mapped.Evaluation(var question) ->
          decided(
              asked, enforcer, List.of(question(question, Json.object().build(), token, asked)));
      case Mapped.Evaluations(var questions) ->
          decided(asked, enforcer, questions(questions, token, asked));
    };
  }

  /// The token, when it is good and for a resource that the caller enforces. One for another is not
  /// for the caller to learn anything of, so it gets no closer than one that is not good.
  private Result<VerifiedToken> presented(Id.Principal enforcer, String compact) {
    var verified = tokens.verify(compact, TOKEN_INVALID);
    return verified instanceof Ok(var token)
            && catalogue.enforcedBy(enforcer).stream()
                .anyMatch(one -> one.identifier().equals(token.authority().audience()))
        ? verified
        : refused(TOKEN_INVALID, "the access token is not valid for a resource of yours");
  }

  private Response decided(
      Asked asked, Id.Principal enforcer, List<Result<AccessRequest>> questions) {
    var answers =
        EvaluationsEndpoint.decide(pdp, enforcer, questions, Semantics.DENY_ON_FIRST_DENY);
    var last = answers.getLast();
    if (last.flag("decision").orElse(false)) {
      return Response.json(200, last);
    }
    var answer = Json.object().putAll(last.members());
    if (questions.get(answers.size() - 1) instanceof Ok(var question)) {
      answer.put("evaluation", shown(question));
    }
    return denied(asked, answer.build(), detail(last));
  }

  /// The question that the message came to, as it is sent when approval is asked for, but for the
  /// token.
  private static Json.Obj shown(AccessRequest question) {
    return Json.object()
        .put("subject", named(question.subject()))
        .put(
            "action",
            Json.object()
                .put("name", question.action().name())
                .put("properties", question.action().properties())
                .build())
        .put("resource", named(question.object()))
        .put("context", question.context())
        .build();
  }

  private static Json.Obj named(AccessRequest.Named one) {
    return Json.object()
        .put("type", one.type())
        .put("id", one.id())
        .put("properties", one.properties())
        .build();
  }

  private static String detail(Json.Obj answer) {
    return answer
        .object("context")
        .flatMap(context -> context.object("why"))
        .flatMap(reason -> reason.text("detail"))
        .orElse("the question cannot be asked");
  }

  private static Response denied(Asked asked, Json.Obj answer, String why) {
    return with(answer, JsonRpcError.denied(asked.message(), why));
  }

  private static Response with(Json.Obj answer, Json.Obj error) {
    return Response.json(200, Json.object().putAll(answer.members()).put("error", error).build());
  }

  private static List<Result<AccessRequest>> questions(
      Json.Obj questions, VerifiedToken token, Asked asked) {
    var items = new ArrayList<Result<AccessRequest>>();
    if (questions.get("evaluations").orElseGet(Json.Null::new) instanceof Json.Arr(var list)) {
      list.forEach(
          one -> {
            if (one instanceof Json.Obj own) {
              items.add(question(own, questions, token, asked));
            }
          });
    }
    return items;
  }

  /// The question with the token beside it, and the subject under the type that it is registered
  /// as: what type a mapping says is worth nothing.
  private static Result<AccessRequest> question(
      Json.Obj own, Json.Obj defaults, VerifiedToken token, Asked asked) {
    var whole = new LinkedHashMap<>(defaults.members());
    whole.putAll(own.members());
    var subject = token.authority().subject();
    whole.put(
        "subject", Json.object().put("type", type(subject)).put("id", subject.text()).build());
    whole.put("context", context(whole, asked));
    return EvaluationRequest.parse(new Json.Obj(whole));
  }

  private static Json context(Map<String, Json> question, Asked asked) {
    var context = new LinkedHashMap<String, Json>();
    if (question.get("context") instanceof Json.Obj said) {
      context.putAll(said.members());
    }
    context.putAll(asked.said());
    context.put(TOKEN, Json.text(asked.token()));
    return new Json.Obj(context);
  }

  private static String type(Id.Principal subject) {
    return switch (subject) {
      case Id.User _ -> "user";
      case Id.Agent _ -> "agent";
      case Id.Workload _ -> "workload";
    };
  }
}
