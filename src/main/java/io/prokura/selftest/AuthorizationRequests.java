package io.prokura.selftest;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Authorization requests that would take a code elsewhere, or weaken it (RFC 9700 §2.1, §4). None
/// needs anybody to be signed in. A good one is seen to lead to the sign-in first.
final class AuthorizationRequests {
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  private static final String REDIRECT = "RFC 9700 §4.1";
  private static final String PKCE = "RFC 9700 §2.1.1";
  private static final String PUSHED = "RFC 9126 §2.1";
  private static final Expected NOWHERE = Expected.nowhere(Scene.STRANGER);

  private AuthorizationRequests() {}

  /// Requests that nobody is redirected for.
  static List<Attack> unanswerable() {
    return List.of(
        Attack.each(
            "redirect URIs that nobody registered",
            REDIRECT,
            NOWHERE,
            AuthorizationRequests::redirects),
        each("two redirect URIs at once", REDIRECT, AuthorizationRequests::twice),
        each(
            "an application that nobody knows",
            "RFC 6749 §4.1.2.1",
            s -> List.<String[]>of(unknown(s))));
  }

  /// Requests whose application learns why they were refused.
  static List<Attack> answered() {
    return List.of(
        answered("a request without PKCE", PKCE, "invalid_request", AuthorizationRequests::lacking),
        answered(
            "PKCE by the plain method",
            PKCE,
            "invalid_request",
            s -> with(s, "code_challenge_method", "plain")),
        answered(
            "PKCE with no method, which means plain",
            PKCE,
            "invalid_request",
            s -> with(s, "code_challenge_method", "")),
        answered(
            "PKCE with a short challenge",
            PKCE,
            "invalid_request",
            s -> with(s, "code_challenge", "abc")),
        answered(
            "response_type token",
            "RFC 9700 §2.1.2",
            "unsupported_response_type",
            s -> with(s, "response_type", "token")),
        answered(
            "response_type code id_token token",
            "RFC 9700 §2.1.2",
            "unsupported_response_type",
            s -> with(s, "response_type", "code id_token token")),
        answered(
            "a person as the agent that acts",
            "RFC 8693 §4.1",
            "invalid_request",
            s -> with(s, "requested_actor", s.person())),
        new Attack(
            "a request object that nobody signed",
            "RFC 9101 §10.2",
            s -> Expected.redirected(s.redirectUri(), "", s.issuer()).or(NOWHERE),
            AuthorizationRequests::unsigned),
        new Attack(
            "two resources in one request",
            "RFC 8707 §2.1",
            s -> Expected.redirected(s.redirectUri(), "invalid_target", s.issuer()),
            s -> List.of(authorize(s, resources(s)))));
  }

  /// Requests that were pushed, or that are somewhere else.
  static List<Attack> pushed() {
    return List.of(
        Attack.each(
            "the pushed request of another",
            "RFC 9126 §4",
            NOWHERE,
            AuthorizationRequests::anothers),
        new Attack(
            "a request URI elsewhere",
            "RFC 9101 §10.4",
            s -> Expected.redirected(s.redirectUri(), "request_uri_not_supported", s.issuer()),
            AuthorizationRequests::fetched),
        Attack.of(
            "a pushed request for another application",
            PUSHED,
            Expected.refusal(401, "invalid_client"),
            s -> push(s, s.application(), with(s, "client_id", s.rival().id()))),
        Attack.of(
            "a pushed request with a stranger's redirect",
            PUSHED,
            Expected.refusal(400, "invalid_request"),
            s -> push(s, s.application(), with(s, "redirect_uri", stranger("/callback")))),
        Attack.of(
            "a pushed request by nobody",
            PUSHED,
            Expected.refusal(401, "invalid_client"),
            s -> s.send(Sent.form(Scene.PAR, pairs(request(s))))),
        Attack.of(
            "a script in the state",
            "RFC 9700 §4.13",
            new Expected(
                "a page that shows no markup of the request's",
                reply -> reply.status() < 500 && !reply.tells("<script>alert")),
            AuthorizationRequests::script));
  }

  private static Attack each(String name, String source, Function<Scene, List<String[]>> requests) {
    return Attack.each(
        name,
        source,
        NOWHERE,
        scene -> {
          good(scene);
          return requests.apply(scene).stream().map(pairs -> authorize(scene, pairs)).toList();
        });
  }

  /// A request that the application learns the fate of: an error, and no code.
  private static Attack answered(
      String name, String source, String error, Function<Scene, Map<String, String>> request) {
    return new Attack(
        name,
        source,
        scene -> Expected.redirected(scene.redirectUri(), error, scene.issuer()),
        scene -> {
          good(scene);
          return List.of(authorize(scene, pairs(request.apply(scene))));
        });
  }

  /// The parameters of a good request.
  private static Map<String, String> request(Scene scene) {
    var all = new LinkedHashMap<String, String>();
    all.put("response_type", "code");
    all.put("client_id", scene.application().id());
    all.put("redirect_uri", scene.redirectUri());
    all.put("state", "state-of-the-application");
    all.put("scope", Scene.READ);
    all.put("code_challenge", CHALLENGE);
    all.put("code_challenge_method", "S256");
    return all;
  }

  /// The same with another value for a parameter, or without it where that is empty.
  static Map<String, String> with(Scene scene, String name, String value) {
    var all = request(scene);
    all.put(name, value);
    all.values().removeIf(String::isEmpty);
    return all;
  }

  static String[] pairs(Map<String, String> parameters) {
    var all = new ArrayList<String>();
    parameters.forEach(
        (name, value) -> {
          all.add(name);
          all.add(value);
        });
    return all.toArray(String[]::new);
  }

