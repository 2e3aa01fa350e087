package io.prokura.selftest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The person comes from the application to allow something in their own browser (RFC 6749 §4.1),
/// each time anew, whatever they allowed before.
///
/// @param page where they are asked
record Visit(Scene scene, String page) {
  /// What answers the challenge of every request (RFC 7636 appendix B).
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  private static final Pattern CODE = Pattern.compile("[?&;]code=([^&\"]+)");

  /// The person was sent with a request in the address.
  static Visit direct(Scene scene) {
    return at(
        scene, Scene.AUTHORIZE + "?" + Sent.encoded(AuthorizationRequests.pairs(asking(scene))));
  }

  /// Parameters that the person is asked for, again.
  private static Map<String, String> asking(Scene scene) {
    return AuthorizationRequests.with(scene, "prompt", "consent");
  }

  /// Where the application sends its person after it has pushed the request (RFC 9126 §4).
  static String pushed(Scene scene) {
    var client = scene.application();
    var answer = client.post(Scene.PAR, AuthorizationRequests.pairs(asking(scene)));
    var uri = Scene.text(Scene.good(answer).object(), "request_uri");
    return Scene.AUTHORIZE + "?" + Sent.encoded("client_id", client.id(), "request_uri", uri);
  }

  /// Goes to an address at which the person is asked.
  static Visit at(Scene scene, String address) {
    var reply = scene.browser().open(address);
    return new Visit(
        scene,
        reply
            .first("Location")
            .filter(to -> to.startsWith("/consent?"))
            .orElseThrow(() -> new Unclear("nobody is asked for a good request: " + reply.line())));
  }

  /// The form by which the person allows, before it is sent.
  Sent allowing() {
    Scene.good(scene.browser().open(page));
    return scene.browser().form("/consent", "scope", Scene.READ, "decision", "allow");
  }

  /// The code that the application is sent for what the person allows.
  String code() {
    var reply = scene.browser().show(allowing());
    return codeIn(reply)
        .orElseThrow(() -> new Unclear("allowing comes to no code: " + reply.line()));
  }

  /// The code that an answer takes to an application, if it does.
  static Optional<String> codeIn(Reply reply) {
    var led = reply.first("Location").orElse("") + "\n" + reply.body();
    return CODE.matcher(led).results().map(found -> found.group(1)).findFirst();
  }

  /// The answer to the code from whoever brings it.
  Reply redeemed(Secretive client, String code, String... more) {
    return client.post(Scene.TOKEN, redeeming(code, VERIFIER, more));
  }

  /// The same with this verifier.
  Reply verified(String code, String verifier) {
    return scene.application().post(Scene.TOKEN, redeeming(code, verifier));
  }

  private String[] redeeming(String code, String verifier, String... more) {
    return Scene.joined(
        List.of("grant_type", "authorization_code", "code", code, "code_verifier", verifier), more);
  }

  /// What the application gets for a code.
  Reply taken(String code) {
    return Scene.good(redeemed(scene.application(), code));
  }

  /// The answers to an attack on a code. Where nobody got anything, the application does.
  List<Reply> after(String code, List<Reply> replies) {
    if (replies.stream().noneMatch(Reply::isGood)) {
      taken(code);
    }
    return replies;
  }
}
