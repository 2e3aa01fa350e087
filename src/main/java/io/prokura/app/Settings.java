package io.prokura.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Configuration as text, and what it means. Every method throws [Nonsense] for a value that makes
/// no sense.
record Settings(Map<String, String> values) {
  private static final int PORT_MAX = 65_535;
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  /// A value makes no sense; the message says which and why.
  static final class Nonsense extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Nonsense(String message) {
      super(message);
    }
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  String text(String key, String usual) {
    return values.getOrDefault(key, usual);
  }

  /// True only where it is said.
  boolean flag(String key) {
    return flag(key, "false");
  }

  boolean flag(String key, String usual) {
    var text = text(key, usual);
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new Nonsense(key + " is true or false: " + text);
  }

  /// A port to listen on; 0 takes a free one.
  int port(String key, int usual) {
    return number(key, usual, 0, PORT_MAX);
  }

  int number(String key, int usual, int min, int max) {
    var text = text(key, String.valueOf(usual));
    if (text.matches("[0-9]{1,9}")
        && Integer.parseInt(text) >= min
        && Integer.parseInt(text) <= max) {
      return Integer.parseInt(text);
    }
    throw new Nonsense("%s is a number from %d to %d: %s".formatted(key, min, max, text));
  }

  Duration duration(String key, String usual) {
    var text = text(key, usual);
    try {
      var duration = Duration.parse(text);
      if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
        throw new Nonsense(key + " is from no time to " + LONGEST.toDays() + " days: " + text);
      }
      return duration;
    } catch (DateTimeException e) {
      throw new Nonsense(key + " is a duration such as P30D or PT1H: " + text);
    }
  }

  Path path(String key, String usual) {
    try {
      return Path.of(text(key, usual));
    } catch (InvalidPathException e) {
      throw new Nonsense(key + " is not the name of a file");
    }
  }

  /// Reads the value of `key` as the URL of a server and nothing below it: https, or http on a
  /// loopback host.
  static URI base(String key, String text) {
    try {
      var uri = new URI(text);
      if (isBase(uri)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new Nonsense(key + " is not a URL");
    }
    throw new Nonsense(
        key + " is an https URL without path, query and fragment; http only on loopback");
  }

  private static boolean isBase(URI uri) {
    var host = uri.getHost();
    boolean plain =
        host != null
            && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && uri.getRawUserInfo() == null;
    if (!plain) {
      return false;
    }
    boolean loopback =
        host.equals("localhost") || host.equals("[::1]") || LOOPBACK.matcher(host).matches();
    return "https".equals(uri.getScheme()) || (loopback && "http".equals(uri.getScheme()));
  }
}
