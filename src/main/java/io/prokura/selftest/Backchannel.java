package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;
import static io.prokura.selftest.Scene.ACCESS_TOKEN;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.List;

/// Requests to people who are not at the browser (OpenID Connect CIBA Core): what they tell of
/// people, what they show them, who takes the answer, and who acts by it.
final class Backchannel {
  private static final String ASKED = "CIBA Core §7.1";
  private static final String TAKEN = "CIBA Core §10.1";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  private static final Expected NO_GRANT = refusal(400, "invalid_grant");
  private static final Expected REQUEST = refusal(400, "invalid_request");
  private static final long EXPIRY_MAX = 86_400;

  /// Whom no deployment has.
  private static final String NOBODY = "nobody-of-the-self-test";

  /// More than one application may have waiting for one person.
  private static final int MANY = 5;

  private Backchannel() {}

  static List<Attack> all() {
    var all = new ArrayList<>(requests());
    all.addAll(texts());
    all.addAll(takings());
    return List.copyOf(all);
  }

  private static List<Attack> requests() {
    return List.of(
        Attack.each(
            "whether a person exists, told by CIBA",
            "CIBA Core §13",
            new Expected(
                "one answer, whoever is named",
                reply -> reply.isGood() && reply.object().text("auth_req_id").isPresent()),
            Backchannel::unknown),
        Attack.of(
            "a CIBA request by nobody",
            ASKED,
            refusal(401, "invalid_client"),
            s -> s.send(Sent.form(Waiting.BACKCHANNEL, named(s)))),
        Attack.of(
            "a CIBA request by a workload",
            ASKED,
            refusal(400, "unauthorized_client"),
            s -> s.enforcer().post(Waiting.BACKCHANNEL, named(s))),
        Attack.each("a CIBA request that names two people", ASKED, REQUEST, Backchannel::both),
        Attack.each("a CIBA request with a parameter twice", ASKED, REQUEST, Backchannel::twice),
        Attack.each("other tokens as an ID token hint", ASKED, REQUEST, Backchannel::hints),
        Attack.of(
            "a CIBA request object that nobody signed",
            "CIBA Core §7.1.1",
            refusal(400, "request_not_supported", "invalid_request"),
            Backchannel::unsigned),
        Attack.each(
            "somebody else as the agent of a CIBA request", ASKED, REQUEST, Backchannel::strangers),
        Attack.of(
            "a person who is asked without end",
            "CIBA Core §13",
            new Expected("429", reply -> reply.status() == 429),
            Backchannel::flooded));
  }

  private static List<Attack> texts() {
    return List.of(
        Attack.each(
            "a binding message that hides something",
            "CIBA Core §7.1",
            refusal(400, "invalid_binding_message", "invalid_request"),
            Backchannel::hiding),
        Attack.of(
            "markup in a binding message",
            "OWASP ASVS 1.2.1",
            new Expected(
                "a page that shows it as text",
                reply -> reply.isGood() && !reply.tells("<script>alert")),
            Backchannel::markup),
        Attack.each(
            "a CIBA request that never ends",
            ASKED,
            REQUEST.or(
                new Expected(
                    "a day at most",
                    reply ->
                        reply.isGood()
                            && reply.object().number("expires_in").orElse(Long.MAX_VALUE)
                                <= EXPIRY_MAX)),
            Backchannel::expiries));
  }

  private static List<Attack> takings() {
    return List.of(
        Attack.each("CIBA tokens taken by another", TAKEN, NO_GRANT, Backchannel::byRival),
        Attack.of("CIBA tokens taken twice", TAKEN, NO_GRANT, Backchannel::again),
        Attack.each("CIBA tokens by the way of a device", TAKEN, NO_GRANT, Backchannel::crossed),
        Attack.of(
            "CIBA tokens after the person said no",
            "CIBA Core §11",
            refusal(400, "access_denied"),
            s -> Waiting.backchannel(s).denied().poll()),
        Attack.of(
            "a CIBA poll that comes too fast",
            "CIBA Core §11",
            refusal(400, "slow_down"),
            Backchannel::hasty),
        Attack.each(
            "an agent's CIBA tokens without its own token",
            "RFC 8693 §2.1",
            refusal(400, "invalid_grant", "invalid_request"),
            Backchannel::unproven),
        Attack.each(
            "an agent that takes over what was for no agent",
            "RFC 8693 §2.1",
            REQUEST,
            Backchannel::intruded));
  }

