package io.prokura.selftest;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What other sites do to people in their browsers: forms sent for them, frames around pages, links
/// that lead on, scripts that read answers.
final class Browsing {
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");
  private static final String LOGIN = "/login";
  private static final String FORM = "OWASP ASVS 3.5.1";
  private static final String ORIGIN = "https://" + Scene.STRANGER;
  private static final Expected FORBIDDEN =
      new Expected("403", reply -> reply.status() == 403 && reply.first("Location").isEmpty());
  private static final Expected UNSHARED =
      new Expected(
          "no header that lets other origins read it",
          reply -> reply.all("Access-Control-Allow-Origin").isEmpty() && reply.status() < 500);

  private static final Expected UNCREDENTIALED =
      new Expected(
          "no header that lets other origins send cookies",
          reply -> reply.all("Access-Control-Allow-Credentials").isEmpty() && reply.status() < 500);

  private Browsing() {}

  static List<Attack> all() {
    return List.of(
        Attack.each("forms without the token of a page", FORM, FORBIDDEN, Browsing::bare),
        form("the token of a form without its cookie", Browsing::withoutCookie),
        form("the cookie of a form without its token", Browsing::withoutToken),
        form("the token of another browser's form", Browsing::anothers),
        form("a form that comes from another site", Browsing::crossSite),
        page("a page in a frame", "CSP 3 §6.4.2", "frame-ancestors 'none'", Browsing::isUnframed),
        page(
            "scripts of others in a page", "CSP 3 §6.1", "a strict script-src", Browsing::isStrict),
        page("a page of another type", "Fetch §3.5", "nosniff", Browsing::isSniffless),
        page("the address in a referrer", "Referrer Policy §3", "no-referrer", Browsing::isQuiet),
        new Attack(
            "a cookie that scripts or others can read",
            "RFC 6265 §8.3",
            s -> new Expected("a cookie of the host's own", reply -> isShut(reply, isSecure(s))),
            s -> List.of(Scene.good(s.send(Sent.get(LOGIN))))),
        page("a page out of a shared cache", "RFC 9111 §5.2.2.5", "no-store", Browsing::isUnstored),
        Attack.each(
            "a sign-in that leads on to another site",
            "RFC 9700 §4.11",
            new Expected(
                "a page without the other site",
                reply -> reply.status() < 500 && !reply.tells(Scene.STRANGER)),
            Browsing::returning),
        Attack.each(
            "a page that leads on to another site", "RFC 9700 §4.11", led(), Browsing::leading),
        Attack.each("introspection for other origins", "RFC 9700 §2.6", UNSHARED, Browsing::shared),
        Attack.each(
            "a person's cookies for scripts of others",
            "Fetch §3.2.5",
            UNCREDENTIALED,
            Browsing::credentialed),
        Attack.each("the APIs for other origins", "Fetch §3.2", UNSHARED, Browsing::apis),
        Attack.of(
            "a token in a cache",
            "RFC 6749 §5.1",
            new Expected("a token with no-store", Browsing::isUnstoredToken),
            s -> Scene.good(s.actor().ask(s.asking()))));
  }

  // Forms

  /// What a browser knows of the sign-in form: the token in it, and the cookies that came along.
  private record Form(String token, String cookies) {
    static Form of(Scene scene) {
      var reply = Scene.good(scene.send(Sent.get(LOGIN)));
      var token = TOKEN.matcher(reply.body());
      if (!token.find()) {
        throw new Unclear("the sign-in page has no form");
      }
      var cookies = reply.all("Set-Cookie").stream().map(one -> one.split(";", 2)[0]).toList();
      return new Form(token.group(1), String.join("; ", cookies));
    }

    Sent sent(Scene scene, String token) {
      return Sent.form(
          LOGIN, "form_token", token, "username", "nobody-" + scene.actor().id(), "password", "x");
    }
  }

  private static Attack form(String name, Function<Scene, Sent> sent) {
    return Attack.of(
        name,
        FORM,
        FORBIDDEN,
        scene -> {
          var good = Form.of(scene);
          var reply = scene.send(good.sent(scene, good.token()).with("Cookie", good.cookies()));
          // 429 comes after the form was taken, from whoever was wrong too often.
          if (reply.status() != 400 && reply.status() != 429) {
            throw new Unclear("the sign-in form takes no wrong password: " + reply.line());
          }
          return scene.send(sent.apply(scene));
        });
  }

  private static List<Reply> bare(Scene scene) {
    var paths =
        List.of(
            LOGIN,
            "/login/second-factor",
            "/login/passkey",
            "/logout",
            "/oauth2/logout/confirm",
            "/consent",
            "/me/passkeys");
    return paths.stream()
        .map(path -> scene.send(Sent.form(path, "decision", "allow", "request", "x")))
        .toList();
  }

  private static Sent withoutCookie(Scene scene) {
    var form = Form.of(scene);
    return form.sent(scene, form.token());
  }

  private static Sent withoutToken(Scene scene) {
    var form = Form.of(scene);
    return form.sent(scene, "").with("Cookie", form.cookies());
  }

  private static Sent anothers(Scene scene) {
    var form = Form.of(scene);
    return form.sent(scene, Form.of(scene).token()).with("Cookie", form.cookies());
  }

  private static Sent crossSite(Scene scene) {
    var form = Form.of(scene);
    return form.sent(scene, form.token())
        .with("Cookie", form.cookies())
        .with("Origin", ORIGIN)
        .with("Sec-Fetch-Site", "cross-site");
  }

  // Pages

  private static Attack page(String name, String source, String text, Predicate<Reply> holds) {
    return Attack.of(
        name,
        source,
        new Expected("a page with " + text, holds),
        scene -> Scene.good(scene.send(Sent.get(LOGIN))));
  }

