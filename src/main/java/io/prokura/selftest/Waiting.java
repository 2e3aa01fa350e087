package io.prokura.selftest;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A request of an application's that waits for its person, who answers it in their own browser.
///
/// @param grant the grant type by which the application polls
/// @param parameter by which it names the request then
/// @param secret what it names it by
/// @param path where the person answers it; empty while it is not known
record Waiting(
    Scene scene,
    Secretive client,
    String grant,
    String parameter,
    String secret,
    Optional<String> userCode,
    String path) {
  static final String DEVICE = "/oauth2/device_authorization";
  static final String BACKCHANNEL = "/oauth2/bc-authorize";
  static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
  static final String CIBA = "urn:openid:params:grant-type:ciba";

  private static final int POLLS = 8;
  private static final Pattern REQUEST = Pattern.compile("\"(/me/requests/[^\"]+)\"");

  /// A device's request of the application's (RFC 8628 §3.1), whose code nobody has typed in yet.
  static Waiting onDevice(Scene scene) {
    var client = scene.application();
    var reply = Scene.good(client.post(DEVICE, scene.wanting()));
    return new Waiting(
        scene,
        client,
        DEVICE_CODE,
        "device_code",
        member(reply, "device_code"),
        reply.object().text("user_code"),
        "");
  }

  /// The same after the person has typed in its code.
  static Waiting claimed(Scene scene) {
    var waiting = onDevice(scene);
    Scene.good(scene.browser().open("/device"));
    var entered = scene.browser().submit("/device", "code", waiting.userCode().orElse(""));
    return waiting.at(
        entered
            .first("Location")
            .filter(path -> path.startsWith("/me/requests/"))
            .orElseThrow(() -> new Unclear("a good code is not taken: " + entered.line())));
  }

  /// A request of the application's to the person behind their browser (CIBA Core §7.1).
  static Waiting backchannel(Scene scene, String... more) {
    return hinted(scene, Scene.joined(List.of("login_hint", scene.person()), more));
  }

  /// The same to the person whom a hint among the parameters names.
  static Waiting hinted(Scene scene, String... pairs) {
    var before = paths(scene);
    var client = scene.application();
    var reply = Scene.good(client.post(BACKCHANNEL, scene.wanting(pairs)));
    var after = paths(scene);
    after.removeAll(before);
    return new Waiting(
            scene, client, CIBA, "auth_req_id", member(reply, "auth_req_id"), Optional.empty(), "")
        .at(
            after.stream()
                .findFirst()
                .orElseThrow(() -> new Unclear("a good request does not reach its person")));
  }

  private static Set<String> paths(Scene scene) {
    var paths = new LinkedHashSet<String>();
    var page = Scene.good(scene.browser().open("/me"));
    REQUEST.matcher(page.body()).results().forEach(found -> paths.add(found.group(1)));
    return paths;
  }

  private static String member(Reply reply, String name) {
    return reply
        .object()
        .text(name)
        .orElseThrow(() -> new Unclear("a good request got no " + name + ": " + reply.line()));
  }

  private Waiting at(String found) {
    return new Waiting(scene, client, grant, parameter, secret, userCode, found);
  }

  /// Asks what became of it.
  Reply poll(String... more) {
    return poll(client, more);
  }

  /// The same by whoever this is.
  Reply poll(Secretive who, String... more) {
    return who.post(Scene.TOKEN, polling(more));
  }

  /// The same with the proof of somebody's key.
  Reply poll(Keyed prover, String... more) {
    return prover.proving(
        () -> client.form(Scene.TOKEN, polling(more)).with("DPoP", prover.proof()));
  }

  /// Asks again and again. Where the machine itself is slow, one of several still comes too soon.
  Reply hurried() {
    var reply = poll();
    for (int i = 1; i < POLLS && reply.error().equals(Optional.of("authorization_pending")); i++) {
      reply = poll();
    }
    return reply;
  }

  private String[] polling(String... more) {
    return Scene.joined(List.of("grant_type", grant, parameter, secret), more);
  }

  /// The person looks at it.
  Reply seen() {
    return Scene.good(scene.browser().open(path));
  }

  /// The form by which the person allows the first thing that is asked for, before it is sent.
  Sent allowing() {
    seen();
    return scene.browser().form(path, "scope", Scene.READ, "decision", "allow");
  }

  Waiting allowed() {
    Scene.good(scene.browser().show(allowing()));
    return this;
  }

  Waiting denied() {
    seen();
    Scene.good(scene.browser().submit(path, "decision", "deny"));
    return this;
  }

  /// Sees to it that whoever may have the tokens gets them.
  String taken(String... more) {
    return Scene.token(poll(more));
  }

  /// The answers to an attack on the tokens. Where nobody got them, whoever may have them does.
  List<Reply> after(Reply... replies) {
    return after(List.of(replies));
  }

  List<Reply> after(List<Reply> replies) {
    if (replies.stream().noneMatch(Reply::isGood)) {
      taken();
    }
    return replies;
  }

  /// The answers to an attack on what the person says, who says it themselves after it failed.
  List<Reply> asked(Reply... replies) {
    var all = List.of(replies);
    return all.stream().noneMatch(Reply::isGood) ? allowed().after(all) : all;
  }
}
