package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;

import java.util.List;
import java.util.function.Function;

/// Clients that do not prove who they are, or in ways that prove nothing (RFC 6749 §2.3).
final class Secrets {
  private static final String[] OWN = {"grant_type", "client_credentials"};
  private static final Expected NO_CLIENT = refusal(401, "invalid_client");
  private static final String NOBODY = "wld_00000000000000000000000000";

  private Secrets() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "two ways of authentication at once",
            refusal(400, "invalid_request"),
            s -> form(s, "client_secret", "x").basic(id(s), secret(s))),
        attack(
            "an assertion beside a secret",
            refusal(400, "invalid_request"),
            s -> form(s, Keyed.asserting(s.actor().assertion())).basic(id(s), secret(s))),
        attack("a wrong secret", NO_CLIENT, s -> form(s).basic(id(s), secret(s) + "x")),
        attack("an empty secret", NO_CLIENT, s -> form(s).basic(id(s), "")),
        attack("the secret of another client", NO_CLIENT, s -> form(s).basic(id(s), other(s))),
        attack("no secret at all", NO_CLIENT, s -> form(s, "client_id", id(s))),
        attack("a secret for an agent that has a key", NO_CLIENT, s -> form(s).basic(key(s), "x")),
        Attack.each(
            "whether a client exists, told by the answer",
            "RFC 6749 §5.2",
            NO_CLIENT,
            Secrets::unknown),
        attack(
            "a secret in the address",
            NO_CLIENT,
            s ->
                Sent.form(
                    Scene.TOKEN
                        + "?"
                        + Sent.encoded("client_id", id(s), "client_secret", secret(s)),
                    OWN)),
        Attack.of(
            "introspection by nobody",
            "RFC 7662 §2.1",
            NO_CLIENT,
            s -> s.send(Sent.form(Scene.INTROSPECT, "token", s.alive(s.own())))),
        Attack.of(
            "an application that acts alone",
            "RFC 6749 §4.4",
            refusal(400, "unauthorized_client"),
            s -> s.application().post(Scene.TOKEN, s.asking())));
  }

  private static Attack attack(String name, Expected expected, Function<Scene, Sent> sent) {
    return Attack.of(
        name,
        "RFC 6749 §2.3",
        expected,
        scene -> {
          scene.deciding();
          return scene.send(sent.apply(scene));
        });
  }

  private static Sent form(Scene scene, String... more) {
    var first = List.of("grant_type", "client_credentials", "resource", scene.resource());
    return Sent.form(Scene.TOKEN, Scene.joined(first, more));
  }

  private static String id(Scene scene) {
    return scene.enforcer().id();
  }

  private static String secret(Scene scene) {
    return scene.enforcer().secret();
  }

  private static String other(Scene scene) {
    return scene.neighbour().secret();
  }

  private static String key(Scene scene) {
    return scene.actor().id();
  }

  /// An unknown client and a wrong secret get one answer, to the letter.
  private static List<Reply> unknown(Scene scene) {
    scene.deciding();
    var known = scene.send(form(scene).basic(id(scene), "x"));
    var unknown = scene.send(form(scene).basic(NOBODY, "x"));
    var strange = scene.send(form(scene).basic("nobody", "x"));
    boolean isOne =
        known.body().equals(unknown.body())
            && known.body().equals(strange.body())
            && known.status() == unknown.status();
    return isOne ? List.of(known, unknown, strange) : List.of(Reply.fault("the answers differ"));
  }
}
