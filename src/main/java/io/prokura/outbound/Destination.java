package io.prokura.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a request goes to, read from a URL by the narrow rules of this server: the scheme, a host
/// in one of its plain spellings, a port, and what to ask for there. A URL with user information or
/// a fragment is none, nor is one whose host is a number in another guise (`2130706433`, `0x7f.1`,
/// `127.1`), whatever a resolver would make of it.
public record Destination(boolean isSecure, String host, int port, String target) {
  private static final int LENGTH_MAX = 2_048;
  private static final int HOST_MAX = 253;
  private static final int PORT_MAX = 65_535;
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-f:]{2,39}");
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

  /// A DNS name; its last label begins with a letter, so that no spelling of a number is one.
  private static final Pattern NAME = Pattern.compile("(?:" + LABEL + "\\.)*(?=[a-z])" + LABEL);

  /// The destination that `url` names, if it is one.
  public static Optional<Destination> parse(String url) {
    if (url.length() > LENGTH_MAX || !url.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      return Optional.empty();
    }
    try {
      var uri = new URI(url);
      boolean isSecure = "https".equals(uri.getScheme());
      if ((!isSecure && !"http".equals(uri.getScheme()))
          || uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getRawFragment() != null) {
        return Optional.empty();
      }
      var host = uri.getHost().toLowerCase(Locale.ROOT);
      int usual = isSecure ? 443 : 80;
      int port = uri.getPort() < 0 ? usual : uri.getPort();
      return isHost(host) && port > 0 && port <= PORT_MAX
          ? Optional.of(new Destination(isSecure, host, port, target(uri)))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isHost(String host) {
    return host.startsWith("[")
        ? IPV6.matcher(inner(host)).matches()
        : host.length() <= HOST_MAX
            && (IPV4.matcher(host).matches() || NAME.matcher(host).matches());
  }

  private static String target(URI uri) {
    var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static String inner(String host) {
    return host.substring(1, host.length() - 1);
  }

  /// The address, where the host is one and no name.
  Optional<InetAddress> literal() {
    if (!host.startsWith("[") && !IPV4.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /// The host as a certificate names it.
  String certified() {
    return host.startsWith("[") ? inner(host) : host;
  }

  /// The value of the `Host` header (RFC 9110 §7.2).
  String authority() {
    return port == (isSecure ? 443 : 80) ? host : host + ":" + port;
  }

  /// Whether the host is this machine by its very spelling.
  boolean isLoopback() {
    return host.equals("localhost") || literal().filter(InetAddress::isLoopbackAddress).isPresent();
  }
}
