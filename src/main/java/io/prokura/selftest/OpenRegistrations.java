package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;

import io.prokura.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Programs that register themselves where nobody gave them a token for that: strangers, who get
/// what a program on somebody's computer needs and nothing more (RFC 7591 §5).
///
/// Where strangers register nothing, that is what is seen and said. A server lets few register in
/// an hour, so little is tried.
final class OpenRegistrations {
  private static final String ENDPOINT = "/oauth2/register";
  private static final String SOURCE = "RFC 7591 §5";
  private static final Expected CLOSED =
      new Expected(
          "401 or 404, as no stranger registers here",
          reply -> reply.status() == 401 || reply.status() == 404);

  private OpenRegistrations() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "redirect URIs of a stranger's that lead anywhere",
            refusal(400, "invalid_redirect_uri"),
            OpenRegistrations::addresses),
        attack(
            "a stranger's program that is confidential",
            refusal(400, "invalid_client_metadata")
                .or(new Expected("a registration without them", OpenRegistrations::isWithoutProof)),
            OpenRegistrations::methods),
        attack(
            "a stranger's program that acts without people",
            refusal(400, "invalid_client_metadata")
                .or(new Expected("a registration without that", OpenRegistrations::isForPeople)),
            OpenRegistrations::grants),
        attack(
            "a stranger's registration in another's hands",
            new Expected(
                "401", reply -> reply.status() == 401 && reply.object().get("client_id").isEmpty()),
            OpenRegistrations::another));
  }

  private static Attack attack(String name, Expected expected, Function<Scene, List<Reply>> play) {
    return new Attack(
        name, SOURCE, scene -> isOpen(scene) ? expected : CLOSED, scene -> play.apply(scene));
  }

  /// Whether strangers register; throws [Unclear] where too many have.
  private static boolean isOpen(Scene scene) {
    var good = send(scene, metadata());
    return !CLOSED.holds().test(good) && Scene.good(good).isGood();
  }

  /// Good metadata of a program on somebody's computer.
  private static Json.Obj metadata() {
    return Json.object()
        .put("client_name", "selftest")
        .put("token_endpoint_auth_method", "none")
        .put("redirect_uris", List.of("http://127.0.0.1/callback"))
        .build();
  }

  private static Reply send(Scene scene, Json.Obj metadata) {
    var reply = scene.send(Sent.json(ENDPOINT, metadata));
    reply
        .object()
        .text("client_id")
        .ifPresent(id -> scene.registrar().note("clients", id, "deactivate"));
    return reply;
  }

  private static Reply with(Scene scene, String name, Json value) {
    return send(scene, Forgery.with(metadata(), name, value));
  }

  private static List<Reply> addresses(Scene scene) {
    var host = Scene.STRANGER;
    return List.of(
            "http://" + host + "/callback",
            "http://localhost." + host + "/callback",
            "javascript:alert(1)",
            "http://127.0.0.1/callback#x",
            "https://user@" + host + "/callback",
            "https://" + host + "\\@127.0.0.1/callback",
            "com.example.app:/callback")
        .stream()
        .map(uri -> with(scene, "redirect_uris", Json.texts(List.of(uri))))
        .toList();
  }

  private static boolean isWithoutProof(Reply reply) {
    return reply.status() == 201
        && reply.object().get("client_secret").isEmpty()
        && reply.object().text("token_endpoint_auth_method").equals(Optional.of("none"));
  }

  private static List<Reply> methods(Scene scene) {
    var keys = List.of(Keyed.newKey(scene.world()).verificationKey().toJwk());
    var jwks = Json.object().put("keys", Json.array(keys)).build();
    var method = "token_endpoint_auth_method";
    return List.of(
        with(scene, method, Json.text("client_secret_basic")),
        with(scene, method, Json.text("client_secret_jwt")),
        with(scene, method, Json.text("tls_client_auth")),
        send(
            scene,
            Forgery.with(
                Forgery.with(metadata(), method, Json.text("private_key_jwt")), "jwks", jwks)));
  }

  private static boolean isForPeople(Reply reply) {
    return reply.status() == 201
        && List.of("client_credentials", "password", "token-exchange", "jwt-bearer", "implicit")
            .stream()
            .noneMatch(reply::tells);
  }

  private static List<Reply> grants(Scene scene) {
    return Stream.of("client_credentials", "password", "implicit", Scene.EXCHANGE)
        .flatMap(type -> Stream.of(List.of(type), List.of("authorization_code", type)))
        .map(types -> with(scene, "grant_types", Json.texts(types)))
        .toList();
  }

  private static List<Reply> another(Scene scene) {
    var first = send(scene, metadata());
    if (CLOSED.holds().test(first)) {
      return List.of(first);
    }
    var victim = first.object();
    var thief = Scene.good(send(scene, metadata())).object();
    var path = ENDPOINT + "/" + Scene.text(victim, "client_id");
    var token = Scene.text(thief, "registration_access_token");
    var replies =
        List.of(
            scene.send(Sent.get(path).bearer(token)),
            scene.send(Sent.of("DELETE", path).bearer(token)));
    if (replies.stream().noneMatch(Reply::isGood)) {
      var own = Scene.text(victim, "registration_access_token");
      Scene.good(scene.send(Sent.get(path).bearer(own)));
    }
    return replies;
  }
}