  // Requests

  private static String[] named(Scene scene, String... more) {
    return scene.wanting(Scene.joined(List.of("login_hint", scene.person()), more));
  }

  /// A request about somebody who was never asked before, so that there is room for it.
  private static String[] fresh(Scene scene, String... more) {
    return scene.wanting(Scene.joined(List.of("login_hint", scene.somebody()), more));
  }

  private static Reply ask(Scene scene, String... pairs) {
    return scene.application().post(Waiting.BACKCHANNEL, pairs);
  }

  /// The same answer to the letter, but for what the client polls with.
  private static List<Reply> unknown(Scene scene) {
    var known = Scene.good(ask(scene, fresh(scene)));
    var wanted = masked(known) + polled(scene, known);
    var all = new ArrayList<Reply>(List.of(known));
    for (var hint : List.of(NOBODY, "usr_00000000000000000000000000", NOBODY + "@x.invalid")) {
      var reply = ask(scene, scene.wanting("login_hint", hint));
      boolean isOne = wanted.equals(masked(reply) + polled(scene, reply));
      all.add(isOne ? reply : Reply.fault("the answers differ"));
    }
    return all;
  }

  private static String masked(Reply reply) {
    return reply.status() + Forgery.without(reply.object(), "auth_req_id").toText();
  }

  private static String polled(Scene scene, Reply asked) {
    var id = asked.object().text("auth_req_id").orElse("");
    var client = scene.application();
    var reply = client.post(Scene.TOKEN, "grant_type", Waiting.CIBA, "auth_req_id", id);
    return reply.status() + reply.body();
  }

  private static List<Reply> both(Scene scene) {
    Scene.good(ask(scene, fresh(scene)));
    return List.of(
        ask(scene, named(scene, "id_token_hint", "e30.e30.e30")),
        ask(scene, named(scene, "login_hint_token", "x")),
        ask(scene, scene.wanting()));
  }

  private static List<Reply> twice(Scene scene) {
    Scene.good(ask(scene, fresh(scene)));
    return List.of(
        ask(scene, fresh(scene, "login_hint", scene.person())),
        ask(scene, fresh(scene, "scope", Scene.READ)),
        ask(scene, fresh(scene, "binding_message", "a", "binding_message", "b")));
  }

  private static List<Reply> hints(Scene scene) {
    var tokens = Scene.good(Waiting.backchannel(scene).allowed().poll());
    var idToken = tokens.object().text("id_token").orElse("");
    var parts = Forgery.parts(idToken);
    var stranger = Keyed.newKey(scene.world());
    Waiting.hinted(scene, "id_token_hint", idToken).denied();
    var all = new ArrayList<Reply>();
    for (var hint :
        List.of(
            Scene.token(tokens),
            scene.own(),
            Forgery.unsigned(Forgery.with(parts.header(), "alg", "none"), parts.claims()),
            Forgery.signed(stranger, parts.header(), parts.claims()))) {
      all.add(ask(scene, scene.wanting("id_token_hint", hint)));
    }
    var asked = scene.wanting("id_token_hint", idToken);
    all.add(scene.rival().post(Waiting.BACKCHANNEL, asked));
    return all;
  }

  private static Reply unsigned(Scene scene) {
    Scene.good(ask(scene, fresh(scene)));
    var header = Forgery.header("none", "JWT");
    var claims = Json.object().put("login_hint", scene.person()).put("aud", scene.issuer()).build();
    return ask(scene, scene.wanting("request", Forgery.unsigned(header, claims)));
  }

  private static List<Reply> strangers(Scene scene) {
    Scene.good(ask(scene, fresh(scene, "requested_actor", scene.actor().id())));
    Scene.good(asAgent(scene, scene.actor().id()));
    return List.of(
        asAgent(scene, scene.helper().id()),
        ask(scene, fresh(scene, "requested_actor", scene.person())),
        ask(scene, fresh(scene, "requested_actor", scene.enforcer().id())),
        ask(scene, fresh(scene, "requested_actor", "agt_00000000000000000000000000")));
  }

