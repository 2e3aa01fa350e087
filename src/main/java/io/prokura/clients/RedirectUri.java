package io.prokura.clients;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/// An address that the answer to an authorization request may be sent to (RFC 6749 §3.1.2): https,
/// http on this machine (RFC 8252 §7.3), or a scheme of an app's own that has a dot in it (§7.1).
public record RedirectUri(String text) {
  /// Characters that one may have.
  public static final int LENGTH_MAX = 2_000;

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  /// The redirect URI that `text` is: absolute, without a fragment, userinfo or wildcard.
  public static Optional<RedirectUri> parse(String text) {
    boolean isPlain = text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (!isPlain
        || text.length() > LENGTH_MAX
        || text.indexOf('*') >= 0
        || text.indexOf('#') >= 0) {
      return Optional.empty();
    }
    return uri(text).filter(RedirectUri::isAllowed).map(_ -> new RedirectUri(text));
  }

  private static boolean isAllowed(URI uri) {
    var scheme = Optional.ofNullable(uri.getScheme()).orElse("");
    var host = Optional.ofNullable(uri.getHost()).orElse("");
    if (uri.getRawUserInfo() != null) {
      return false;
    }
    return switch (scheme) {
      case "https" -> !host.isEmpty();
      case "http" -> LOOPBACK.contains(host);
      default -> scheme.indexOf('.') > 0 && !uri.isOpaque();
    };
  }

  /// Whether a request that names `asked` may be answered there: the same text, but for the port on
  /// a loopback address, which an app on somebody's machine can't know before (RFC 8252 §7.3). For
  /// the name `localhost` the port is free only where none is registered.
  public boolean matches(String asked) {
    if (text.equals(asked)) {
      return true;
    }
    var own = uri(text);
    var other = uri(asked);
    if (own.isEmpty()
        || other.isEmpty()
        || other.get().getRawUserInfo() != null
        || other.get().getRawFragment() != null) {
      return false;
    }
    return isPortFree(own.get()) && withoutPort(own.get()).equals(withoutPort(other.get()));
  }

  private static boolean isPortFree(URI uri) {
    var host = Optional.ofNullable(uri.getHost()).orElse("");
    return "http".equals(uri.getScheme())
        && LOOPBACK.contains(host)
        && (!host.equals("localhost") || uri.getPort() < 0);
  }

  private static String withoutPort(URI uri) {
    return "%s://%s%s?%s"
        .formatted(uri.getScheme(), uri.getHost(), uri.getRawPath(), uri.getRawQuery());
  }

  /// Whether the address is on the person's own machine.
  public boolean isLoopback() {
    return uri(text).map(URI::getHost).filter(LOOPBACK::contains).isPresent();
  }

  /// Where it leads, as a person is shown it: a host, or the scheme of an app.
  public String shown() {
    return uri(text)
        .map(uri -> Optional.ofNullable(uri.getHost()).orElse(uri.getScheme()))
        .orElse(text);
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
