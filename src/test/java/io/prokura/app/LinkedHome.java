package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.issuers.StandInIssuer;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Dana at home with two issuers at which people have accounts. Both make users of whom they name.
final class LinkedHome implements AutoCloseable {
  static final String PAGE = "/me/linked-accounts";
  private static final Pattern UNLINK =
      Pattern.compile("action=\"(/me/linked-accounts/[^\"]+/unlink)\"");

  final Home home = new Home();
  final StandInIssuer first = new StandInIssuer(home.world);
  final StandInIssuer second = new StandInIssuer(home.world);
  final String firstId = registered(first, "First <b>", "");
  final String secondId = registered(second, "Second", ", 'emailDomains': ['example.org']");

  private String registered(StandInIssuer issuer, String name, String more) {
    Eventually.holds(
        "a node that follows the clock",
        () -> home.another().open("/health/ready").statusCode() == 200);
    var body =
        """
        {'issuer': '%s', 'name': '%s', 'signIn':
         {'clientId': 'prokura', 'createUsers': true, 'trustsEmail': true%s}}
        """
            .formatted(issuer.issuer(), name, more)
            .replace('\'', '"');
    var made = manage("trusted-issuers", body);
    assertThat(made.statusCode()).as(new String(made.body(), UTF_8)).isEqualTo(201);
    return text(made.body(), "id");
  }

  /// Has nobody sign in by an issuer any more.
  void deactivate(String issuer) {
    var done = manage("trusted-issuers/" + issuer + "/deactivate", "{\"reason\": \"it was sold\"}");
    assertThat(done.statusCode()).as(new String(done.body(), UTF_8)).isEqualTo(200);
  }

  private HttpResponse<byte[]> manage(String path, String body) {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + home.server.port() + "/api/v1/" + path))
            .header("Authorization", "Bearer " + operatorToken())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String operatorToken() {
    return text(home.server.operatorToken().getBytes(UTF_8), "access_token");
  }

  private static String text(byte[] object, String member) {
    var read = new JsonReader(Limits.standard()).readObject(object);
    assertThat(read).isInstanceOf(Result.Ok.class);
    return ((Result.Ok<Json.Obj>) read).value().text(member).orElseThrow();
  }

  /// Sets out at `from` to link an account at an issuer; what the browser took there.
  Map<String, String> beginLinking(Browser from, String issuer) {
    from.open(PAGE);
    return Elsewhere.sent(from.submit(PAGE + "/" + issuer + "/link", Map.of()));
  }

  /// Sets out at `from` to sign in by an issuer.
  Map<String, String> beginSignIn(Browser from, String issuer) {
    from.open("/login/upstream");
    return Elsewhere.sent(from.submit("/login/upstream/" + issuer, Map.of()));
  }

  /// The address at which a browser comes back from `issuer`, which names `sub`.
  String back(StandInIssuer issuer, Map<String, String> sent, String sub) {
    return back(issuer, sent, sub, sub + "@example.org");
  }

  String back(StandInIssuer issuer, Map<String, String> sent, String sub, String email) {
    return Elsewhere.back(issuer, home.world, sent, sub, email);
  }

  /// Links `sub` of the first issuer at `from`, as far as the question whether to.
  HttpResponse<String> offered(Browser from, String sub) {
    return from.open(back(first, beginLinking(from, firstId), sub));
  }

  HttpResponse<String> linked(Browser from, String sub) {
    assertThat(offered(from, sub).statusCode()).isEqualTo(200);
    return from.submit(PAGE, Map.of());
  }

  /// What comes of signing in by the first issuer at a browser of its own.
  HttpResponse<String> signIn(Browser from, String sub) {
    return from.open(back(first, beginSignIn(from, firstId), sub));
  }

  /// Somebody who was no user before and signed in by the first issuer.
  Browser newcomer(String sub) {
    var from = home.another();
    assertThat(signIn(from, sub).statusCode()).isEqualTo(303);
    return from;
  }

  HttpResponse<String> unlink(Browser from) {
    return unlink(from, "");
  }

  /// Unlinks the account that the first issuer calls `sub`.
  HttpResponse<String> unlink(Browser from, String sub) {
    from.open(PAGE);
    int item = sub.isEmpty() ? 0 : from.page().indexOf(">" + sub + "<");
    var unlink = UNLINK.matcher(from.page());
    assertThat(item >= 0 && unlink.find(item)).as(from.page()).isTrue();
    return from.submit(unlink.group(1), Map.of());
  }

  /// Who is linked, by the names of issuers.
  List<String> links() {
    return home.database.read(
        tx ->
            tx.list(
                """
                SELECT l.sub || ' ' || u.user_name FROM subject_link l
                  JOIN directory_user u ON u.id = l.principal_id ORDER BY 1
                """,
                row -> row.text(1)));
  }

  @Override
  public void close() {
    first.close();
    second.close();
    home.close();
  }
}
