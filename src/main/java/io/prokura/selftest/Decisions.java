package io.prokura.selftest;

import io.prokura.json.Json;
import io.prokura.tls.NewCertificate;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Questions to the decision point that somebody would like to hear a yes to (AuthZEN Authorization
/// API 1.0), and who may ask them. The honest question is seen to get its yes first.
final class Decisions {
  private static final String RULE = "AuthZEN 1.0 §5";
  private static final Expected DENIED =
      new Expected("200 decision false", reply -> isDecided(reply, false));
  private static final Duration LIFE = Duration.ofHours(1);

  private Decisions() {}

  static List<Attack> all() {
    return List.of(
        question(
            "a question about another API's tool", s -> asked(s.neighbour(), s.question(s.own()))),
        question(
            "an action that the token is not for",
            s -> ask(s, about(s, "action", Json.object().put("name", Scene.WRITE)))),
        question(
            "an action that nobody knows",
            s -> ask(s, about(s, "action", Json.object().put("name", "records.burn")))),
        question(
            "an agent with the token of another",
            s -> ask(s, about(s, "subject", subject("agent", s.outsider().id())))),
        question(
            "a person with the token of an agent",
            s -> ask(s, about(s, "subject", subject("user", s.person())))),
        question("an agent without a token", Decisions::tokenless),
        question("an agent with a token that has ended", Decisions::ended),
        question("an agent with a forged token", Decisions::forged),
        Attack.of(
            "a certificate in a header that anybody can send",
            "RFC 9440 §4",
            Expected.refusal(401, "invalid_client"),
            Decisions::certified));
  }

  static boolean isDecided(Reply reply, boolean decision) {
    return reply.status() == 200 && reply.object().flag("decision").equals(Optional.of(decision));
  }

  private static Attack question(String name, Function<Scene, Reply> play) {
    return Attack.of(
        name,
        RULE,
        DENIED,
        scene -> {
          var honest = ask(scene, scene.question(scene.own()));
          if (!isDecided(honest, true)) {
            throw new Unclear("the honest question gets no yes: " + honest.line());
          }
          return play.apply(scene);
        });
  }

  private static Reply ask(Scene scene, Json.Obj question) {
    return asked(scene.enforcer(), question);
  }

  private static Reply asked(Secretive enforcer, Json.Obj question) {
    return enforcer
        .wire()
        .send(Sent.json(Scene.EVALUATION, question).basic(enforcer.id(), enforcer.secret()));
  }

  /// The honest question with another member.
  private static Json.Obj about(Scene scene, String name, Json.Builder other) {
    return Forgery.with(scene.question(scene.own()), name, other.build());
  }

  private static Json.Builder subject(String type, String id) {
    return Json.object().put("type", type).put("id", id);
  }

  private static Reply tokenless(Scene scene) {
    return ask(scene, Forgery.without(scene.question(scene.own()), "context"));
  }

  private static Reply ended(Scene scene) {
    var token = scene.own();
    var form = Sent.form(Scene.REVOKE, Keyed.asserting(scene.actor().assertion(), "token", token));
    Scene.good(scene.send(form));
    return ask(scene, scene.question(token));
  }

  private static Reply forged(Scene scene) {
    var good = Forgery.parts(scene.own());
    var key = Keyed.newKey(scene.world());
    return ask(scene, scene.question(Forgery.signed(key, good.header(), good.claims())));
  }

  /// Only a proxy that the server knows may say with which certificate somebody came to it; who is
  /// not that proxy only knows what the certificate looks like, which is no secret.
  private static Reply certified(Scene scene) {
    var encoded = certificate(scene, scene.neighbour().id());
    var credential =
        Json.object()
            .put("kind", "certificate")
            .put("certificate", encoded)
            .put("expiresAt", scene.terms().until());
    var path = "workloads/" + scene.neighbour().id() + "/credentials";
    scene.registrar().make(path, credential.build());
    var form =
        Sent.form(Scene.INTROSPECT, "client_id", scene.neighbour().id(), "token", "x")
            .with("Client-Cert", ":" + encoded + ":")
            .with("X-Forwarded-Client-Cert", encoded)
            .with("X-SSL-Client-Cert", encoded);
    return scene.send(form);
  }

  private static String certificate(Scene scene, String name) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      var now = scene.world().now();
      var certificate =
          new NewCertificate(
                  NewCertificate.Use.CLIENT,
                  "CN=" + name,
                  pair.getPublic(),
                  List.of(),
                  BigInteger.ONE,
                  now.minus(LIFE),
                  now.plus(LIFE))
              .signed("CN=" + name, pair.getPrivate());
      return Base64.getEncoder().encodeToString(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has an encoding", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is missing", e);
    }
  }
}
