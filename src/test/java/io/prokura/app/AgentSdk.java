package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The steps of Asgardeo's SDK for agents as they go over the wire: an authorization request that
/// is answered directly, the sign-in, the token. A confidential application sends its secret along
/// wherever there is a form; nothing else tells who asks.
final class AgentSdk {
  private final Company company;
  private final String application;

  AgentSdk(Company company, String application) {
    this.company = company;
    this.application = application;
  }

  private HttpResponse<String> post(String path, String type, String body, String... headers) {
    var request =
        HttpRequest.newBuilder(company.server.uri(path))
            .header("Content-Type", type)
            .header("Accept", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return company.server.send(request.POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> form(String path, Map<String, String> form, String... headers) {
    return post(path, "application/x-www-form-urlencoded", Browser.encoded(form), headers);
  }

  private Map<String, String> with(Map<String, String> form, String... more) {
    var all = new LinkedHashMap<>(form);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], company.filled(more[i + 1]));
      if (more[i + 1].isEmpty()) {
        all.remove(more[i]);
      }
    }
    return all;
  }

  private Map<String, String> client() {
    var form = new LinkedHashMap<String, String>();
    form.put("client_id", company.id(application));
    if (company.hasSecret(application)) {
      form.put("client_secret", company.secret(application));
    }
    return form;
  }

  /// Begins a sign-in, with other parameters in the place of the usual ones; an empty value takes
  /// one away.
  HttpResponse<String> begin(String... more) {
    var form = new LinkedHashMap<>(client());
    form.put("response_type", "code");
    form.put("redirect_uri", CodeFlow.CALLBACK);
    form.put("scope", "openid profile");
    form.put("response_mode", "direct");
    form.put("state", "af0ifjsldkj");
    form.put("code_challenge", CodeFlow.CHALLENGE);
    form.put("code_challenge_method", "S256");
    return form("/oauth2/authorize", with(form, more));
  }

  /// A flow that has begun, as its application is told of it.
  Json.Obj begun(String... more) {
    var answer = begin(more);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return company.server.object(answer.body());
  }

  String flow(String... more) {
    return begun(more).text("flowId").orElseThrow();
  }

  /// The authenticator that the SDK looks for.
  static String authenticator(Json.Obj begun) {
    return ApiDocument.items(begun.object("nextStep").orElseThrow().get("authenticators").get())
        .stream()
        .map(one -> (Json.Obj) one)
        .filter(one -> one.text("authenticator").equals(Optional.of("Username & Password")))
        .map(one -> one.text("authenticatorId").orElseThrow())
        .findFirst()
        .orElseThrow();
  }

  /// Signs in within a flow.
  HttpResponse<String> signIn(String flow, String user, String password) {
    return authn(
        """
        {"flowId":"%s","selectedAuthenticator":{"authenticatorId":
         "QmFzaWNBdXRoZW50aWNhdG9yOkxPQ0FM","params":{"username":"%s","password":"%s"}}}
        """
            .formatted(flow, user, password));
  }

  HttpResponse<String> authn(String body) {
    return post("/oauth2/authn", "application/json", body);
  }

  HttpResponse<String> signIn(String flow, String agent) {
    return signIn(flow, company.id(agent), company.secret(agent));
  }

  String status(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return company.server.object(answer.body()).text("flowStatus").orElseThrow();
  }

  /// The code that an agent's sign-in comes to.
  String code(String agent, String... more) {
    var answer = signIn(flow(more), agent);
    assertThat(status(answer)).isEqualTo("SUCCESS_COMPLETED");
    var data = company.server.object(answer.body()).object("authData").orElseThrow();
    assertThat(data.text("state")).hasValue("af0ifjsldkj");
    return data.text("code").orElseThrow();
  }

  /// Redeems a code, with other parameters in the place of the usual ones.
  HttpResponse<String> redeem(String code, String... more) {
    return form("/oauth2/token", redeeming(code, more));
  }

  /// The same with a DPoP proof.
  HttpResponse<String> redeemProving(String proof, String code, String... more) {
    return form("/oauth2/token", redeeming(code, more), "DPoP", proof);
  }

  private Map<String, String> redeeming(String code, String... more) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.putAll(client());
    form.put("code", code);
    form.put("redirect_uri", CodeFlow.CALLBACK);
    form.put("code_verifier", CodeFlow.VERIFIER);
    return with(form, more);
  }
}
