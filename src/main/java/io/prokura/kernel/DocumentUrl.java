package io.prokura.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The URL of a document in which an application says what it is, and by which it is known
/// (draft-ietf-oauth-client-id-metadata-document §3): https with a path, without user information,
/// fragment and dot segments, in one plain spelling. On this machine also http, which nobody but a
/// server that is itself of this machine alone ever fetches.
public record DocumentUrl(String text) {
  private static final int LENGTH_MAX = 500;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  /// The URL that `text` is, if it is one.
  public static Optional<DocumentUrl> parse(String text) {
    if (!text.startsWith("http")
        || text.length() > LENGTH_MAX
        || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      return Optional.empty();
    }
    try {
      return isOne(new URI(text)) ? Optional.of(new DocumentUrl(text)) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isOne(URI uri) {
    var host = uri.getHost();
    if (host == null
        || !host.equals(host.toLowerCase(Locale.ROOT))
        || uri.getRawUserInfo() != null
        || uri.getRawFragment() != null) {
      return false;
    }
    boolean isReachable =
        "https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && LOOPBACK.contains(host));
    return isReachable
        && uri.getRawPath().startsWith("/")
        && Arrays.stream(uri.getRawPath().split("/", -1)).noneMatch(DocumentUrl::isDots);
  }

  private static boolean isDots(String segment) {
    var plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
    return plain.equals(".") || plain.equals("..");
  }

  /// The host that whoever writes the document has.
  public String host() {
    return URI.create(text).getHost();
  }

  /// 128 bits of its SHA-256: enough that nobody finds another URL for the same.
  String digest() {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
      var bits = ByteBuffer.wrap(hash);
      return Crockford.encode(bits.getLong(), bits.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing", e);
    }
  }
}