  private static String policy(Reply reply) {
    return String.join("; ", reply.all("Content-Security-Policy"));
  }

  private static boolean isUnframed(Reply reply) {
    return policy(reply).contains("frame-ancestors 'none'")
        && reply.first("X-Frame-Options").equals(Optional.of("DENY"));
  }

  private static boolean isStrict(Reply reply) {
    var policy = policy(reply);
    int start = policy.indexOf("script-src");
    var scripts = start < 0 ? "" : policy.substring(start).split(";", 2)[0];
    return policy.contains("default-src 'none'")
        && !scripts.contains("unsafe")
        && !scripts.contains("*")
        && !scripts.contains("http");
  }

  private static boolean isSniffless(Reply reply) {
    return reply.first("X-Content-Type-Options").equals(Optional.of("nosniff"))
        && reply.first("Content-Type").orElse("").startsWith("text/html");
  }

  private static boolean isQuiet(Reply reply) {
    return reply.first("Referrer-Policy").equals(Optional.of("no-referrer"));
  }

  private static boolean isSecure(Scene scene) {
    return scene.issuer().startsWith("https:");
  }

  private static boolean isShut(Reply reply, boolean secure) {
    var cookies = reply.all("Set-Cookie");
    return !cookies.isEmpty()
        && cookies.stream()
            .allMatch(one -> one.contains("; HttpOnly") && one.contains("; SameSite="))
        && (!secure || cookies.stream().allMatch(one -> one.contains("; Secure")));
  }

  private static boolean isUnstored(Reply reply) {
    return reply.first("Cache-Control").orElse("").contains("no-store");
  }

  private static boolean isUnstoredToken(Reply reply) {
    return isUnstored(reply) && reply.object().text("access_token").isPresent();
  }

  private static List<Reply> returning(Scene scene) {
    var own = "/consent?request=of-the-self-test";
    if (!scene.send(Sent.get(LOGIN + "?" + Sent.encoded("return_to", own))).tells(own)) {
      throw new Unclear("the sign-in page does not lead back to a path of the server");
    }
    var targets =
        List.of(
            ORIGIN + "/",
            "//" + Scene.STRANGER,
            "///" + Scene.STRANGER,
            "/\\" + Scene.STRANGER,
            "\\\\" + Scene.STRANGER,
            "/\t/" + Scene.STRANGER,
            "/\n/" + Scene.STRANGER,
            " //" + Scene.STRANGER,
            "javascript:location='" + ORIGIN + "'",
            "https:" + Scene.STRANGER,
            scene.issuer() + "@" + Scene.STRANGER);
    return targets.stream()
        .map(to -> scene.send(Sent.get(LOGIN + "?" + Sent.encoded("return_to", to))))
        .toList();
  }

  private static Expected led() {
    return new Expected(
        "an answer that leads nowhere else",
        reply ->
            reply.status() < 500
                && reply.all("Location").stream().noneMatch(Browsing::leadsAway)
                && reply.all("Refresh").isEmpty()
                && !reply.body().contains("href=\"" + ORIGIN));
  }

  /// The other site may well be named in the query of an address of the server's own.
  private static boolean leadsAway(String location) {
    return location.split("\\?", 2)[0].contains(Scene.STRANGER);
  }

  private static List<Reply> leading(Scene scene) {
    Scene.good(scene.send(Sent.get("/logout")));
    return List.of(
            "/logout?" + Sent.encoded("post_logout_redirect_uri", ORIGIN + "/"),
            loggingOut(scene.application().id()),
            loggingOut(scene.application().id()) + "&id_token_hint=eyJhbGciOiJub25lIn0.e30.",
            "/login/upstream?" + Sent.encoded("return_to", ORIGIN + "/"),
            "/login/second-factor?" + Sent.encoded("return_to", ORIGIN + "/"),
            "/me?" + Sent.encoded("return_to", ORIGIN + "/"),
            "/consent?" + Sent.encoded("request", ORIGIN + "/"))
        .stream()
        .map(path -> scene.send(Sent.get(path)))
        .toList();
  }

  private static String loggingOut(String client) {
    return "/oauth2/logout?"
        + Sent.encoded("client_id", client, "post_logout_redirect_uri", ORIGIN + "/");
  }

  // Other origins

  private static List<Reply> shared(Scene scene) {
    var form = scene.enforcer().form(Scene.INTROSPECT, "token", "x");
    Scene.good(scene.send(form));
    return List.of(
        scene.send(form.with("Origin", ORIGIN)),
        scene.send(preflight(Scene.INTROSPECT)),
        scene.send(preflight("/oauth2/authorize")),
        scene.send(Sent.get("/oauth2/authorize").with("Origin", ORIGIN)));
  }

  private static List<Reply> credentialed(Scene scene) {
    var asking = scene.enforcer().form(Scene.TOKEN, scene.asking());
    return List.of(
        scene.send(asking.with("Origin", ORIGIN)),
        scene.send(preflight(Scene.TOKEN)),
        scene.send(preflight(Scene.REVOKE)),
        scene.send(preflight("/oauth2/userinfo")),
        scene.send(preflight("/oauth2/register")));
  }

  private static List<Reply> apis(Scene scene) {
    return List.of(
        scene.send(preflight("/api/v1/agents")),
        scene.send(Sent.get("/api/v1/agents").with("Origin", ORIGIN)),
        scene.send(preflight(Scene.EVALUATION)),
        scene.send(Sent.get(LOGIN).with("Origin", "null")));
  }

  private static Sent preflight(String path) {
    return Sent.of("OPTIONS", path)
        .with("Origin", ORIGIN)
        .with("Access-Control-Request-Method", "POST")
        .with("Access-Control-Request-Headers", "authorization,dpop");
  }
}
