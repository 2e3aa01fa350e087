package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;
import static io.prokura.selftest.Scene.ACCESS_TOKEN;
import static io.prokura.selftest.Scene.exchanging;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// Token exchanges by which somebody would get more than they were given (RFC 8693). Each begins
/// with a delegation of its own and the token that the actor got by it.
final class Exchanges {
  private static final String RFC = "RFC 8693 §2.2.2";
  private static final Expected REQUEST = refusal(400, "invalid_request");
  private static final Expected SCOPE = refusal(400, "invalid_scope");
  private static final Expected TARGET = refusal(400, "invalid_target");
  private static final Expected ACTOR = refusal(400, "actor_unauthorized");
  private static final String TYPES = "urn:ietf:params:oauth:token-type:";

  private static final String NOBODY = "agt_00000000000000000000000000";

  private Exchanges() {}

  static List<Attack> all() {
    return List.of(
        attack("another agent's token handed over", REQUEST, Exchanges::anothers),
        attack("an attack that leaves no trace in the record", REQUEST, Exchanges::untraced),
        attack("a token handed over without its key", REQUEST, Exchanges::withoutKey),
        attack("a delegation used by another agent", ACTOR, Exchanges::byAnother),
        attack("more than was delegated", SCOPE, Exchanges::wider),
        attack("a resource that was not delegated", TARGET, Exchanges::aside),
        attack("a hand-over taken by another agent", REQUEST, Exchanges::snatched),
        attack("a hand-over taken twice", REQUEST, Exchanges::twice),
        attack("more than was handed over", SCOPE, Exchanges::upscoped),
        attack("more handed over than is held", SCOPE, Exchanges::generous),
        attack("a chain longer than the delegation allows", REQUEST, Exchanges::tooDeep),
        attack(
            "work handed over to nobody",
            refusal(400, "unauthorized_client", "actor_unauthorized"),
            (s, t) -> offered(s, t, NOBODY)),
        attack("work handed over to a workload", ACTOR, (s, t) -> offered(s, t, s.enforcer().id())),
        attack("a token used downstream by its agent", REQUEST, Exchanges::downstream),
        attack("a token used downstream by another API", REQUEST, Exchanges::neighbour),
        Attack.each(
            "other JWTs as the subject token", "RFC 8725 §3.12", REQUEST, Exchanges::spliced),
        Attack.each("other types of subject token", "RFC 8693 §3", REQUEST, Exchanges::types),
        Attack.each("other tokens as the actor's", "RFC 8693 §2.1", REQUEST, Exchanges::actors),
        attack("an actor that is only named", REQUEST, Exchanges::onlyNamed),
        Attack.each(
            "a chain extended after revocation", "RFC 7009 §2.1", REQUEST, Exchanges::extended));
  }

  /// What the actor holds: a delegation and a token by it.
  private record Held(String delegation, String token) {
    static Held by(Scene scene) {
      var delegation = scene.delegate();
      return new Held(delegation, scene.alive(scene.delegated(delegation)));
    }
  }

  private static Attack attack(
      String name, Expected expected, BiFunction<Scene, Held, Reply> play) {
    return Attack.of(name, RFC, expected, scene -> play.apply(scene, Held.by(scene)));
  }

  private static Reply anothers(Scene scene, Held held) {
    return scene.outsider().ask(scene.offering(held.token(), scene.outsider().id()));
  }

  private static Reply untraced(Scene scene, Held held) {
    var reply = anothers(scene, held);
    var reason =
        scene
            .registrar()
            .newest(scene.outsider().id())
            .object("leaf")
            .flatMap(leaf -> leaf.object("facts"))
            .flatMap(facts -> facts.text("reason"));
    return reason.equals(Optional.of("subject-token-invalid"))
        ? reply
        : Reply.fault("the record does not have the refusal");
  }

  private static Reply withoutKey(Scene scene, Held held) {
    var thief = scene.actor().impostor();
    return scene.actor().ask(thief, scene.offering(held.token(), scene.helper().id()));
  }

  private static Reply byAnother(Scene scene, Held held) {
    return scene.outsider().ask(scene.using(held.delegation()));
  }

  private static Reply wider(Scene scene, Held held) {
    return scene.actor().ask(scene.using(held.delegation(), "scope", Scene.WIPE));
  }

