package io.prokura.asgardeo;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;

import io.prokura.asgardeo.DirectFlows.Tried;
import io.prokura.audit.Refusals;
import io.prokura.authorize.AuthorizationRequests;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.grants.ClientEndpoint;
import io.prokura.http.Form;
import io.prokura.http.OAuthError;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.http.Verb;
import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Asgardeo's app-native authentication as far as an agent needs it: an authorization request that
/// is answered directly, and the one step in which the agent signs in by its own secret. A person's
/// password is no agent's secret and gets nobody anything here.
public final class DirectEndpoint {
  private static final String AUTHENTICATOR = "QmFzaWNBdXRoZW50aWNhdG9yOkxPQ0FM";
  private static final String ROUTE = "authn";

  /// The parameters by which an application proves itself.
  private static final Set<String> PROOFS =
      Set.of("client_secret", "client_assertion", "client_assertion_type");

  private final String issuer;
  private final ClientEndpoint clients;
  private final DirectFlows flows;
  private final Refusals refusals;

  public DirectEndpoint(
      String issuer, ClientEndpoint clients, DirectFlows flows, Refusals refusals) {
    this.issuer = issuer;
    this.clients = clients;
    this.flows = flows;
    this.refusals = refusals;
  }

  /// Takes the authorization requests that are to be answered directly, and leaves every other one
  /// to `others`.
  public Verb authorize(Verb others) {
    return request -> isDirect(request) ? begin(request) : others.answer(request);
  }

  private static boolean isDirect(Request request) {
    return request.form(AuthorizationRequests.REPEATABLE) instanceof Ok(var form)
        && form.get("response_mode").equals(Optional.of("direct"));
  }

  /// As at every authorization endpoint the application need not prove itself here, for it has to
  /// when it redeems the code; where it tries to, it has to succeed.
  private Response begin(Request request) {
    if (!(request.form(AuthorizationRequests.REPEATABLE) instanceof Ok(var sent))) {
      throw new IllegalStateException("it was a form before");
    }
    if (request.hasAuthorization() || PROOFS.stream().anyMatch(sent::has)) {
      return clients.answer(
          "authorize", request, (client, form) -> begun(flows.begin(named(client, form))));
    }
    return switch (begun(flows.beginUnproven(sent, request.peer()))) {
      case Ok<Response>(var response) -> response;
      case Refused<Response> refused -> {
        refusals.count("authorize", refused.reason(), request.peer());
        yield OAuthError.response(request, refused);
      }
    };
  }

  private static Form named(AuthenticatedClient client, Form form) {
    return Parameters.of(form, PROOFS, Map.of("client_id", client.clientId()));
  }

  private Result<Response> begun(Result<String> flow) {
    return flow.map(id -> Response.json(200, prompt(id, "INCOMPLETE", List.of())));
  }

  /// Takes an agent's id and secret. Whether there is such an agent, and whether it is active, is
  /// not told.
  public Response authn(Request request) {
    var body = request.jsonObject();
    if (!(body instanceof Ok(var step))) {
      refusals.count(ROUTE, MALFORMED_REQUEST, request.peer());
      return error("ABA-60001", "Invalid authentication request.", "it is no JSON object");
    }
    var chosen = step.object("selectedAuthenticator");
    var given = chosen.flatMap(one -> one.object("params"));
    var agent = given.flatMap(one -> one.text("username"));
    var secret = given.flatMap(one -> one.text("password"));
    var flow = step.text("flowId");
    if (flow.isEmpty() || agent.isEmpty() || secret.isEmpty()) {
      refusals.count(ROUTE, MALFORMED_REQUEST, request.peer());
      return error(
          "ABA-60001",
          "Invalid authentication request.",
          "flowId and selectedAuthenticator with username and password are texts");
    }
    if (!chosen.flatMap(one -> one.text("authenticatorId")).equals(Optional.of(AUTHENTICATOR))) {
      refusals.count(ROUTE, MALFORMED_REQUEST, request.peer());
      return error("ABA-60004", "Invalid authenticatorId.", "there is one: " + AUTHENTICATOR);
    }
    return switch (flows.signIn(flow.get(), agent.get(), secret.get(), request.peer())) {
      case Tried.Good(var code, var state) -> signedIn(code, state);
      case Tried.Wrong wrong -> {
        note(wrong, request.peer());
        yield Response.json(200, prompt(flow.get(), "FAIL_INCOMPLETE", List.of(wrong())));
      }
      case Tried.Over _ -> {
        refusals.count(ROUTE, Refusal.REQUEST_URI_INVALID, request.peer());
        yield error("ABA-60009", "Invalid flow identifier.", "the flow is over or never was");
      }
    };
  }

  private void note(Tried.Wrong wrong, String peer) {
    wrong
        .who()
        .ifPresentOrElse(
            who -> refusals.record(who, ROUTE, wrong.why(), peer),
            () -> refusals.count(ROUTE, wrong.why().reason(), peer));
  }

  private static Response signedIn(String code, Optional<String> state) {
    var data = Json.object().put("code", code);
    state.ifPresent(text -> data.put("state", text));
    return Response.json(
        200,
        Json.object().put("flowStatus", "SUCCESS_COMPLETED").put("authData", data.build()).build());
  }

  private Json prompt(String flow, String status, List<Json> messages) {
    var step =
        Json.object()
            .put("stepType", "AUTHENTICATOR_PROMPT")
            .put("authenticators", Json.array(List.of(authenticator())));
    if (!messages.isEmpty()) {
      step.put("messages", Json.array(messages));
    }
    var link =
        Json.object()
            .put("name", "authentication")
            .put("href", issuer + "/oauth2/authn")
            .put("method", "POST");
    return Json.object()
        .put("flowId", flow)
        .put("flowStatus", status)
        .put("flowType", "AUTHENTICATION")
        .put("nextStep", step.build())
        .put("links", Json.array(List.of(link.build())))
        .build();
  }

  private static Json authenticator() {
    var metadata =
        Json.object()
            .put("i18nKey", "authenticator.basic")
            .put("promptType", "USER_PROMPT")
            .put(
                "params",
                Json.array(
                    List.of(parameter("username", 1, false), parameter("password", 2, true))));
    return Json.object()
        .put("authenticatorId", AUTHENTICATOR)
        .put("authenticator", "Username & Password")
        .put("idp", "LOCAL")
        .put("metadata", metadata.build())
        .put("requiredParams", List.of("username", "password"))
        .build();
  }

  private static Json parameter(String name, int order, boolean confidential) {
    return Json.object()
        .put("param", name)
        .put("type", "STRING")
        .put("order", order)
        .put("i18nKey", name + ".param")
        .put("confidential", confidential)
        .build();
  }

  private static Json wrong() {
    return Json.object()
        .put("type", "ERROR")
        .put("messageId", "msg_invalid_un_pw")
        .put("message", "Invalid username or password.")
        .put("i18nKey", "message.msg_invalid_un_pw")
        .build();
  }

  private static Response error(String code, String message, String description) {
    return Response.json(
        400,
        Json.object()
            .put("code", code)
            .put("message", message)
            .put("description", description)
            .build());
  }
}
