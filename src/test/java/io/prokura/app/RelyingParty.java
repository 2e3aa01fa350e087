package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/// An application that registers itself and signs people in as the OpenID Foundation's conformance
/// suite does: without PKCE, with assertions addressed to the token endpoint.
final class RelyingParty {
  private static final Pattern BOX =
      Pattern.compile("<input type=\"checkbox\" name=\"scope\" value=\"([^\"]+)\"");
  private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final Company company;
  private final Browser browser;
  private final World world;
  private Json.Obj registered = Json.object().build();

  /// Signs its assertions.
  SigningKey key;

  RelyingParty(Company company, Browser browser, World world) {
    this.company = company;
    this.browser = browser;
    this.world = world;
    key = newKey();
  }

  SigningKey newKey() {
    return SigningKey.generate(Crypto.jdk(), world, Algorithm.RS256);
  }

  /// An initial access token, as the suite is configured with one.
  String initialToken() {
    return company
        .server
        .done(
            "/api/v1/registration-tokens",
            company.token,
            company.json("{'name': 'Suite', 'uses': 100, 'pkceOptional': true}"))
        .text("token")
        .orElseThrow();
  }

  HttpResponse<String> register(String members) {
    var usual =
        """
        {'client_name': 'Suite', 'response_types': ['code'], 'contacts': ['a@b.example'],
         'grant_types': ['authorization_code', 'refresh_token'],
         'redirect_uris': ['https://console.example/cb']}
        """;
    var all = new LinkedHashMap<>(company.json(usual).members());
    all.putAll(company.json("{" + members + "}").members());
    return company.server.post(
        "/oauth2/register", initialToken(), Json.object().putAll(all).build());
  }

  /// Registers with these members besides the usual ones, or in their place.
  RelyingParty registered(String members) {
    var response = register(members);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    registered = company.server.object(response.body());
    return this;
  }

  /// Is the application `client` from now on, which an administrator registered.
  RelyingParty as(String client, String method) {
    registered =
        Json.object()
            .put("client_id", company.id(client))
            .put("client_secret", company.secret(client))
            .put("token_endpoint_auth_method", method)
            .build();
    return this;
  }

  /// What it was told when it registered.
  String told(String member) {
    return registered.text(member).orElse("");
  }

  /// The parameters of a request, with others in their place; an empty value takes one away.
  Map<String, String> request(String... more) {
    var request = new LinkedHashMap<String, String>();
    request.put("client_id", told("client_id"));
    request.put("redirect_uri", CodeFlow.CALLBACK);
    request.put("scope", "openid");
    request.put("state", "af0ifjsldkj");
    request.put("nonce", "n-0S6_WzA2Mj");
    request.put("response_type", "code");
    for (int i = 0; i < more.length; i += 2) {
      request.put(more[i], more[i + 1]);
      request.values().remove("");
    }
    return request;
  }

  HttpResponse<String> authorize(String... more) {
    return browser.open("/oauth2/authorize?" + Browser.encoded(request(more)));
  }

  /// What the request comes to when the person allows all that they are asked.
  HttpResponse<String> allowed(HttpResponse<String> asked) {
    if (!CodeFlow.location(asked).startsWith("/consent?")) {
      return asked;
    }
    browser.open(CodeFlow.location(asked));
    var fields = new ArrayList<String>();
    browser.hidden().forEach((name, value) -> fields.add(pair(name, value)));
    BOX.matcher(browser.page()).results().forEach(box -> fields.add(pair("scope", box.group(1))));
    fields.add("decision=allow");
    return browser.post("/consent", String.join("&", fields));
  }

  String code(String... more) {
    var answer = CodeFlow.answer(allowed(authorize(more)));
    assertThat(answer).containsKey("code");
    assertThat(answer).containsEntry("iss", company.server.issuer());
    return answer.getOrDefault("code", "");
  }

  HttpResponse<String> redeem(String code) {
    return token(
        "grant_type", "authorization_code", "code", code, "redirect_uri", CodeFlow.CALLBACK);
  }

  /// What the token endpoint answers to a whole flow.
  Json.Obj tokens(String... more) {
    return good(redeem(code(more)));
  }

  Json.Obj refreshed(String token) {
    return good(token("grant_type", "refresh_token", "refresh_token", token));
  }

  Json.Obj good(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return company.server.object(response.body());
  }

  /// Asks the token endpoint, and proves itself as it was registered to.
  HttpResponse<String> token(String... pairs) {
    var form = new LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      form.put(pairs[i], pairs[i + 1]);
    }
    var request = HttpRequest.newBuilder(company.server.uri("/oauth2/token"));
    switch (told("token_endpoint_auth_method")) {
      case "client_secret_basic" -> {
        var both = told("client_id") + ":" + told("client_secret");
        var basic = Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
        request.header("Authorization", "Basic " + basic);
      }
      case "client_secret_post" -> {
        form.put("client_id", told("client_id"));
        form.put("client_secret", told("client_secret"));
      }
      default -> {
        form.put("client_assertion_type", ASSERTION);
        form.put("client_assertion", assertion(company.server.issuer() + "/oauth2/token"));
      }
    }
    return company.server.send(
        request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(Browser.encoded(form))));
  }

  String assertion(String audience) {
    var now = world.now().getEpochSecond();
    return JwtWriter.mint(
        key,
        "JWT",
        Json.object()
            .put("iss", told("client_id"))
            .put("sub", told("client_id"))
            .put("aud", audience)
            .put("jti", UUID.randomUUID().toString())
            .put("iat", now)
            .put("exp", now + 60)
            .build());
  }

  HttpResponse<String> userinfo(String accessToken) {
    return company.server.get("/oauth2/userinfo", accessToken);
  }

  /// What userinfo says after a whole flow.
  Json.Obj person(Json.Obj tokens) {
    return good(userinfo(tokens.text("access_token").orElseThrow()));
  }

  Json.Obj claims(Json.Obj tokens) {
    return claims(tokens.text("id_token").orElseThrow());
  }

  Json.Obj claims(String jwt) {
    return part(jwt, 1);
  }

  Json.Obj part(String jwt, int index) {
    var part = jwt.split("\\.", -1)[index];
    return company.server.object(new String(Base64.getUrlDecoder().decode(part), UTF_8));
  }

  static List<String> names(Json.Obj object) {
    return List.copyOf(object.members().keySet());
  }

  private static String pair(String name, String value) {
    return name + "=" + URLEncoder.encode(value, UTF_8);
  }
}
