package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;
import static io.prokura.selftest.Forgery.with;
import static io.prokura.selftest.Forgery.without;

import io.prokura.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Tokens that are bound to a key, without that key (RFC 9449): at the token endpoint, and at the
/// decision point, which takes bound tokens of the workloads that ask it.
final class Bindings {
  private static final Expected NO_PROOF = refusal(400, "invalid_dpop_proof");
  private static final Expected UNPROVEN = refusal(400, "invalid_request");
  private static final Expected NO_TOKEN = refusal(401, "invalid_token", "token-invalid");
  private static final Expected NO_PROOF_HERE =
      refusal(401, "invalid_dpop_proof", "dpop-proof-invalid");

  private Bindings() {}

  static List<Attack> all() {
    return List.of(
        Attack.of(
            "a bound agent asks without a proof", "RFC 9449 §5", UNPROVEN, Bindings::unproven),
        Attack.of("a proof sent twice", "RFC 9449 §11.1", NO_PROOF, Bindings::twice),
        Attack.of("two proofs at once", "RFC 9449 §4.3", NO_PROOF, Bindings::both),
        proof("a proof for another method", c -> with(c, "htm", "GET")),
        proof("a proof for another address", c -> with(c, "htu", "https://" + Scene.STRANGER)),
        proof("a proof from long ago", c -> with(c, "iat", Json.number(1_600_000_000L))),
        proof("a proof without jti", c -> without(c, "jti")),
        Attack.each("a proof of a broken form", "RFC 9449 §4.3", NO_PROOF, Bindings::broken),
        Attack.of(
            "a bound token sent as a bearer's", "RFC 9449 §7.1", NO_TOKEN, Bindings::asBearer),
        Attack.of("a bound token without a proof", "RFC 9449 §7.1", NO_PROOF_HERE, Bindings::bare),
        Attack.of(
            "a bound token with the proof of another key",
            "RFC 9449 §7.1",
            NO_TOKEN,
            Bindings::other),
        presented("a proof with the ath of another token", c -> with(c, "ath", "e30")),
        presented("a proof without ath", c -> without(c, "ath")),
        presented(
            "a proof for another host",
            c -> with(c, "htu", "https://" + Scene.STRANGER + Scene.EVALUATION)),
        presented("a proof for another method at an API", c -> with(c, "htm", "GET")),
        Attack.of(
            "a proof sent twice to an API", "RFC 9449 §11.1", NO_PROOF_HERE, Bindings::again));
  }

  private static Attack proof(String name, UnaryOperator<Json.Obj> change) {
    return Attack.of(
        name,
        "RFC 9449 §4.3",
        NO_PROOF,
        scene -> {
          scene.own();
          var actor = scene.actor();
          var claims = change.apply(actor.proofClaims("POST", Scene.TOKEN, Optional.empty()));
          return sent(scene, Forgery.signed(actor.key(), actor.proofHeader(), claims));
        });
  }

  private static Reply sent(Scene scene, String... proofs) {
    var actor = scene.actor();
    var form = Sent.form(Scene.TOKEN, Keyed.asserting(actor.assertion(), scene.asking()));
    for (var proof : proofs) {
      form = form.with("DPoP", proof);
    }
    return scene.send(form);
  }

  private static Reply unproven(Scene scene) {
    scene.own();
    return sent(scene);
  }

  private static Reply twice(Scene scene) {
    scene.own();
    var proof = scene.actor().proof();
    Scene.good(sent(scene, proof));
    return sent(scene, proof);
  }

  private static Reply both(Scene scene) {
    scene.own();
    return sent(scene, scene.actor().proof(), scene.actor().impostor().proof());
  }

  private static List<Reply> broken(Scene scene) {
    scene.own();
    var actor = scene.actor();
    var header = actor.proofHeader();
    var claims = actor.proofClaims("POST", Scene.TOKEN, Optional.empty());
    var stranger = Keyed.newKey(scene.world());
    return List.of(
        sent(scene, Forgery.unsigned(with(header, "alg", "none"), claims)),
        sent(scene, Forgery.signed(stranger, header, claims)),
        sent(scene, Forgery.signed(actor.key(), without(header, "jwk"), claims)),
        sent(scene, Forgery.signed(actor.key(), with(header, "typ", "JWT"), claims)),
        sent(scene, actor.assertion()),
        sent(scene, "e30.e30.e30"));
  }

  // At an API

  /// A workload with a token for the decision point that is bound to its key.
  private record Bound(Scene scene, Keyed holder, String token) {
    static Bound of(Scene scene) {
      var enforcer = scene.enforcer();
      var holder = scene.actor().impostor();
      var pairs =
          new String[] {
            "grant_type", "client_credentials", "resource", scene.issuer() + "/access/v1"
          };
      var form = enforcer.form(Scene.TOKEN, pairs);
      var token = Scene.token(holder.proving(() -> form.with("DPoP", holder.proof())));
      var bound = new Bound(scene, holder, token);
      Scene.good(bound.ask(bound.proof()));
      return bound;
    }

    String proof() {
      return holder.proof("POST", Scene.EVALUATION, Optional.of(token));
    }

    Sent question() {
      return Sent.json(Scene.EVALUATION, scene.question(scene.own()));
    }

    Reply ask(String proof) {
      return scene.send(question().with("Authorization", "DPoP " + token).with("DPoP", proof));
    }
  }

  private static Attack presented(String name, UnaryOperator<Json.Obj> change) {
    return Attack.of(
        name,
        "RFC 9449 §7.1",
        NO_PROOF_HERE,
        scene -> {
          var bound = Bound.of(scene);
          var holder = bound.holder();
          var claims =
              change.apply(
                  holder.proofClaims("POST", Scene.EVALUATION, Optional.of(bound.token())));
          return bound.ask(Forgery.signed(holder.key(), holder.proofHeader(), claims));
        });
  }

  private static Reply asBearer(Scene scene) {
    var bound = Bound.of(scene);
    return scene.send(bound.question().bearer(bound.token()));
  }

  private static Reply bare(Scene scene) {
    var bound = Bound.of(scene);
    return scene.send(bound.question().with("Authorization", "DPoP " + bound.token()));
  }

  private static Reply other(Scene scene) {
    var bound = Bound.of(scene);
    return bound.ask(
        bound.holder().impostor().proof("POST", Scene.EVALUATION, Optional.of(bound.token())));
  }

  private static Reply again(Scene scene) {
    var bound = Bound.of(scene);
    var proof = bound.proof();
    Scene.good(bound.ask(proof));
    return bound.ask(proof);
  }
}
