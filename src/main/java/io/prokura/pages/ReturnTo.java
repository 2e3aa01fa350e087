package io.prokura.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Response;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.util.Optional;

/// Where somebody goes once they are signed in: a path of this server, whatever was asked for.
record ReturnTo(String path) {
  static final ReturnTo ME = new ReturnTo("/me");
  private static final int LENGTH_MAX = 4_000;

  /// `text` where it is a path of this server, with its query; [#ME] where it is anything else,
  /// such as another host in one of the many ways in which browsers read one.
  static ReturnTo of(String text) {
    boolean plain =
        text.length() <= LENGTH_MAX
            && text.startsWith("/")
            && !text.startsWith("//")
            && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
    if (!plain) {
      return ME;
    }
    try {
      var uri = new URI(text);
      return uri.isAbsolute() || uri.getRawAuthority() != null || uri.getRawFragment() != null
          ? ME
          : new ReturnTo(text);
    } catch (URISyntaxException e) {
      return ME;
    }
  }

  /// Sends a browser to sign in and back here.
  Response login() {
    return Response.seeOther(loginPath());
  }

  /// Where somebody signs in to come back here.
  String loginPath() {
    return isMe() ? "/login" : "/login?return_to=" + URLEncoder.encode(path, UTF_8);
  }

  /// The same, where an application said by which name the person goes.
  Response login(Optional<String> hint) {
    var named = hint.map(text -> "&" + LoginPages.HINT + "=" + URLEncoder.encode(text, UTF_8));
    return Response.seeOther(
        "/login?return_to=" + URLEncoder.encode(path, UTF_8) + named.orElse(""));
  }

  boolean isMe() {
    return path.equals(ME.path);
  }
}
