package io.prokura.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The server as a piece of HTTP: names that others give it, paths and methods that mean something
/// else to somebody else, and frames of requests that two sides read differently (RFC 9112).
final class Surface {
  private static final List<String> WELL_KNOWN =
      List.of(
          "/.well-known/oauth-authorization-server",
          "/.well-known/openid-configuration",
          "/.well-known/authzen-configuration");
  private static final Expected UNCLAIMED =
      new Expected(
          "an answer without the other name",
          reply -> reply.status() < 500 && !reply.tells(Scene.STRANGER));
  private static final String FRAMING = "RFC 9112 §11.2";

  private Surface() {}

  static List<Attack> all() {
    return List.of(
        Attack.each("metadata for another host", "RFC 8414 §6.2", UNCLAIMED, Surface::metadata),
        Attack.each("redirects for another host", "RFC 9110 §7.2", UNCLAIMED, Surface::redirects),
        Attack.each(
            "a proof for the host that a request names",
            "RFC 9449 §4.3",
            Expected.refusal(400, "invalid_dpop_proof"),
            Surface::proofs),
        Attack.each("paths around the door", "OWASP ASVS 4.1.3", unopened(), Surface::paths),
        Attack.each("files of the machine", "CWE-22", unopened(), Surface::files),
        Attack.each("another method by a header", "CWE-650", overridden(), Surface::methods),
        Attack.each(
            "methods that nobody needs",
            "RFC 9110 §9.3.8",
            new Expected(
                "a refusal that echoes nothing",
                reply ->
                    (reply.isRefusal() || reply.status() == 501) && !reply.tells("echo-of-it")),
            Surface::unneeded),
        Attack.each(
            "a request with two lengths",
            FRAMING,
            new Expected("400 or 501", reply -> reply.status() == 400 || reply.status() == 501),
            Surface::frames),
        Attack.each(
            "the register without a token",
            "RFC 6750 §3",
            new Expected(
                "401 with a challenge",
                reply -> reply.status() == 401 && reply.first("WWW-Authenticate").isPresent()),
            Surface::register),
        Attack.each(
            "faults that tell about the server",
            "CWE-209",
            new Expected("a refusal without a trace", Surface::isQuiet),
            Surface::faults));
  }

  /// A request in somebody else's name, in every header that could say so.
  private static List<Sent> renamed(String path) {
    var sent = Sent.get(path);
    return List.of(
        sent.with("Host", Scene.STRANGER),
        sent.with("X-Forwarded-Host", Scene.STRANGER).with("X-Forwarded-Proto", "https"),
        sent.with("Forwarded", "host=" + Scene.STRANGER + ";proto=https"),
        sent.with("X-Original-Host", Scene.STRANGER).with("X-Host", Scene.STRANGER),
        sent.with("X-Original-URL", "https://" + Scene.STRANGER + "/")
            .with("X-Rewrite-URL", "/" + Scene.STRANGER));
  }

  private static List<Reply> metadata(Scene scene) {
    var all = new ArrayList<Reply>();
    for (var path : WELL_KNOWN) {
      Scene.good(scene.send(Sent.get(path)));
      for (var sent : renamed(path)) {
        var reply = scene.send(sent);
        boolean isOther =
            reply.isGood()
                && !path.contains("authzen")
                && !reply.object().text("issuer").equals(Optional.of(scene.issuer()));
        all.add(isOther ? Reply.fault("the issuer is another one") : reply);
      }
    }
    return all;
  }

  private static List<Reply> redirects(Scene scene) {
    var all = new ArrayList<Reply>();
    for (var path : List.of("/consent?request=x", "/login/second-factor", "/me")) {
      if (scene.send(Sent.get(path)).status() / 100 != 3) {
        throw new Unclear(path + " leads nobody to the sign-in");
      }
      renamed(path).forEach(sent -> all.add(scene.send(sent)));
    }
    return all;
  }

  private static List<Reply> proofs(Scene scene) {
    scene.own();
    var actor = scene.actor();
    var address = "https://" + Scene.STRANGER + Scene.TOKEN;
    var all = new ArrayList<Reply>();
    for (var name : List.of("Host", "X-Forwarded-Host")) {
      var claims =
          Forgery.with(actor.proofClaims("POST", Scene.TOKEN, Optional.empty()), "htu", address);
      var proof = Forgery.signed(actor.key(), actor.proofHeader(), claims);
      var form = Sent.form(Scene.TOKEN, Keyed.asserting(actor.assertion(), scene.asking()));
      all.add(scene.send(form.with("DPoP", proof).with(name, Scene.STRANGER)));
    }
    return all;
  }

