package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.BiFunction;

/// Programs that register themselves (RFC 7591, RFC 7592): without being allowed to, with addresses
/// that are somebody else's or nobody's, with keys that protect nothing, and as each other.
///
/// Where nothing registers itself, the endpoint is not there: that is what is seen then, and said.
final class Registrations {
  private static final String ENDPOINT = "/oauth2/register";
  private static final String MADE = "RFC 7591 §3";
  private static final String OWN = "RFC 7592 §3";
  private static final String ADDRESSES = "RFC 7591 §5";
  private static final int USES = 50;
  private static final Expected CLOSED =
      new Expected("404, as nothing registers itself here", reply -> reply.status() == 404);
  private static final Expected NO_TOKEN =
      new Expected(
          "401", reply -> reply.status() == 401 && reply.object().get("client_id").isEmpty());
  private static final Expected METADATA = refusal(400, "invalid_client_metadata");

  private Registrations() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "a registration by a token that nobody made", MADE, NO_TOKEN, Registrations::strange),
        attack("a registration token that is used up", MADE, NO_TOKEN, Registrations::spent),
        attack(
            "redirect URIs that lead anywhere",
            ADDRESSES,
            refusal(400, "invalid_redirect_uri"),
            Registrations::addresses),
        attack("a registration of keys that anybody has", MADE, METADATA, Registrations::keys),
        attack(
            "a software statement that nobody vouches for",
            "RFC 7591 §2.3",
            refusal(400, "unapproved_software_statement", "invalid_software_statement"),
            Registrations::statements),
        attack(
            "a program that registers for what is not offered",
            MADE,
            METADATA.or(
                new Expected(
                    "a registration without it",
                    reply -> reply.status() == 201 && !reply.tells("client_credentials"))),
            Registrations::grants),
        attack(
            "the registration of another read and changed", OWN, NO_TOKEN, Registrations::another),
        attack("a registration that its token ended", OWN, NO_TOKEN, Registrations::ended),
        attack(
            "a registration access token at an API",
            "RFC 7592 §1.2",
            new Expected("401", reply -> reply.status() == 401),
            Registrations::elsewhere));
  }

  private static Attack attack(
      String name, String source, Expected expected, BiFunction<Scene, Desk, List<Reply>> play) {
    return new Attack(
        name,
        source,
        scene -> isOpen(scene) ? expected : CLOSED,
        scene ->
            isOpen(scene)
                ? play.apply(scene, Desk.of(scene))
                : List.of(scene.send(Sent.json(ENDPOINT, metadata(scene)))));
  }

  private static boolean isOpen(Scene scene) {
    var metadata = Scene.good(scene.send(Sent.get("/.well-known/oauth-authorization-server")));
    return metadata.object().text("registration_endpoint").isPresent();
  }

  /// Good metadata of a web application.
  private static Json.Obj metadata(Scene scene) {
    return Json.object()
        .put("client_name", "selftest")
        .put("redirect_uris", List.of(scene.redirectUri()))
        .build();
  }

  /// Where somebody registers programs with a token that an administrator has made.
  private record Desk(Scene scene, String token) {
    static Desk of(Scene scene) {
      return of(scene, USES);
    }

    static Desk of(Scene scene, int uses) {
      var body =
          Json.object()
              .put("name", "selftest")
              .put("uses", uses)
              .put("expiresAt", scene.terms().until())
              .build();
      var made = scene.registrar().told("registration-tokens", body, "revoke");
      return new Desk(scene, Scene.text(made, "token"));
    }

    Reply send(Json.Obj metadata) {
      var reply = scene.send(Sent.json(ENDPOINT, metadata).bearer(token));
      reply
          .object()
          .text("client_id")
          .ifPresent(id -> scene.registrar().note("clients", id, "deactivate"));
      return reply;
    }

    Json.Obj registered() {
      return Scene.good(send(metadata(scene))).object();
    }

    /// The answer to good metadata in which a member is another.
    Reply with(String name, Json value) {
      return send(Forgery.with(metadata(scene), name, value));
    }
  }

  private static List<Reply> strange(Scene scene, Desk desk) {
    desk.registered();
    var form = Sent.json(ENDPOINT, metadata(scene));
    return List.of(
        scene.send(form.bearer(desk.token() + "x")),
        scene.send(form.bearer(scene.own())),
        scene.send(form.basic(scene.application().id(), scene.application().secret())));
  }

  private static List<Reply> spent(Scene scene, Desk desk) {
    desk.registered();
    var once = Desk.of(scene, 1);
    once.registered();
    return List.of(once.send(metadata(scene)));
  }

  private static List<Reply> addresses(Scene scene, Desk desk) {
    desk.registered();
    var host = Scene.STRANGER;
    return List.of(
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "http://" + host + "/callback",
            "http://127.0.0.1." + host + "/callback",
            "http://127.0.0.1@" + host + "/callback",
            "https://" + host + "/#x",
            "https://*." + host + "/callback",
            "https://user@" + host + "/callback",
            "//" + host + "/callback",
            "/callback",
            scene.issuer() + "/callback")
        .stream()
        .map(uri -> desk.with("redirect_uris", Json.texts(List.of(scene.redirectUri(), uri))))
        .toList();
  }

  private static List<Reply> keys(Scene scene, Desk desk) {
    desk.registered();
    var jwk = Keyed.newKey(scene.world()).verificationKey().toJwk();
    var symmetric = Json.object().put("kty", "oct").put("k", "c2VjcmV0LW9mLWV2ZXJ5Ym9keQ");
    var weak = new byte[128];
    weak[0] = (byte) 0xc0;
    weak[weak.length - 1] = 1;
    var rsa =
        Json.object()
            .put("kty", "RSA")
            .put("e", "AQAB")
            .put("n", Base64.getUrlEncoder().withoutPadding().encodeToString(weak));
    var all = new ArrayList<Reply>();
    for (var key : List.of(Forgery.with(jwk, "d", "AQAB"), symmetric.build(), rsa.build())) {
      all.add(desk.send(proving(scene, Json.array(List.of(key)))));
    }
    all.add(desk.send(proving(scene, Json.array(List.of()))));
    return all;
  }

  /// The metadata of an application that proves itself by keys.
  private static Json.Obj proving(Scene scene, Json keys) {
    var set = Json.object().put("keys", keys).build();
    var method = Forgery.with(metadata(scene), "token_endpoint_auth_method", "private_key_jwt");
    return Forgery.with(method, "jwks", set);
  }

  private static List<Reply> statements(Scene scene, Desk desk) {
    desk.registered();
    var claims = metadata(scene);
    var key = Keyed.newKey(scene.world());
    var header = Forgery.header(key.algorithm().label(), "JWT");
    return List.of(
            Forgery.unsigned(Forgery.header("none", "JWT"), claims),
            Forgery.signed(key, header, claims))
        .stream()
        .map(statement -> desk.with("software_statement", Json.text(statement)))
        .toList();
  }

  private static List<Reply> grants(Scene scene, Desk desk) {
    desk.registered();
    var code = "authorization_code";
    return List.of(
        desk.with("grant_types", Json.texts(List.of("client_credentials"))),
        desk.with("grant_types", Json.texts(List.of("implicit", "password"))),
        desk.with("response_types", Json.texts(List.of("token"))),
        desk.with("grant_types", Json.texts(List.of(code, "client_credentials"))));
  }

  // The registration of a program, in its own hands

  private static String path(Json.Obj registered) {
    return ENDPOINT + "/" + Scene.text(registered, "client_id");
  }

  private static String access(Json.Obj registered) {
    return Scene.text(registered, "registration_access_token");
  }

  private static List<Reply> another(Scene scene, Desk desk) {
    var victim = desk.registered();
    var other = access(desk.registered());
    var stolen =
        Forgery.with(
            Forgery.with(metadata(scene), "client_id", victim.text("client_id").orElse("")),
            "redirect_uris",
            Json.texts(List.of("https://" + Scene.STRANGER + "/callback")));
    var change = Sent.json(path(victim), stolen);
    var put = new Sent("PUT", change.target(), change.headers(), change.body());
    var replies =
        List.of(
            scene.send(Sent.get(path(victim)).bearer(other)),
            scene.send(put.bearer(other)),
            scene.send(Sent.of("DELETE", path(victim)).bearer(other)),
            scene.send(Sent.get(path(victim)).bearer(desk.token())),
            scene.send(Sent.get(path(victim))));
    if (replies.stream().noneMatch(Reply::isGood)) {
      var read = Scene.good(scene.send(Sent.get(path(victim)).bearer(access(victim))));
      return read.tells(Scene.STRANGER)
          ? List.of(Reply.fault("the registration was changed"))
          : replies;
    }
    return replies;
  }

  private static List<Reply> ended(Scene scene, Desk desk) {
    var one = desk.registered();
    var own = Sent.get(path(one)).bearer(access(one));
    Scene.good(scene.send(own));
    Scene.good(scene.send(Sent.of("DELETE", path(one)).bearer(access(one))));
    scene.registrar().forget("clients", Scene.text(one, "client_id"));
    return List.of(
        scene.send(own),
        scene.send(
            Sent.form(Scene.TOKEN, "grant_type", "authorization_code", "code", "x")
                .basic(one.text("client_id").orElse(""), one.text("client_secret").orElse(""))));
  }

  private static List<Reply> elsewhere(Scene scene, Desk desk) {
    var token = access(desk.registered());
    return List.of("/api/v1/agents", "/oauth2/userinfo").stream()
        .map(path -> scene.send(Sent.get(path).bearer(token)))
        .toList();
  }
}
