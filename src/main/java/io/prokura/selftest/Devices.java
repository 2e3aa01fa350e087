package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Requests of devices without a browser (RFC 8628): codes of others, answers that their person did
/// not give, and answers that somebody else takes.
final class Devices {
  private static final String POLLING = "RFC 8628 §3.5";
  private static final String PHISHING = "RFC 8628 §5.4";
  private static final Expected NO_GRANT = refusal(400, "invalid_grant");
  private static final Expected REQUEST = refusal(400, "invalid_request");
  private static final Expected FORBIDDEN =
      new Expected("403", reply -> reply.status() == 403 && reply.first("Location").isEmpty());

  /// Nobody has answered, whatever else was tried.
  private static final Expected UNANSWERED = refusal(400, "authorization_pending", "slow_down");

  /// More than anybody types in by mistake.
  private static final int GUESSES = 8;

  private Devices() {}

  static List<Attack> all() {
    var all = new ArrayList<>(requests());
    all.addAll(answers());
    all.addAll(takings());
    // Last, for it leaves the bystander with no tries.
    all.add(
        Attack.each(
            "the codes of devices guessed",
            "RFC 8628 §5.1",
            new Expected("429 after some tries", reply -> reply.status() == 429),
            Devices::guessed));
    return List.copyOf(all);
  }

  private static List<Attack> requests() {
    return List.of(
        Attack.of(
            "a device request by nobody",
            "RFC 8628 §3.1",
            refusal(401, "invalid_client"),
            s -> begun(s, Sent.form(Waiting.DEVICE, s.wanting("client_id", s.application().id())))),
        Attack.of(
            "a device request by a workload",
            "RFC 8628 §3.1",
            refusal(400, "unauthorized_client"),
            s -> begun(s, s.enforcer().form(Waiting.DEVICE, s.wanting()))),
        Attack.each(
            "a device request with a parameter twice",
            "RFC 8628 §3.1",
            REQUEST,
            s ->
                List.of(
                    begun(s, twice(s, "scope", Scene.WRITE)),
                    begun(s, twice(s, "client_id", s.rival().id())))),
        Attack.of(
            "what is most sensitive by a device",
            PHISHING,
            refusal(400, "invalid_scope"),
            s -> begun(s, wiping(s))));
  }

  private static List<Attack> answers() {
    return List.of(
        Attack.each(
            "the code of a device in a link",
            PHISHING,
            new Expected(
                "a page that has not taken it",
                reply -> reply.status() == 200 && !reply.tells("taken")),
            Devices::linked),
        Attack.each("an answer by a link", PHISHING, UNANSWERED, Devices::byLink),
        answer("an answer without the token of its form", Devices::withoutToken),
        answer("an answer that another site sends", Devices::crossSite),
        answer("an answer by nobody", w -> w.scene().send(w.allowing())),
        Attack.each(
            "an answer by another person",
            PHISHING,
            new Expected("404", reply -> reply.status() == 404),
            Devices::byAnother),
        Attack.each(
            "a code that somebody has typed in before",
            PHISHING,
            new Expected("400", reply -> reply.status() == 400),
            Devices::typedAgain));
  }

  private static List<Attack> takings() {
    return List.of(
        Attack.each("a device code that nobody was given", POLLING, NO_GRANT, Devices::made),
        Attack.of(
            "a device that polls too fast",
            POLLING,
            refusal(400, "slow_down"),
            s -> Waiting.onDevice(s).hurried()),
        Attack.each("a device's tokens taken by another", POLLING, NO_GRANT, Devices::byRival),
        Attack.each(
            "what became of a device's code, told to another",
            POLLING,
            NO_GRANT,
            Devices::inEachState),
        Attack.of("a device's tokens taken twice", POLLING, NO_GRANT, Devices::again),
        Attack.of(
            "a device's tokens after the person said no",
            POLLING,
            refusal(400, "access_denied"),
            s -> Waiting.claimed(s).denied().poll()),
        Attack.of(
            "more than the person left to a device",
            "RFC 6749 §3.3",
            new Expected(
                "a token for what they left, or a refusal",
                reply ->
                    reply.isRefusal()
                        || !reply.object().text("scope").orElse(Scene.WRITE).contains(Scene.WRITE)),
            s -> Waiting.claimed(s).allowed().poll("scope", Scene.READ + " " + Scene.WRITE)));
  }

  /// A request that differs from one that was taken.
  private static Reply begun(Scene scene, Sent sent) {
    Waiting.onDevice(scene);
    return scene.send(sent);
  }

