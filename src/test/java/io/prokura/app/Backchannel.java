package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Clients that ask Erin without her browser, and Erin at her own page (OpenID Connect CIBA Core).
final class Backchannel {
  static final String TYPE = "urn:openid:params:grant-type:ciba";

  private final Company company;
  private final Browser browser;

  Backchannel(Company company, Browser browser) {
    this.company = company;
    this.browser = browser;
  }

  /// Asks as `client` for reading tickets, with other parameters in their place; an empty value
  /// takes one away.
  HttpResponse<String> ask(String client, String... more) {
    var form = new LinkedHashMap<String, String>();
    form.put("login_hint", "erin");
    form.put("scope", "tickets.read");
    form.put("resource", Company.CRM);
    return send("/oauth2/bc-authorize", client, form, more);
  }

  /// What the client polls with.
  String asked(String client, String... more) {
    return member(ask(client, more), "auth_req_id");
  }

  HttpResponse<String> poll(String client, String request, String... more) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", TYPE);
    form.put("auth_req_id", request);
    return send("/oauth2/token", client, form, more);
  }

  private HttpResponse<String> send(
      String path, String client, Map<String, String> form, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], company.filled(more[i + 1]));
      if (more[i + 1].isEmpty()) {
        form.remove(more[i]);
      }
    }
    return company.server.form(
        path, company.id(client), company.secret(client), Browser.encoded(form));
  }

  /// The pages of what waits for whoever holds the browser, oldest first.
  List<String> waiting() {
    browser.open("/me");
    var found = new ArrayList<String>();
    var page = browser.page();
    for (int at = page.indexOf("/me/requests/"); at >= 0; at = page.indexOf("/me/requests/", at)) {
      int end = page.indexOf('"', at);
      found.add(page.substring(at, end));
      at = end;
    }
    return found;
  }

  /// Opens the page of a request and decides.
  HttpResponse<String> decide(String path, String decision, String... scopes) {
    browser.open(path);
    var form = new StringBuilder(Browser.encoded(browser.hidden())).append("&decision=");
    form.append(decision);
    for (var scope : scopes) {
      form.append("&scope=").append(scope);
    }
    return browser.post(path, form.toString());
  }

  /// Allows the only request that waits.
  void allow(String... scopes) {
    var waiting = waiting();
    assertThat(waiting).hasSize(1);
    var done = decide(waiting.getFirst(), "allow", scopes);
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
  }

  String member(HttpResponse<String> response, String name) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return company.server.object(response.body()).text(name).orElse("");
  }

  String error(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isGreaterThanOrEqualTo(400);
    return company.server.object(response.body()).text("error").orElse("");
  }

  Json.Obj claims(String jwt) {
    var payload = Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
    return company.server.object(new String(payload, StandardCharsets.UTF_8));
  }

  boolean isActive(String token) {
    return company
        .server
        .form(
            "/oauth2/introspect",
            company.id("crm-server"),
            company.secret("crm-server"),
            "token=" + token)
        .body()
        .contains("\"active\":true");
  }
}
