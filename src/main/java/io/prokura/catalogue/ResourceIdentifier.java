package io.prokura.catalogue;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// The spelling of resource identifiers. They are normalised when a resource is registered and
/// compared exactly ever after.
final class ResourceIdentifier {
  private static final int LENGTH_MAX = 500;

  private ResourceIdentifier() {}

  /// The normal form of an absolute URI without fragment (RFC 8707 §2) and without user: scheme and
  /// host in lower case, the scheme's default port dropped (RFC 3986 §6.2.2.1 and §6.2.3). Empty
  /// when `text` is none, is longer than 500 characters, or has a dot segment in its path.
  static Optional<String> normalised(String text) {
    if (text.length() > LENGTH_MAX || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      return Optional.empty();
    }
    try {
      var uri = new URI(text);
      if (!uri.isAbsolute() || uri.getRawFragment() != null) {
        return Optional.empty();
      }
      return uri.isOpaque() ? opaque(uri) : hierarchical(uri);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> opaque(URI uri) {
    var scheme = lower(uri.getScheme());
    return isHttp(scheme)
        ? Optional.empty()
        : Optional.of(scheme + ":" + uri.getRawSchemeSpecificPart());
  }

  private static Optional<String> hierarchical(URI uri) throws URISyntaxException {
    var authority = uri.parseServerAuthority();
    var scheme = lower(uri.getScheme());
    var path = uri.getRawPath();
    var host = authority.getHost();
    if (host == null || authority.getRawUserInfo() != null || hasDotSegment(path)) {
      return Optional.empty();
    }
    var port = uri.getPort();
    boolean isDefault = port == (scheme.equals("https") ? 443 : 80) && isHttp(scheme);
    return Optional.of(
        scheme
            + "://"
            + lower(host)
            + (port < 0 || isDefault ? "" : ":" + port)
            + path
            + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
  }

  private static boolean hasDotSegment(String path) {
    for (var segment : path.split("/", -1)) {
      var plain = lower(segment).replace("%2e", ".");
      if (plain.equals(".") || plain.equals("..")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isHttp(String scheme) {
    return scheme.equals("http") || scheme.equals("https");
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
