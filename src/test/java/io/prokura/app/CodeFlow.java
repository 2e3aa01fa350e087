package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The code flow as an application and a person's browser go through it (RFC 6749 §4.1).
final class CodeFlow {
  static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  static final String CALLBACK = "https://console.example/cb";

  private final Company company;
  private final Browser browser;

  CodeFlow(Company company, Browser browser) {
    this.company = company;
    this.browser = browser;
  }

  /// The parameters of a request by the console, with others in their place; an empty value takes
  /// one away.
  Map<String, String> request(String... more) {
    var request = new LinkedHashMap<String, String>();
    request.put("client_id", company.id("console"));
    request.put("response_type", "code");
    request.put("redirect_uri", CALLBACK);
    request.put("state", "af0ifjsldkj");
    request.put("code_challenge", CHALLENGE);
    request.put("code_challenge_method", "S256");
    request.put("resource", Company.CRM);
    for (int i = 0; i < more.length; i += 2) {
      if (more[i + 1].isEmpty()) {
        request.remove(more[i]);
      } else {
        request.put(more[i], company.filled(more[i + 1]));
      }
    }
    return request;
  }

  HttpResponse<String> authorize(String... more) {
    return browser.open("/oauth2/authorize?" + Browser.encoded(request(more)));
  }

  static String location(HttpResponse<String> response) {
    return response.headers().firstValue("Location").orElse("");
  }

  /// The parameters of an answer that a redirect or a page takes to the application.
  static Map<String, String> answer(HttpResponse<String> response) {
    var location = location(response);
    if (location.isEmpty()) {
      var body = response.body();
      int start = body.indexOf("0;url=") + "0;url=".length();
      assertThat(start).as(body).isGreaterThan(10);
      location = body.substring(start, body.indexOf('"', start)).replace("&amp;", "&");
    }
    assertThat(location).startsWith(CALLBACK + "?");
    var answer = new LinkedHashMap<String, String>();
    for (var pair : location.substring(location.indexOf('?') + 1).split("&", -1)) {
      int at = pair.indexOf('=');
      answer.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), UTF_8));
    }
    return answer;
  }

  /// Opens the page that `asked` sends the person to, and decides.
  HttpResponse<String> decide(
      HttpResponse<String> asked, String decision, List<String> scopes, String... more) {
    var path = location(asked);
    assertThat(path).as(asked.body()).startsWith("/consent?");
    browser.open(path);
    var fields = new ArrayList<String>();
    browser.hidden().forEach((name, value) -> fields.add(pair(name, value)));
    scopes.forEach(scope -> fields.add(pair("scope", scope)));
    fields.add(pair("decision", decision));
    for (int i = 0; i < more.length; i += 2) {
      fields.add(pair(more[i], more[i + 1]));
    }
    return browser.post("/consent", String.join("&", fields));
  }

  /// A code for what the person allows.
  String code(List<String> scopes, String... more) {
    var answer = answer(decide(authorize(more), "allow", scopes));
    assertThat(answer).containsKey("code");
    return answer.getOrDefault("code", "");
  }

  /// Redeems a code as the console.
  HttpResponse<String> redeem(String code, String... more) {
    return token("grant_type", "authorization_code", "code", code, "code_verifier", VERIFIER, more);
  }

  HttpResponse<String> refresh(String token, String... more) {
    return token("grant_type", "refresh_token", "refresh_token", token, "", "", more);
  }

  private HttpResponse<String> token(
      String a, String b, String c, String d, String e, String f, String... more) {
    var form = new LinkedHashMap<>(Map.of(a, b, c, d, e, f));
    form.remove("");
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], company.filled(more[i + 1]));
      if (more[i + 1].isEmpty()) {
        form.remove(more[i]);
      }
    }
    return company.server.form(
        "/oauth2/token",
        company.id("console"),
        company.secret("console"),
        form.entrySet().stream()
            .map(one -> pair(one.getKey(), one.getValue()))
            .collect(Collectors.joining("&")));
  }

  /// What triage proves itself with where it is to act for a person.
  String triageToken() {
    return company.granted(
        "triage", "grant_type=client_credentials&resource=" + Company.ARCHIVE + "&purpose=support");
  }

  /// What the CRM is told of a token.
  HttpResponse<String> introspect(String token) {
    return company.server.form(
        "/oauth2/introspect",
        company.id("crm-server"),
        company.secret("crm-server"),
        "token=" + token);
  }

  boolean isActive(String token) {
    return introspect(token).body().contains("\"active\":true");
  }

  private static String pair(String name, String value) {
    return name + "=" + URLEncoder.encode(value, UTF_8);
  }

  /// A member of a JSON answer.
  String member(HttpResponse<String> response, String name) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return company.server.object(response.body()).text(name).orElse("");
  }

  /// The error of a JSON answer.
  String error(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isGreaterThanOrEqualTo(400);
    return company.server.object(response.body()).text("error").orElse("");
  }
}
