package io.prokura.http;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The cookies of one issuer (RFC 6265). On https their names begin with `__Host-`, by which a
/// browser keeps every other host from setting them; http is for loopback only, where browsers
/// would refuse such a cookie. No script can read them, and no other site's form brings them along.
public final class Cookies {
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{1,2048}");

  private final boolean secure;

  public Cookies(String issuer) {
    secure = issuer.startsWith("https://");
  }

  /// The value of the cookie `name`; nothing when it is absent, has characters that no cookie of
  /// ours has, or was sent more than once, so that nobody can hide one behind another.
  public Optional<String> get(Request request, String name) {
    var wanted = named(name);
    String found = "";
    for (var line : request.headers("Cookie")) {
      for (var pair : line.split(";", -1)) {
        int at = pair.indexOf('=');
        if (at > 0 && pair.substring(0, at).strip().equals(wanted)) {
          if (!found.isEmpty()) {
            return Optional.empty();
          }
          found = pair.substring(at + 1).strip();
        }
      }
    }
    return Optional.of(found).filter(value -> VALUE.matcher(value).matches());
  }

  /// A copy of `response` that gives the browser a cookie until it is closed.
  public Response set(Response response, String name, String value) {
    return response.with("Set-Cookie", line(name, value));
  }

  /// A copy of `response` that gives the browser a cookie for this long.
  public Response set(Response response, String name, String value, Duration kept) {
    return response.with("Set-Cookie", line(name, value) + "; Max-Age=" + kept.toSeconds());
  }

  /// A copy of `response` that takes a cookie away.
  public Response remove(Response response, String name) {
    return response.with("Set-Cookie", line(name, "") + "; Max-Age=0");
  }

  private String line(String name, String value) {
    if (!value.isEmpty() && !VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException("not the value of a cookie");
    }
    return named(name)
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Lax"
        + (secure ? "; Secure" : "");
  }

  private String named(String name) {
    return secure ? "__Host-" + name : name;
  }
}