  private static Sent twice(Scene scene, String name, String value) {
    var client = scene.application();
    return client.form(Waiting.DEVICE, scene.wanting("client_id", client.id(), name, value));
  }

  private static Sent wiping(Scene scene) {
    return scene
        .application()
        .form(Waiting.DEVICE, "scope", Scene.WIPE, "resource", scene.resource());
  }

  // Answers

  /// An attack on the answer of a person, who gives it themselves in the end.
  private static Attack answer(String name, Function<Waiting, Reply> play) {
    return Attack.each(
        name,
        "OWASP ASVS 3.5.1",
        FORBIDDEN,
        scene -> {
          var waiting = Waiting.claimed(scene);
          return waiting.asked(play.apply(waiting));
        });
  }

  private static Reply withoutToken(Waiting waiting) {
    waiting.seen();
    var pairs = new String[] {"scope", Scene.READ, "decision", "allow"};
    return waiting.scene().browser().show(Sent.form(waiting.path(), pairs));
  }

  private static Reply crossSite(Waiting waiting) {
    var sent = waiting.allowing().with("Origin", "https://" + Scene.STRANGER);
    return waiting.scene().browser().show(sent.with("Sec-Fetch-Site", "cross-site"));
  }

  private static List<Reply> linked(Scene scene) {
    var code = Waiting.onDevice(scene).userCode().orElse("");
    return List.of("code", "user_code").stream()
        .map(name -> scene.browser().open("/device?" + Sent.encoded(name, code)))
        .map(page -> page.tells(code) ? Reply.fault("the code is taken") : page)
        .toList();
  }

  private static List<Reply> byLink(Scene scene) {
    var waiting = Waiting.claimed(scene);
    var query = Sent.encoded("scope", Scene.READ, "decision", "allow", "lasts", "hour");
    scene.browser().open(waiting.path() + "?" + query);
    return waiting.asked(waiting.poll());
  }

  private static List<Reply> byAnother(Scene scene) {
    var waiting = Waiting.claimed(scene);
    var bystander = scene.bystander();
    var looked = bystander.open(waiting.path());
    Scene.good(bystander.open("/device"));
    var allowed = bystander.submit(waiting.path(), "scope", Scene.READ, "decision", "allow");
    return waiting.asked(looked, allowed);
  }

  private static List<Reply> typedAgain(Scene scene) {
    var waiting = Waiting.claimed(scene);
    Scene.good(scene.bystander().open("/device"));
    return waiting.asked(
        scene.bystander().submit("/device", "code", waiting.userCode().orElse("")));
  }

  private static List<Reply> guessed(Scene scene) {
    var bystander = scene.bystander();
    Scene.good(bystander.open("/device"));
    var reply = bystander.submit("/device", "code", "BBBB-BBBB");
    for (int i = 1; i < GUESSES && reply.status() != 429; i++) {
      reply = bystander.submit("/device", "code", "BBBB-BBBB");
    }
    return List.of(reply);
  }

  // Tokens

  private static List<Reply> made(Scene scene) {
    var waiting = Waiting.claimed(scene).allowed();
    var secret = waiting.secret();
    var replies =
        List.of(
                waiting.userCode().orElse("x"),
                secret.substring(1),
                secret + "x",
                scene.actor().random(),
                "' OR 1=1 --")
            .stream()
            .map(
                code ->
                    waiting
                        .client()
                        .post(Scene.TOKEN, "grant_type", waiting.grant(), "device_code", code))
            .toList();
    return waiting.after(replies);
  }

  private static List<Reply> byRival(Scene scene) {
    var waiting = Waiting.claimed(scene).allowed();
    return waiting.after(waiting.poll(scene.rival()));
  }

  /// To another application a code is none while it waits, before and after it is typed in, once it
  /// is denied, and once its tokens are taken.
  private static List<Reply> inEachState(Scene scene) {
    var waiting = Waiting.onDevice(scene);
    var claimed = Waiting.claimed(scene);
    var denied = Waiting.claimed(scene).denied();
    var taken = Waiting.claimed(scene).allowed();
    taken.taken();
    return List.of(waiting, claimed, denied, taken).stream()
        .map(one -> one.poll(scene.rival()))
        .toList();
  }

  private static Reply again(Scene scene) {
    var waiting = Waiting.claimed(scene).allowed();
    waiting.taken();
    return waiting.poll();
  }
}
