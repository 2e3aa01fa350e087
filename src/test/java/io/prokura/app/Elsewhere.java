package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.issuers.StandInIssuer;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An issuer that is registered as `id`, and the way of a browser that signs in by it.
record Elsewhere(StandInIssuer issuer, String id, World world) implements AutoCloseable {
  private static final Pattern ONWARD = Pattern.compile("content=\"0;url=([^\"]*)\"");

  /// Registers an issuer whose people are made users of `server`.
  static Elsewhere registered(TestServer server, String name, World world) {
    var issuer = new StandInIssuer(world);
    return new Elsewhere(issuer, registered(server, issuer, name), world);
  }

  private static String registered(TestServer server, StandInIssuer issuer, String name) {
    var body =
        server.object(
            """
            {"issuer": "%s", "name": "%s", "signIn":
             {"clientId": "prokura", "createUsers": true, "trustsEmail": true}}
            """
                .formatted(issuer.issuer(), name));
    var made = server.post("/api/v1/trusted-issuers", server.operatorToken(), body);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return server.object(made.body()).text("id").orElseThrow();
  }

  /// Sets out at `from` to sign in; what the browser took to the issuer.
  Map<String, String> begin(Browser from) {
    from.open("/login/upstream?return_to=/me");
    return sent(from.submit("/login/upstream/" + id, Map.of()));
  }

  /// What a browser takes to an issuer by a page that sends it there.
  static Map<String, String> sent(HttpResponse<String> away) {
    assertThat(away.statusCode()).as(away.body()).isEqualTo(200);
    var onward = ONWARD.matcher(away.body());
    assertThat(onward.find()).isTrue();
    var url = onward.group(1).replace("&amp;", "&");
    return Arrays.stream(url.substring(url.indexOf('?') + 1).split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
  }

  /// The address at which a browser comes back, for whom the issuer calls `sub`.
  String back(Map<String, String> sent, String sub) {
    return back(issuer, world, sent, sub, sub + "@example.org");
  }

  static String back(
      StandInIssuer issuer, World world, Map<String, String> sent, String sub, String email) {
    long now = world.now().getEpochSecond();
    issuer.idToken =
        issuer.sign(
            Json.object()
                .put("iss", issuer.issuer())
                .put("sub", sub)
                .put("aud", "prokura")
                .put("nonce", sent.getOrDefault("nonce", ""))
                .put("iat", now)
                .put("exp", now + 300)
                .put("email", email)
                .put("email_verified", true)
                .put("name", sub + " <b>")
                .put("preferred_username", sub + " <i>")
                .build());
    var path = sent.getOrDefault("redirect_uri", "");
    return path.substring(path.indexOf("/login"))
        + "?"
        + Browser.encoded(
            Map.of("code", "c", "state", sent.getOrDefault("state", ""), "iss", issuer.issuer()));
  }

  /// Signs `sub` in at `from`.
  void signIn(Browser from, String sub) {
    assertThat(from.open(back(begin(from), sub)).statusCode()).isEqualTo(303);
  }

  @Override
  public void close() {
    issuer.close();
  }
}
