package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;
import static io.prokura.selftest.Forgery.with;
import static io.prokura.selftest.Forgery.without;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Client assertions that an agent did not make for this server, now and once (RFC 7523 §3 as
/// draft-ietf-oauth-rfc7523bis tightens it). A good one is seen to be taken first.
final class ForgedAssertions {
  private static final String RFC = "RFC 7523 §3";

  private ForgedAssertions() {}

  static List<Attack> all() {
    return List.of(
        attack("an assertion sent twice", RFC, ForgedAssertions::twice),
        attack("an assertion with alg none", "RFC 8725 §2.1", ForgedAssertions::unsigned),
        attack(
            "an assertion with HS256 under the public key",
            "RFC 8725 §2.1",
            ForgedAssertions::hmac),
        attack("an assertion signed with a stranger's key", RFC, ForgedAssertions::stranger),
        attack(
            "an assertion with a stranger's key as jwk",
            "RFC 7515 §4.1.3",
            ForgedAssertions::carrying),
        Attack.each(
            "an assertion whose key is named by jku and x5u",
            "RFC 7515 §4.1.2",
            refusal(401, "invalid_client"),
            ForgedAssertions::named),
        attack("an assertion of another typ", "RFC 8725 §3.11", ForgedAssertions::typed),
        attack("an assertion for two audiences", "rfc7523bis §4", s -> audience(s, two(s))),
        attack(
            "an assertion for the token endpoint",
            "rfc7523bis §4",
            s -> audience(s, Json.text(s.issuer() + Scene.TOKEN))),
        attack(
            "an assertion for another server",
            RFC,
            s -> audience(s, Json.text("https://" + Scene.STRANGER))),
        attack("an assertion that has expired", RFC, s -> timed(s, "exp", -300)),
        attack("an assertion that never expires", RFC, s -> timed(s, "exp", 400_000)),
        attack("an assertion from the future", RFC, s -> timed(s, "nbf", 600)),
        attack("an assertion without exp or jti", RFC, ForgedAssertions::lacking),
        attack("an assertion about another agent", RFC, ForgedAssertions::ofAnother),
        Attack.of(
            "an assertion beside the id of another client",
            "RFC 7521 §4.2",
            refusal(401, "invalid_client"),
            ForgedAssertions::besideAnother));
  }

  private static Reply besideAnother(Scene scene) {
    scene.own();
    var pairs = scene.asking("client_id", scene.outsider().id());
    return post(scene, scene.actor().assertion(), pairs);
  }

  private static Attack attack(
      String name, String source, Function<Scene, List<String>> assertions) {
    return Attack.each(
        name,
        source,
        refusal(401, "invalid_client"),
        scene -> {
          scene.own();
          return assertions.apply(scene).stream()
              .map(assertion -> post(scene, assertion, scene.asking()))
              .toList();
        });
  }

  private static Reply post(Scene scene, String assertion, String... pairs) {
    var form = Sent.form(Scene.TOKEN, Keyed.asserting(assertion, pairs));
    return scene.send(form.with("DPoP", scene.actor().proof()));
  }

  private static List<String> twice(Scene scene) {
    var assertion = scene.actor().assertion();
    Scene.good(once(scene, assertion));
    return List.of(assertion);
  }

  /// Where proofs need a nonce, the assertion is used up by the answer that gives one.
  private static Reply once(Scene scene, String assertion) {
    var first = post(scene, assertion, scene.asking());
    boolean wantsNonce = first.error().equals(Optional.of("use_dpop_nonce"));
    return wantsNonce ? new Reply(200, first.headers(), "") : first;
  }

  private static List<String> unsigned(Scene scene) {
    var header = with(scene.actor().header(), "alg", "none");
    return List.of(Forgery.unsigned(header, scene.actor().claims()));
  }

  private static List<String> hmac(Scene scene) {
    var actor = scene.actor();
    var header = with(actor.header(), "alg", "HS256");
    return PublicKeys.spellings(actor.key().verificationKey().toJwk()).stream()
        .map(secret -> Forgery.keyed(secret, header, actor.claims()))
        .toList();
  }

  private static List<String> stranger(Scene scene) {
    var actor = scene.actor();
    var impostor = actor.impostor();
    return List.of(
        impostor.assertion(),
        Forgery.signed(impostor.key(), actor.header(), actor.claims()),
        Forgery.signed(impostor.key(), without(actor.header(), "kid"), actor.claims()));
  }

  private static List<String> carrying(Scene scene) {
    var impostor = scene.actor().impostor();
    var header = with(impostor.header(), "jwk", impostor.key().verificationKey().toJwk());
    return List.of(
        Forgery.signed(impostor.key(), header, impostor.claims()),
        Forgery.signed(
            impostor.key(), with(header, "kid", scene.actor().key().kid()), impostor.claims()));
  }

  private static List<Reply> named(Scene scene) {
    scene.own();
    var impostor = scene.actor().impostor();
    try (var listener = new Listener()) {
      return List.of("jku", "x5u").stream()
          .map(name -> with(impostor.header(), name, listener.address("/keys")))
          .map(header -> Forgery.signed(impostor.key(), header, impostor.claims()))
          .map(one -> listener.unvisited(post(scene, one, scene.asking())))
          .toList();
    }
  }

  private static List<String> typed(Scene scene) {
    var actor = scene.actor();
    var all = new ArrayList<String>();
    for (var typ : List.of("at+jwt", "dpop+jwt", "oauth-authz-req+jwt", "logout+jwt")) {
      all.add(Forgery.signed(actor.key(), with(actor.header(), "typ", typ), actor.claims()));
    }
    return all;
  }

  private static Json two(Scene scene) {
    return Json.texts(List.of(scene.issuer(), "https://" + Scene.STRANGER));
  }

  private static List<String> audience(Scene scene, Json audience) {
    return List.of(signed(scene, with(scene.actor().claims(), "aud", audience)));
  }

  private static List<String> timed(Scene scene, String name, long ahead) {
    long then = scene.world().now().getEpochSecond() + ahead;
    return List.of(signed(scene, with(scene.actor().claims(), name, Json.number(then))));
  }

  private static List<String> lacking(Scene scene) {
    return List.of(
        signed(scene, without(scene.actor().claims(), "exp")),
        signed(scene, without(scene.actor().claims(), "jti")));
  }

  private static List<String> ofAnother(Scene scene) {
    var claims = scene.actor().claims();
    var other = scene.outsider().id();
    return List.of(
        signed(scene, with(claims, "sub", other)),
        signed(scene, with(claims, "iss", other)),
        signed(scene, with(with(claims, "iss", other), "sub", other)));
  }

  private static String signed(Scene scene, Json.Obj claims) {
    return Forgery.signed(scene.actor().key(), scene.actor().header(), claims);
  }
}
