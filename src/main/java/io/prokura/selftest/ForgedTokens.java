package io.prokura.selftest;

import static io.prokura.selftest.Expected.inactive;
import static io.prokura.selftest.Expected.refusal;
import static io.prokura.selftest.Forgery.with;

import io.prokura.json.Json;
import io.prokura.selftest.Forgery.Parts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Access tokens that the server did not issue, shown to introspection by the workload that may ask
/// about them. Each is made from a good token that is seen to be alive first.
final class ForgedTokens {
  private static final String BCP = "RFC 8725 §3.1";

  private ForgedTokens() {}

  static List<Attack> all() {
    return List.of(
        forged("an access token with alg none", "RFC 8725 §2.1", ForgedTokens::unsigned),
        forged(
            "an access token with HS256 under the public key", "RFC 8725 §2.1", ForgedTokens::hmac),
        forged(
            "other claims under the signature of a token", "RFC 7515 §5.2", ForgedTokens::altered),
        forged("a token whose signature is cut off", "RFC 7515 §5.2", ForgedTokens::cut),
        forged("the server's kid over a stranger's signature", BCP, ForgedTokens::stranger),
        forged("a token with a stranger's key as jwk", "RFC 7515 §4.1.3", ForgedTokens::carrying),
        Attack.each(
            "a token whose key is named by jku and x5u",
            "RFC 7515 §4.1.2",
            inactive(),
            ForgedTokens::named),
        forged(
            "a token with a critical header that nobody knows",
            "RFC 7515 §4.1.11",
            ForgedTokens::critical),
        forged("a hand-over as an access token", "RFC 8725 §3.11", s -> List.of(handOver(s))),
        forged(
            "a client assertion as an access token",
            "RFC 8725 §3.12",
            s -> beside(s, s.actor().assertion())),
        forged(
            "a DPoP proof as an access token", "RFC 8725 §3.12", s -> beside(s, s.actor().proof())),
        Attack.each(
            "a forged administrator's token at the management API",
            "RFC 9068 §4",
            refusal(401, "invalid_token", "token-invalid"),
            ForgedTokens::administrator));
  }

  private static Attack forged(
      String name, String source, Function<Scene, List<String>> forgeries) {
    return Attack.each(
        name,
        source,
        inactive(),
        scene ->
            forgeries.apply(scene).stream().map(one -> scene.enforcer().introspect(one)).toList());
  }

  private static Parts good(Scene scene) {
    return Forgery.parts(scene.alive(scene.own()));
  }

  /// Something that is no access token, where a good one would be alive.
  private static List<String> beside(Scene scene, String other) {
    scene.alive(scene.own());
    return List.of(other);
  }

  private static List<String> unsigned(Scene scene) {
    var good = good(scene);
    return List.of("none", "None", "NONE", "nOnE").stream()
        .map(name -> Forgery.unsigned(with(good.header(), "alg", name), good.claims()))
        .toList();
  }

  private static List<String> hmac(Scene scene) {
    var good = good(scene);
    var all = new ArrayList<String>();
    for (var jwk : keys(scene)) {
      var header = with(good.header(), "alg", "HS256");
      PublicKeys.spellings(jwk)
          .forEach(secret -> all.add(Forgery.keyed(secret, header, good.claims())));
    }
    return all;
  }

  /// The keys that the server publishes.
  private static List<Json.Obj> keys(Scene scene) {
    var jwks = Scene.good(scene.send(Sent.get("/oauth2/jwks"))).object();
    var keys = new ArrayList<Json.Obj>();
    if (jwks.get("keys").orElse(Json.flag(false)) instanceof Json.Arr(var items)) {
      items.forEach(
          item -> {
            if (item instanceof Json.Obj key) {
              keys.add(key);
            }
          });
    }
    return keys;
  }

  private static List<String> altered(Scene scene) {
    var good = good(scene);
    return List.of(
        new Parts(good.header(), with(good.claims(), "scope", Scene.WIPE), good.signature())
            .compact(),
        new Parts(
                good.header(),
                with(good.claims(), "exp", Json.number(4_000_000_000L)),
                good.signature())
            .compact());
  }

  private static List<String> cut(Scene scene) {
    var token = scene.alive(scene.own());
    int end = token.lastIndexOf('.');
    return List.of(
        token.substring(0, end + 1), token.substring(0, end), token.substring(0, end + 40));
  }

  private static List<String> stranger(Scene scene) {
    var good = good(scene);
    var key = Keyed.newKey(scene.world());
    return List.of(
        Forgery.signed(key, good.header(), good.claims()),
        Forgery.signed(key, Forgery.without(good.header(), "kid"), good.claims()),
        Forgery.signed(key, with(good.header(), "kid", key.kid()), good.claims()));
  }

  private static List<String> carrying(Scene scene) {
    var good = good(scene);
    var key = Keyed.newKey(scene.world());
    var own = with(good.header(), "jwk", key.verificationKey().toJwk());
    return List.of(
        Forgery.signed(key, own, good.claims()),
        Forgery.signed(key, with(own, "kid", key.kid()), good.claims()));
  }

  private static List<Reply> named(Scene scene) {
    var good = good(scene);
    var key = Keyed.newKey(scene.world());
    try (var listener = new Listener()) {
      return List.of("jku", "x5u").stream()
          .map(name -> with(good.header(), name, listener.address("/keys")))
          .map(header -> Forgery.signed(key, with(header, "kid", key.kid()), good.claims()))
          .map(token -> listener.unvisited(scene.enforcer().introspect(token)))
          .toList();
    }
  }

  private static List<String> critical(Scene scene) {
    var good = good(scene);
    var key = Keyed.newKey(scene.world());
    var header = with(good.header(), "crit", Json.texts(List.of("nobody-knows")));
    return List.of(Forgery.signed(key, with(header, "nobody-knows", "x"), good.claims()));
  }

  static String handOver(Scene scene) {
    var token = scene.delegated(scene.delegate());
    return scene.actor().granted(scene.offering(token, scene.helper().id()));
  }

  private static List<Reply> administrator(Scene scene) {
    var claims =
        with(with(good(scene).claims(), "aud", scene.issuer() + "/api/v1"), "scope", "manage");
    var bearer = Forgery.without(with(claims, "sub", scene.person()), "cnf");
    var header = good(scene).header();
    var tokens =
        List.of(
            Forgery.unsigned(with(header, "alg", "none"), bearer),
            Forgery.signed(Keyed.newKey(scene.world()), header, bearer));
    return tokens.stream()
        .map(token -> scene.send(Sent.get("/api/v1/agents").bearer(token)))
        .toList();
  }
}
