package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.Golden;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What other sites try with Erin's browser at every page there is, so that none is forgotten:
/// forms that she never sent (OWASP ASVS 3.5.1), and frames that she doesn't see (CSP 3 §6.4.2).
final class EveryFormTest {
  /// Applications send people there by a form of their own (OpenID Connect Core §3.1.2.1,
  /// RP-Initiated Logout §2); what they ask is asked of the person by a form of ours.
  private static final List<String> FROM_ELSEWHERE = List.of("/oauth2/authorize", "/oauth2/logout");

  private Home home;

  @BeforeEach
  void found() {
    home = new Home();
  }

  @AfterEach
  void close() {
    home.close();
  }

  private static List<String> paths(String method) {
    return Golden.lines("pages.txt").stream()
        .filter(line -> line.startsWith(method + " "))
        .map(line -> line.substring(method.length() + 1).replace("{id}", "x"))
        .filter(path -> method.equals("GET") || !FROM_ELSEWHERE.contains(path))
        .toList();
  }

  private void isForged(String path, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(path).isEqualTo(403);
    assertThat(CodeFlow.location(answer)).as(path).isEmpty();
    assertThat(answer.headers().allValues("Set-Cookie")).as(path).isEmpty();
  }

  @Test
  void aFormThatThePersonNeverSentDoesNothingAndIsOnRecord() {
    var dana = home.browser;
    var other = home.another();
    other.open("/login");
    var foreign = Browser.encoded(Map.of("form_token", other.hidden().get("form_token")));
    dana.open("/me");
    var own = Browser.encoded(Map.of("form_token", dana.hidden().get("form_token")));
    int before = home.leaves().size();
    var paths = paths("POST");
    assertThat(paths).hasSizeGreaterThan(15);
    for (var path : paths) {
      isForged(path, dana.post(path, "decision=allow&username=dana"));
      isForged(path, dana.post(path, foreign));
      dana.headers.put("Sec-Fetch-Site", "cross-site");
      isForged(path, dana.post(path, own));
      dana.headers.put("Sec-Fetch-Site", "same-site");
      isForged(path, dana.post(path, own));
      dana.headers.clear();
    }
    var since = home.leaves().subList(before, home.leaves().size());
    assertThat(since).hasSize(4 * paths.size());
    assertThat(since)
        .allMatch(leaf -> leaf.contains("\"type\":\"request.refused\""))
        .allMatch(leaf -> leaf.contains("\"reason\":\"form-forged\""));
    assertThat(Home.isSignedIn(dana)).isTrue();
  }

  @Test
  void aFormOfNobodyDoesNothingAndIsCounted() {
    var nobody = home.another();
    for (var path : paths("POST")) {
      isForged(path, nobody.post(path, "form_token=x&username=dana"));
      var doubled = nobody.post(path, "form_token=x&form_token=x");
      assertThat(doubled.statusCode()).as(path).isEqualTo(400);
    }
    for (var reason : List.of("form-forged", "duplicate-parameter")) {
      Eventually.holds(
          "an entry about " + reason,
          () ->
              home.leaves().stream()
                  .filter(leaf -> leaf.contains("\"type\":\"requests.refused\""))
                  .anyMatch(leaf -> leaf.contains("\"about\":\"" + reason + "\"")));
    }
  }

  @Test
  void noPageIsShownInAFrame() {
    for (var path : paths("GET")) {
      for (var answer : List.of(home.browser.open(path), home.another().open(path))) {
        var headers = answer.headers();
        boolean isPage = answer.body().contains("<html");
        assertThat(headers.firstValue("X-Frame-Options").isPresent()).as(path).isEqualTo(isPage);
        assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
            .as(path)
            .contains("frame-ancestors 'none'")
            .doesNotContain("unsafe");
      }
      assertThat(Home.isSignedIn(home.browser)).as("no link ends a session: " + path).isTrue();
    }
  }
}