  /// The actor asks a person to act for them, as which agent ever.
  private static Reply asAgent(Scene scene, String agent) {
    var pairs = fresh(scene, "requested_actor", agent);
    return scene.send(
        Sent.form(Waiting.BACKCHANNEL, Keyed.asserting(scene.actor().assertion(), pairs)));
  }

  private static Reply flooded(Scene scene) {
    var pairs = fresh(scene);
    var reply = Scene.good(ask(scene, pairs));
    for (int i = 1; i < MANY; i++) {
      reply = ask(scene, pairs);
    }
    return reply;
  }

  // What a request says

  private static List<Reply> hiding(Scene scene) {
    Scene.good(ask(scene, fresh(scene, "binding_message", "Order 17")));
    return List.of("a\nb", "a\tb", "a\0b", "a\u202eb", "a\u200bb", "a\u2028b", "x".repeat(500))
        .stream()
        .map(text -> ask(scene, fresh(scene, "binding_message", text)))
        .toList();
  }

  private static Reply markup(Scene scene) {
    var waiting = Waiting.backchannel(scene, "binding_message", "<script>alert(1)</script>");
    var page = waiting.seen();
    waiting.denied();
    return page;
  }

  private static List<Reply> expiries(Scene scene) {
    Scene.good(ask(scene, fresh(scene, "requested_expiry", "60")));
    return List.of("0", "-1", "1.5", "1e9", "x", "99999999999999999999", "999999999").stream()
        .map(text -> ask(scene, fresh(scene, "requested_expiry", text)))
        .toList();
  }

  // Tokens

  private static List<Reply> byRival(Scene scene) {
    var waiting = Waiting.backchannel(scene).allowed();
    return waiting.after(waiting.poll(scene.rival()));
  }

  private static Reply again(Scene scene) {
    var waiting = Waiting.backchannel(scene).allowed();
    waiting.taken();
    return waiting.poll();
  }

  private static List<Reply> crossed(Scene scene) {
    var request = Waiting.backchannel(scene).allowed();
    var device = Waiting.claimed(scene).allowed();
    var client = scene.application();
    var replies =
        List.of(
            client.post(Scene.TOKEN, "grant_type", device.grant(), "device_code", request.secret()),
            client.post(
                Scene.TOKEN, "grant_type", request.grant(), "auth_req_id", device.secret()));
    device.after(replies);
    return request.after(replies);
  }

  private static Reply hasty(Scene scene) {
    var waiting = Waiting.backchannel(scene);
    var reply = waiting.hurried();
    waiting.denied();
    return reply;
  }

  private static List<Reply> unproven(Scene scene) {
    var actor = scene.actor();
    var helper = scene.helper();
    var person = Scene.good(Waiting.backchannel(scene).allowed().poll()).object();
    var waiting = Waiting.backchannel(scene, "requested_actor", actor.id()).allowed();
    var own = acting(scene.own());
    var replies =
        List.of(
            waiting.poll(),
            waiting.poll(own),
            waiting.poll(helper, own),
            waiting.poll(helper, acting(scene.own(helper))),
            waiting.poll(actor, acting(scene.delegated(scene.delegate()))),
            waiting.poll(actor, acting(person.text("id_token").orElse(""))),
            waiting.poll(actor, acting(person.text("access_token").orElse(""))),
            waiting.poll(actor, acting(actor.assertion())),
            waiting.poll(actor, "actor_token", helper.assertion(), "actor_token_type", JWT),
            waiting.poll(
                actor, "actor_token", actor.impostor().assertion(), "actor_token_type", JWT));
    if (replies.stream().noneMatch(Reply::isGood)) {
      Scene.token(waiting.poll(actor, own));
    }
    return replies;
  }

  private static String[] acting(String token) {
    return new String[] {"actor_token", token, "actor_token_type", ACCESS_TOKEN};
  }

  private static List<Reply> intruded(Scene scene) {
    var waiting = Waiting.backchannel(scene).allowed();
    return waiting.after(waiting.poll(scene.actor(), acting(scene.own())));
  }
}
