package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;
import static io.prokura.selftest.Forgery.with;
import static io.prokura.selftest.Forgery.without;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What is not the word of a server elsewhere that is trusted, or not for this server, this client
/// or this time (RFC 7523 §3, draft-ietf-oauth-identity-assertion-authz-grant §4.4). A good
/// assertion is seen to be taken first.
final class IssuerAssertions {
  private static final String TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String RFC = "RFC 7523 §3";
  private static final String ID_JAG = "ID-JAG §4.4.1";
  private static final Expected NO_GRANT = refusal(400, "invalid_grant");

  private IssuerAssertions() {}

  static List<Attack> all() {
    var all = new ArrayList<>(forged());
    all.addAll(aimed());
    return List.copyOf(all);
  }

  private static List<Attack> forged() {
    return List.of(
        attack("the word of an issuer that nobody trusts", RFC, IssuerAssertions::strangers),
        attack("the server's own tokens as an issuer's word", RFC, IssuerAssertions::own),
        attack(
            "an issuer's word with alg none or HS256", "RFC 8725 §2.1", IssuerAssertions::unsigned),
        attack("an issuer's word of another typ", "RFC 8725 §3.11", IssuerAssertions::typed),
        attack("an issuer's word from another time", RFC, IssuerAssertions::timed),
        attack("an issuer's word without a name of its own", RFC, IssuerAssertions::lacking),
        attack("an issuer's word sent twice", RFC, IssuerAssertions::twice));
  }

  private static List<Attack> aimed() {
    return List.of(
        attack("an issuer's word for another server", RFC, IssuerAssertions::audiences),
        attack(
            "an issuer's word about nobody",
            RFC,
            s -> List.of(changed(s, s.voucher(), "sub", "nobody"))),
        attack("an ID-JAG for another client", ID_JAG, IssuerAssertions::otherClient),
        attack(
            "a word of a kind that its issuer is not trusted for",
            ID_JAG,
            IssuerAssertions::otherKind),
        Attack.each(
            "more than an issuer's word is for",
            RFC,
            refusal(400, "invalid_scope", "invalid_target"),
            IssuerAssertions::wider));
  }

  private static Attack attack(
      String name, String source, Function<Scene, List<String>> assertions) {
    return Attack.each(
        name,
        source,
        NO_GRANT,
        scene -> {
          good(scene);
          return assertions.apply(scene).stream().map(one -> redeem(scene, one)).toList();
        });
  }

  /// Makes sure that the word of either issuer is taken.
  private static void good(Scene scene) {
    for (var issuer : List.of(scene.voucher(), scene.idp())) {
      Scene.token(redeem(scene, issuer.assertion(scene)));
    }
  }

  private static Reply redeem(Scene scene, String assertion, String... more) {
    var pairs =
        Scene.joined(
            List.of("grant_type", TYPE, "assertion", assertion, "resource", scene.resource()),
            more);
    return scene.application().post(Scene.TOKEN, pairs);
  }

  private static String changed(Scene scene, Voucher issuer, String name, String value) {
    return issuer.signed(with(issuer.claims(scene), name, value));
  }

  private static List<String> strangers(Scene scene) {
    var issuer = scene.voucher();
    var stranger = Keyed.newKey(scene.world());
    var claims = issuer.claims(scene);
    var carrying = with(issuer.header(), "jwk", stranger.verificationKey().toJwk());
    return List.of(
        Forgery.signed(stranger, issuer.header(), claims),
        Forgery.signed(stranger, carrying, claims),
        Forgery.signed(stranger, issuer.header(), with(claims, "iss", "https://" + Scene.STRANGER)),
        Forgery.signed(stranger, issuer.header(), with(claims, "iss", scene.issuer())),
        changed(scene, issuer, "iss", scene.idp().issuer()));
  }

  private static List<String> own(Scene scene) {
    var tokens = Scene.good(Waiting.backchannel(scene).allowed().poll()).object();
    return List.of(
        scene.own(),
        Scene.text(tokens, "access_token"),
        Scene.text(tokens, "id_token"),
        scene.actor().assertion());
  }

  private static List<String> unsigned(Scene scene) {
    var issuer = scene.voucher();
    var all = new ArrayList<String>();
    all.add(Forgery.unsigned(with(issuer.header(), "alg", "none"), issuer.claims(scene)));
    for (var secret : PublicKeys.spellings(issuer.key().verificationKey().toJwk())) {
      all.add(Forgery.keyed(secret, with(issuer.header(), "alg", "HS256"), issuer.claims(scene)));
    }
    return all;
  }

  private static List<String> typed(Scene scene) {
    var issuer = scene.voucher();
    return List.of("at+jwt", "client-authentication+jwt", "dpop+jwt", "logout+jwt").stream()
        .map(typ -> with(issuer.header(), "typ", typ))
        .map(header -> Forgery.signed(issuer.key(), header, issuer.claims(scene)))
        .toList();
  }

  private static List<String> timed(Scene scene) {
    var issuer = scene.voucher();
    var claims = issuer.claims(scene);
    long now = scene.world().now().getEpochSecond();
    return List.of(
        issuer.signed(with(claims, "exp", Json.number(now - 300))),
        issuer.signed(with(claims, "exp", Json.number(now + 400_000))),
        issuer.signed(with(claims, "nbf", Json.number(now + 600))),
        issuer.signed(with(claims, "iat", Json.number(now + 600))));
  }

  private static List<String> lacking(Scene scene) {
    var issuer = scene.voucher();
    return List.of("jti", "exp", "iat", "sub", "aud", "iss").stream()
        .map(name -> issuer.signed(without(issuer.claims(scene), name)))
        .toList();
  }

  private static List<String> twice(Scene scene) {
    var used = scene.voucher().assertion(scene);
    Scene.token(redeem(scene, used));
    return List.of(used);
  }

  private static List<String> audiences(Scene scene) {
    var issuer = scene.voucher();
    var claims = issuer.claims(scene);
    var stranger = "https://" + Scene.STRANGER;
    return List.of(
        issuer.signed(with(claims, "aud", stranger)),
        issuer.signed(with(claims, "aud", scene.issuer() + Scene.TOKEN)),
        issuer.signed(with(claims, "aud", scene.resource())),
        issuer.signed(with(claims, "aud", Json.texts(List.of(scene.issuer(), stranger)))),
        scene
            .idp()
            .signed(
                with(
                    scene.idp().claims(scene),
                    "aud",
                    Json.texts(List.of(scene.issuer(), stranger)))));
  }

  private static List<String> otherClient(Scene scene) {
    var idp = scene.idp();
    return List.of(
        changed(scene, idp, "client_id", scene.rival().id()),
        changed(scene, idp, "azp", scene.rival().id()),
        idp.signed(without(idp.claims(scene), "client_id")));
  }

  private static List<String> otherKind(Scene scene) {
    var voucher = scene.voucher();
    var idp = scene.idp();
    var claims = idp.claims(scene);
    return List.of(
        Forgery.signed(idp.key(), with(idp.header(), "typ", Voucher.PLAIN), claims),
        Forgery.signed(idp.key(), without(idp.header(), "typ"), claims),
        Forgery.signed(
            voucher.key(), with(voucher.header(), "typ", Voucher.ID_JAG), voucher.claims(scene)));
  }

  private static List<Reply> wider(Scene scene) {
    good(scene);
    var idp = scene.idp();
    return List.of(
        redeem(scene, changed(scene, idp, "scope", Scene.READ), "scope", Scene.WRITE),
        redeem(scene, changed(scene, idp, "resource", scene.elsewhere())));
  }
}