  private static Reply aside(Scene scene, Held held) {
    return scene
        .actor()
        .ask(exchanging(Scene.DELEGATION, held.delegation(), "resource", scene.elsewhere()));
  }

  private static String handOver(Scene scene, Held held) {
    return scene
        .actor()
        .granted(scene.offering(held.token(), scene.helper().id(), "scope", Scene.READ));
  }

  private static Reply snatched(Scene scene, Held held) {
    var handOver = handOver(scene, held);
    var reply = scene.outsider().ask(scene.taking(handOver));
    scene.alive(scene.helper().granted(scene.taking(handOver)));
    return reply;
  }

  private static Reply twice(Scene scene, Held held) {
    var handOver = handOver(scene, held);
    scene.alive(scene.helper().granted(scene.taking(handOver)));
    return scene.helper().ask(scene.taking(handOver));
  }

  private static Reply upscoped(Scene scene, Held held) {
    var handOver = handOver(scene, held);
    var reply = scene.helper().ask(scene.taking(handOver, "scope", Scene.WRITE));
    scene.alive(scene.helper().granted(scene.taking(handOver)));
    return reply;
  }

  private static Reply generous(Scene scene, Held held) {
    return scene
        .actor()
        .ask(scene.offering(held.token(), scene.helper().id(), "scope", Scene.WIPE));
  }

  private static Reply tooDeep(Scene scene, Held held) {
    var taken = scene.alive(scene.helper().granted(scene.taking(handOver(scene, held))));
    return scene.helper().ask(scene.offering(taken, scene.outsider().id()));
  }

  private static Reply offered(Scene scene, Held held, String to) {
    return scene.actor().ask(scene.offering(held.token(), to));
  }

  private static Reply downstream(Scene scene, Held held) {
    return scene.actor().ask(exchanging(ACCESS_TOKEN, held.token(), "resource", scene.elsewhere()));
  }

  private static Reply neighbour(Scene scene, Held held) {
    return scene
        .neighbour()
        .post(Scene.TOKEN, exchanging(ACCESS_TOKEN, held.token(), "resource", scene.elsewhere()));
  }

  private static List<Reply> spliced(Scene scene) {
    var held = Held.by(scene);
    var actor = scene.actor();
    var offered = handOver(scene, held);
    return List.of(
        actor.ask(scene.offering(actor.assertion(), scene.helper().id())),
        actor.ask(scene.offering(actor.proof(), scene.helper().id())),
        actor.ask(scene.offering(offered, scene.helper().id())),
        scene.helper().ask(scene.taking(held.token())),
        scene.helper().ask(scene.taking(scene.helper().assertion())),
        actor.ask(scene.using(held.token())));
  }

  private static List<Reply> types(Scene scene) {
    var held = Held.by(scene);
    return List.of("id_token", "jwt", "refresh_token", "saml2", "made-up").stream()
        .map(name -> exchanging(TYPES + name, held.token(), "resource", scene.resource()))
        .map(pairs -> scene.actor().ask(pairs))
        .toList();
  }

  private static List<Reply> actors(Scene scene) {
    var held = Held.by(scene);
    var tokens =
        List.of(
            scene.own(scene.outsider()),
            held.token(),
            handOver(scene, held),
            scene.actor().assertion(),
            Forgery.signed(
                scene.actor().key(), scene.actor().header(), Forgery.parts(scene.own()).claims()));
    return tokens.stream()
        .map(
            token ->
                scene.using(
                    held.delegation(), "actor_token", token, "actor_token_type", ACCESS_TOKEN))
        .map(pairs -> scene.actor().ask(pairs))
        .toList();
  }

  private static Reply onlyNamed(Scene scene, Held held) {
    return scene
        .actor()
        .ask(scene.using(held.delegation(), "requested_actor", scene.helper().id()));
  }

  private static List<Reply> extended(Scene scene) {
    var held = Held.by(scene);
    var offered = handOver(scene, held);
    scene.registrar().step("delegations", held.delegation(), "revoke");
    return List.of(
        scene.helper().ask(scene.taking(offered)),
        scene.actor().ask(scene.offering(held.token(), scene.helper().id())),
        scene.actor().ask(scene.using(held.delegation())));
  }
}