  private static Reply authorize(Scene scene, String... pairs) {
    return scene.send(Sent.get(Scene.AUTHORIZE + "?" + Sent.encoded(pairs)));
  }

  /// Makes sure that a good request leads to the sign-in.
  private static void good(Scene scene) {
    var reply = authorize(scene, pairs(request(scene)));
    var to = reply.first("Location").orElse("");
    if (reply.status() / 100 != 3 || !to.contains("/login")) {
      throw new Unclear("a good authorization request leads nowhere: " + reply.line());
    }
  }

  /// The answer to a good request of the person's in the name of another application.
  static Reply by(Scene scene, String client) {
    good(scene);
    var query = Sent.encoded(pairs(with(scene, "client_id", client)));
    return scene.browser().open(Scene.AUTHORIZE + "?" + query);
  }

  private static String stranger(String path) {
    return "https://" + Scene.STRANGER + path;
  }

  private static List<Reply> redirects(Scene scene) {
    good(scene);
    var own = scene.redirectUri();
    var host = own.substring("https://".length(), own.lastIndexOf('/'));
    var uris =
        List.of(
            stranger("/callback"),
            "https://" + host + "." + Scene.STRANGER + "/callback",
            "https://" + host + "@" + Scene.STRANGER + "/callback",
            "https://" + Scene.STRANGER + "#" + host + "/callback",
            "https://" + Scene.STRANGER + "\\@" + host + "/callback",
            "//" + Scene.STRANGER + "/callback",
            own + "/../../" + Scene.STRANGER,
            own + "/..%2f" + Scene.STRANGER,
            own + "?next=" + stranger("/"),
            own + "#" + Scene.STRANGER,
            own + "/",
            own.replace("callback", "CALLBACK"),
            own.replace("https:", "http:"),
            own.replace(".invalid/", ".invalid:8443/"),
            "http://127.0.0.1/callback",
            "javascript:alert('" + Scene.STRANGER + "')",
            "data:text/html," + Scene.STRANGER,
            own + "\r\nLocation: " + stranger("/"));
    return uris.stream()
        .map(uri -> authorize(scene, pairs(with(scene, "redirect_uri", uri))))
        .toList();
  }

  private static List<String[]> twice(Scene scene) {
    var good = List.of(pairs(request(scene)));
    var own = List.of("redirect_uri", stranger("/callback"));
    var first = new ArrayList<>(own);
    first.addAll(good);
    return List.of(first.toArray(String[]::new), Scene.joined(good, own.toArray(String[]::new)));
  }

  private static String[] unknown(Scene scene) {
    var all = with(scene, "client_id", "app_00000000000000000000000000");
    all.put("redirect_uri", stranger("/callback"));
    return pairs(all);
  }

  /// One that says what the parameters beside it say, and one that says more.
  private static List<Reply> unsigned(Scene scene) {
    good(scene);
    var claims = Json.object();
    request(scene).forEach(claims::put);
    var same = claims.put("iss", scene.application().id()).put("aud", scene.issuer()).build();
    var header = Forgery.header("none", "oauth-authz-req+jwt");
    var key = Keyed.newKey(scene.world());
    var signed = Forgery.header(key.algorithm().label(), "oauth-authz-req+jwt");
    return List.of(
            Forgery.unsigned(header, same),
            Forgery.unsigned(header, Forgery.with(same, "redirect_uri", stranger("/callback"))),
            Forgery.signed(key, signed, same))
        .stream()
        .map(object -> authorize(scene, pairs(with(scene, "request", object))))
        .toList();
  }

  private static Map<String, String> lacking(Scene scene) {
    var all = request(scene);
    all.remove("code_challenge");
    all.remove("code_challenge_method");
    return all;
  }

  private static String[] resources(Scene scene) {
    good(scene);
    var own = List.of(pairs(with(scene, "resource", scene.resource())));
    return Scene.joined(own, "resource", scene.elsewhere());
  }

  private static Reply push(Scene scene, Secretive client, Map<String, String> parameters) {
    Scene.good(client.post(Scene.PAR, pairs(with(scene, "client_id", client.id()))));
    return client.post(Scene.PAR, pairs(parameters));
  }

  private static List<Reply> anothers(Scene scene) {
    var pushed = scene.application().post(Scene.PAR, pairs(request(scene)));
    var uri = pushed.object().text("request_uri");
    if (uri.isEmpty()) {
      throw new Unclear("a good pushed request was refused: " + pushed.line());
    }
    return List.of(
        authorize(scene, "client_id", scene.rival().id(), "request_uri", uri.get()),
        authorize(scene, "request_uri", uri.get()),
        authorize(
            scene,
            "client_id",
            scene.application().id(),
            "request_uri",
            uri.get().substring(0, uri.get().length() - 2)));
  }

  private static List<Reply> fetched(Scene scene) {
    good(scene);
    try (var listener = new Listener()) {
      return List.of(listener.address("/request"), stranger("/request")).stream()
          .map(uri -> with(scene, "request_uri", uri))
          .map(all -> listener.unvisited(authorize(scene, pairs(all))))
          .toList();
    }
  }

  private static Reply script(Scene scene) {
    var all = with(scene, "state", "\"><script>alert(1)</script>");
    all.put("response_mode", "form_post");
    all.put("code_challenge_method", "plain");
    var reply = authorize(scene, pairs(all));
    return Optional.of(reply)
        .filter(one -> one.tells("state"))
        .orElseThrow(() -> new Unclear("the answer has no state: " + reply.line()));
  }
}
