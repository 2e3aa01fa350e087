package io.prokura.selftest;

import static io.prokura.selftest.Expected.inactive;
import static io.prokura.selftest.Expected.refusal;

import java.util.List;
import java.util.Optional;

/// Tokens after what they rest on has ended (RFC 7009, RFC 7662), which counts from the next
/// request on; and tokens where they do not belong. These come last, for they end who takes part.
final class Endings {
  private static final Expected NO_TOKEN = refusal(401, "invalid_token", "token-invalid");

  private Endings() {}

  static List<Attack> all() {
    return List.of(
        Attack.of(
            "a token at the workload of another API", "RFC 7662 §4", inactive(), Endings::aside),
        Attack.of(
            "an agent's token at the management API", "RFC 9068 §4", NO_TOKEN, Endings::managing),
        Attack.of(
            "an agent that asks for the management API",
            "RFC 8707 §2",
            refusal(400, "invalid_scope", "invalid_request"),
            Endings::asking),
        Attack.of(
            "an agent's token at the decision point", "RFC 9068 §4", NO_TOKEN, Endings::deciding),
        Attack.of(
            "a token in the address",
            "RFC 9700 §4.3.2",
            new Expected("a refusal, 401", reply -> reply.status() == 401),
            Endings::inAddress),
        Attack.of(
            "a stranger ends a token",
            "RFC 7009 §2.1",
            new Expected("200 active true", Endings::isActive),
            Endings::byStranger),
        Attack.each("a token that its client ended", "RFC 7009 §2.1", inactive(), Endings::revoked),
        Attack.of(
            "a token whose delegation was withdrawn",
            "RFC 7662 §2.2",
            inactive(),
            Endings::withdrawn),
        Attack.each("a suspended agent's tokens", "RFC 7662 §2.2", inactive(), Endings::suspended),
        Attack.of(
            "a suspended agent that asks for a token",
            "RFC 6749 §5.2",
            refusal(400, "unauthorized_client"),
            s -> asking(s, s.victim(), "suspend")),
        Attack.each("a killed agent's tokens", "RFC 7662 §2.2", inactive(), Endings::killed),
        Attack.of(
            "a killed agent that asks for a token",
            "RFC 6749 §5.2",
            refusal(400, "unauthorized_client"),
            s -> asking(s, s.helper(), "kill")));
  }

  private static boolean isActive(Reply reply) {
    return reply.object().flag("active").equals(Optional.of(true));
  }

  private static Reply aside(Scene scene) {
    return scene.neighbour().introspect(scene.alive(scene.own()));
  }

  private static Reply managing(Scene scene) {
    var token = scene.alive(scene.own());
    var proof = scene.actor().proof("GET", "/api/v1/agents", Optional.of(token));
    return scene.send(
        Sent.get("/api/v1/agents").with("Authorization", "DPoP " + token).with("DPoP", proof));
  }

  private static Reply asking(Scene scene) {
    scene.own();
    return scene
        .actor()
        .ask(
            "grant_type",
            "client_credentials",
            "resource",
            scene.issuer() + "/api/v1",
            "scope",
            "manage");
  }

  private static Reply deciding(Scene scene) {
    var token = scene.alive(scene.own());
    var proof = scene.actor().proof("POST", Scene.EVALUATION, Optional.of(token));
    return scene.send(
        Sent.json(Scene.EVALUATION, scene.question(token))
            .with("Authorization", "DPoP " + token)
            .with("DPoP", proof));
  }

  private static Reply inAddress(Scene scene) {
    var token = scene.deciding();
    var question = scene.question(scene.own());
    Scene.good(scene.send(Sent.json(Scene.EVALUATION, question).bearer(token)));
    return scene.send(Sent.json(Scene.EVALUATION + "?access_token=" + token, question));
  }

  private static Reply byStranger(Scene scene) {
    var token = scene.alive(scene.own());
    scene.neighbour().post(Scene.REVOKE, "token", token);
    scene.application().post(Scene.REVOKE, "token", token);
    return scene.enforcer().introspect(token);
  }

  /// The actor ends its own token, and with that what the helper got of it.
  private static List<Reply> revoked(Scene scene) {
    var token = scene.alive(scene.delegated(scene.delegate()));
    var offered = scene.actor().granted(scene.offering(token, scene.helper().id()));
    var taken = scene.alive(scene.helper().granted(scene.taking(offered)));
    var form = Sent.form(Scene.REVOKE, Keyed.asserting(scene.actor().assertion(), "token", token));
    Scene.good(scene.send(form));
    return List.of(scene.enforcer().introspect(token), scene.enforcer().introspect(taken));
  }

  private static Reply withdrawn(Scene scene) {
    var delegation = scene.delegate();
    var token = scene.alive(scene.delegated(delegation));
    scene.registrar().step("delegations", delegation, "revoke");
    return scene.enforcer().introspect(token);
  }

  private static List<Reply> suspended(Scene scene) {
    var token = scene.alive(scene.own(scene.victim()));
    scene.registrar().step("agents", scene.victim().id(), "suspend");
    var reply = scene.enforcer().introspect(token);
    scene.registrar().step("agents", scene.victim().id(), "resume");
    return List.of(reply);
  }

  private static Reply asking(Scene scene, Keyed agent, String step) {
    scene.own(agent);
    scene.registrar().step("agents", agent.id(), step);
    return agent.ask(scene.asking());
  }

  /// What it held itself, and what it was handed.
  private static List<Reply> killed(Scene scene) {
    var own = scene.alive(scene.own(scene.outsider()));
    var held = scene.alive(scene.delegated(scene.delegate()));
    var offered = scene.actor().granted(scene.offering(held, scene.outsider().id()));
    var taken = scene.alive(scene.outsider().granted(scene.taking(offered)));
    scene.registrar().step("agents", scene.outsider().id(), "kill");
    scene.alive(held);
    return List.of(scene.enforcer().introspect(own), scene.enforcer().introspect(taken));
  }
}
