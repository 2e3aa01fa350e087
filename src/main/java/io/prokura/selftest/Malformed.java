package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;
import static io.prokura.selftest.Expected.refused;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Requests that no honest client sends: twice, too much, too deep, or in another form. A good one
/// is seen to be answered first.
final class Malformed {
  private static final Expected REQUEST = refusal(400, "invalid_request");
  private static final Expected GRANT = refusal(400, "unsupported_grant_type");
  private static final Expected TOO_LARGE = new Expected("413", reply -> reply.status() == 413);
  private static final Expected JSON = refusal(400, "malformed-request", "invalid_request");
  private static final String ONCE = "RFC 6749 §3.2";
  private static final int LARGE = 70_000;
  private static final int DEEP = 2_000;

  private Malformed() {}

  static List<Attack> all() {
    return List.of(
        form("a parameter sent twice", ONCE, REQUEST, s -> form(s, s.asking("scope", Scene.READ))),
        form(
            "two grant types", ONCE, REQUEST, s -> form(s, s.asking("grant_type", Scene.EXCHANGE))),
        form(
            "two resources at once",
            "RFC 8707 §2.2",
            refusal(400, "invalid_target"),
            s -> form(s, s.asking("resource", s.elsewhere()))),
        form("a thousand parameters", ONCE, REQUEST, Malformed::many),
        form("a body that is too large", "RFC 9110 §15.5.14", TOO_LARGE, Malformed::large),
        form("a header that is too large", "RFC 9110 §5.4", refused(), Malformed::longHeader),
        form("an address that is too long", "RFC 9110 §15.5.15", refused(), Malformed::longPath),
        form(
            "a thousand scopes",
            "RFC 6749 §3.3",
            refusal(400, "invalid_scope", "invalid_request"),
            Malformed::scopes),
        form("JSON where a form belongs", ONCE, REQUEST, Malformed::json),
        form("a form that is not UTF-8", ONCE, REQUEST, Malformed::notText),
        form("an unknown grant type", "RFC 6749 §5.2", GRANT, s -> form(s, grant("urn:x:magic"))),
        form("the password grant", "RFC 9700 §2.4", GRANT, s -> form(s, grant("password"))),
        form(
            "a made-up code",
            "RFC 6749 §5.2",
            refusal(400, "invalid_grant"),
            s ->
                s.application()
                    .form(
                        Scene.TOKEN,
                        "grant_type",
                        "authorization_code",
                        "code",
                        "made-up",
                        "code_verifier",
                        "x".repeat(43),
                        "redirect_uri",
                        s.redirectUri())),
        form(
            "a made-up refresh token",
            "RFC 6749 §5.2",
            refusal(400, "invalid_grant"),
            s ->
                s.application()
                    .form(Scene.TOKEN, "grant_type", "refresh_token", "refresh_token", "made-up")),
        question("JSON two thousand levels deep", "RFC 8259 §9", Malformed::deep),
        question("JSON with a member twice", "RFC 8259 §4", Malformed::twice),
        question("JSON that ends early", "RFC 8259 §2", _ -> "{\"subject\": {"),
        question("a number of ten thousand digits", "RFC 8259 §6", Malformed::number));
  }

  private static Attack form(
      String name, String source, Expected expected, Function<Scene, Sent> sent) {
    return Attack.of(
        name,
        source,
        expected,
        scene -> {
          scene.deciding();
          return scene.send(sent.apply(scene));
        });
  }

  private static Attack question(String name, String source, Function<Scene, String> body) {
    return Attack.of(
        name,
        source,
        JSON,
        scene -> {
          var enforcer = scene.enforcer();
          var good = Sent.json(Scene.EVALUATION, scene.question(scene.own()));
          Scene.good(scene.send(good.basic(enforcer.id(), enforcer.secret())));
          var sent =
              Sent.of("POST", Scene.EVALUATION).carrying("application/json", body.apply(scene));
          return scene.send(sent.basic(enforcer.id(), enforcer.secret()));
        });
  }

  private static Sent form(Scene scene, String... pairs) {
    return scene.enforcer().form(Scene.TOKEN, pairs);
  }

  private static String[] grant(String type) {
    return new String[] {"grant_type", type, "username", "x", "password", "x"};
  }

  private static Sent many(Scene scene) {
    var pairs = new ArrayList<String>();
    for (int i = 0; i < 1_000; i++) {
      pairs.add("p" + i);
      pairs.add("1");
    }
    return form(scene, scene.asking(pairs.toArray(String[]::new)));
  }

  private static Sent large(Scene scene) {
    return form(scene, scene.asking("purpose", "x".repeat(LARGE)));
  }

  private static Sent longHeader(Scene scene) {
    return form(scene, scene.asking()).with("X-Padding", "x".repeat(LARGE));
  }

  private static Sent longPath(Scene scene) {
    var enforcer = scene.enforcer();
    var path = Scene.TOKEN + "?x=" + "x".repeat(LARGE);
    return Sent.form(path, scene.asking()).basic(enforcer.id(), enforcer.secret());
  }

  private static Sent scopes(Scene scene) {
    var scopes = new StringBuilder(Scene.READ);
    for (int i = 0; i < 1_000; i++) {
      scopes.append(" s").append(i);
    }
    return form(
        scene,
        "grant_type",
        "client_credentials",
        "resource",
        scene.resource(),
        "scope",
        scopes.toString());
  }

  private static Sent json(Scene scene) {
    var body = Json.object().put("grant_type", "client_credentials").build();
    var enforcer = scene.enforcer();
    return Sent.json(Scene.TOKEN, body).basic(enforcer.id(), enforcer.secret());
  }

  private static Sent notText(Scene scene) {
    var enforcer = scene.enforcer();
    return Sent.of("POST", Scene.TOKEN)
        .carrying("application/x-www-form-urlencoded", "grant_type=client_credentials&scope=%C0%AF")
        .basic(enforcer.id(), enforcer.secret());
  }

  private static String deep(Scene scene) {
    return "{\"context\": " + "[".repeat(DEEP) + "]".repeat(DEEP) + "}";
  }

  private static String twice(Scene scene) {
    var question = scene.question("x").toText();
    return "{\"action\":{\"name\":\"" + Scene.WIPE + "\"}," + question.substring(1);
  }

  private static String number(Scene scene) {
    return "{\"context\": " + "9".repeat(10_000) + "}";
  }
}