  private static Expected unopened() {
    return new Expected(
        "a refusal, 4xx, that shows nothing",
        reply -> reply.isRefusal() && !reply.tells("root:") && !reply.tells("\"items\""));
  }

  private static List<Reply> sent(Scene scene, List<String> targets) {
    Scene.good(scene.send(Sent.get("/health/live")));
    return targets.stream().map(target -> scene.send(Sent.get(target))).toList();
  }

  private static List<Reply> paths(Scene scene) {
    return sent(
        scene,
        List.of(
            "/log/tile/../../api/v1/agents",
            "/log/tile/%2e%2e/%2e%2e/api/v1/agents",
            "/assets/../api/v1/agents",
            "/assets/..%2fapi%2fv1%2fagents",
            "/health/live/..;/../api/v1/agents",
            "/health/live;/api/v1/agents",
            "//api/v1/agents",
            "/api//v1/agents",
            "/api%2fv1%2fagents",
            "/api/v1/agents%00",
            "/api/v1/agents/",
            "/api/v1/agents.json",
            "/API/V1/agents",
            "/api/v1/%61gents?x=%0d%0a",
            "/.well-known/../api/v1/agents"));
  }

  private static List<Reply> files(Scene scene) {
    return sent(
        scene,
        List.of(
            "/../../../../etc/passwd",
            "/assets/../../../../etc/passwd",
            "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
            "/assets/..%5c..%5c..%5cetc%5cpasswd",
            "/assets/%252e%252e%252fetc%252fpasswd",
            "/log/tile/0/../../../../etc/passwd",
            "/log/tile/0/..%2f..%2f..%2fetc%2fpasswd",
            "/log/tile//etc/passwd",
            "/log/tile/entries/..%2f..%2fetc%2fpasswd",
            "/log/tile/file:%2f%2f%2fetc%2fpasswd"));
  }

  private static Expected overridden() {
    return new Expected("405", reply -> reply.status() == 405);
  }

  private static List<Reply> methods(Scene scene) {
    Scene.good(scene.send(Sent.get("/oauth2/jwks")));
    var names = List.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override");
    var all = new ArrayList<Reply>();
    for (var name : names) {
      all.add(scene.send(Sent.of("POST", "/oauth2/jwks").with(name, "GET")));
      all.add(scene.send(Sent.get(Scene.TOKEN).with(name, "POST")));
    }
    all.add(scene.send(Sent.form("/oauth2/jwks", "_method", "GET")));
    all.add(scene.send(Sent.get(Scene.TOKEN + "?_method=POST&grant_type=client_credentials")));
    return all;
  }

  private static List<Reply> unneeded(Scene scene) {
    return List.of("TRACE", "TRACK", "CONNECT", "PROPFIND", "PATCH").stream()
        .map(method -> scene.send(Sent.of(method, Scene.TOKEN).with("X-Echo", "echo-of-it")))
        .toList();
  }

  private static List<Reply> frames(Scene scene) {
    var form = scene.enforcer().form(Scene.INTROSPECT, "token", "x");
    Scene.good(scene.send(form));
    return List.of(
        scene.send(form.with("Content-Length", "7").with("Transfer-Encoding", "chunked")),
        scene.send(form.with("Content-Length", "7").with("Content-Length", "8")),
        scene.send(form.with("Content-Length", "+7")),
        scene.send(form.with("Content-Length", "7, 7")),
        scene.send(form.with("Transfer-Encoding", "xchunked")),
        scene.send(form.with("X-Null", "a\0b")));
  }

  private static List<Reply> register(Scene scene) {
    return List.of("agents", "users", "clients", "policies", "audit", "delegations").stream()
        .map(name -> scene.send(Sent.get("/api/v1/" + name)))
        .toList();
  }

  private static boolean isQuiet(Reply reply) {
    return reply.isRefusal()
        && !reply.tells("Exception")
        && !reply.tells("\tat ")
        && !reply.tells("io.prokura")
        && !reply.tells("SELECT ");
  }

  private static List<Reply> faults(Scene scene) {
    var enforcer = scene.enforcer();
    return List.of(
        scene.send(Sent.get("/nothing/here")),
        scene.send(Sent.get("/api/v1/agents/' OR 1=1 --".replace(" ", "%20"))),
        scene.send(Sent.get("/oauth2/authorize?client_id=%27%22%3Cx")),
        scene.send(Sent.get("/oauth2/authorize?x=%")),
        enforcer.post(Scene.TOKEN, "grant_type", "\0"),
        scene.send(
            Sent.of("POST", Scene.EVALUATION)
                .carrying("application/json", "[]")
                .basic(enforcer.id(), enforcer.secret())));
  }
}
