package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/// What passes through a person's browser once and comes again, or comes from somebody else: codes,
/// forms, requests that were pushed (RFC 9700 §4.5).
final class Replays {
  private static final String CODE = "RFC 6749 §4.1.2";
  private static final String FORM = "OWASP ASVS 3.5.1";

  /// How often it is looked whether something has died.
  private static final int LOOKS = 8;

  private static final Expected NO_GRANT = refusal(400, "invalid_grant");
  private static final Expected NO_CODE =
      new Expected(
          "a refusal, 4xx, without a code",
          reply -> reply.isRefusal() && Visit.codeIn(reply).isEmpty());

  private Replays() {}

  static List<Attack> all() {
    return List.of(
        Attack.of("a code that comes twice", CODE, NO_GRANT, Replays::twice),
        Attack.each(
            "what a code gave that came twice", CODE, Expected.inactive(), Replays::afterTwice),
        code("a code at another application", CODE, Replays::byRival),
        code("a code without its verifier", "RFC 7636 §4.6", Replays::unverified),
        code("a code for another redirect URI", "RFC 6749 §4.1.3", Replays::elsewhere),
        code("a code that is another's token or request", CODE, Replays::likeness),
        Attack.of("a consent form that comes twice", CODE, NO_CODE, Replays::formTwice),
        Attack.each("a consent form in another's session", FORM, NO_CODE, Replays::inAnother),
        Attack.of("a consent form after a no", CODE, NO_CODE, Replays::afterNo),
        Attack.of(
            "a pushed request that comes twice",
            "RFC 9126 §4",
            Expected.nowhere(Scene.STRANGER),
            Replays::pushedTwice));
  }

  /// An attack on a code that is good, which the application redeems after it failed.
  private static Attack code(
      String name, String source, BiFunction<Visit, String, List<Reply>> play) {
    return Attack.each(
        name,
        source,
        NO_GRANT,
        scene -> {
          var visit = Visit.direct(scene);
          var code = visit.code();
          return visit.after(code, play.apply(visit, code));
        });
  }

  private static Reply twice(Scene scene) {
    var visit = Visit.direct(scene);
    var code = visit.code();
    visit.taken(code);
    return visit.redeemed(scene.application(), code);
  }

  /// Both tokens end, whoever of the two was the thief.
  private static List<Reply> afterTwice(Scene scene) {
    var visit = Visit.direct(scene);
    var code = visit.code();
    var token = scene.alive(Scene.token(visit.taken(code)));
    visit.redeemed(scene.application(), code);
    var seen = scene.enforcer().introspect(token);
    for (int i = 1; i < LOOKS && !Expected.inactive().holds().test(seen); i++) {
      seen = scene.enforcer().introspect(token);
    }
    return List.of(seen);
  }

  private static List<Reply> byRival(Visit visit, String code) {
    var scene = visit.scene();
    return List.of(
        visit.redeemed(scene.rival(), code),
        visit.redeemed(scene.rival(), code, "redirect_uri", scene.redirectUri()));
  }

  private static List<Reply> unverified(Visit visit, String code) {
    return List.of("x".repeat(43), "", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").stream()
        .map(verifier -> visit.verified(code, verifier))
        .toList();
  }

  private static List<Reply> elsewhere(Visit visit, String code) {
    var own = visit.scene().redirectUri();
    return List.of("https://" + Scene.STRANGER + "/callback", own + "/", own + "?x=y").stream()
        .map(uri -> visit.redeemed(visit.scene().application(), code, "redirect_uri", uri))
        .toList();
  }

  private static List<Reply> likeness(Visit visit, String code) {
    var client = visit.scene().application();
    var request = visit.page().substring(visit.page().indexOf('=') + 1);
    return List.of(request, code.substring(1), code + "x", code.toUpperCase(Locale.ROOT)).stream()
        .map(other -> visit.redeemed(client, other))
        .toList();
  }

  // Forms and requests

  private static Reply formTwice(Scene scene) {
    var visit = Visit.direct(scene);
    var form = visit.allowing();
    var browser = scene.browser();
    var first = browser.show(form);
    var code =
        Visit.codeIn(first)
            .orElseThrow(() -> new Unclear("allowing comes to no code: " + first.line()));
    visit.taken(code);
    return browser.show(form);
  }

  private static List<Reply> inAnother(Scene scene) {
    var visit = Visit.direct(scene);
    var form = visit.allowing();
    var replies = List.of(scene.bystander().show(form), scene.send(form));
    if (replies.stream().allMatch(Reply::isRefusal)) {
      visit.taken(visit.code());
    }
    return replies;
  }

  private static Reply afterNo(Scene scene) {
    var visit = Visit.direct(scene);
    var form = visit.allowing();
    var browser = scene.browser();
    browser.submit("/consent", "decision", "deny");
    return browser.show(form);
  }

  private static Reply pushedTwice(Scene scene) {
    var address = Visit.pushed(scene);
    var visit = Visit.at(scene, address);
    visit.taken(visit.code());
    return scene.browser().open(address);
  }
}
