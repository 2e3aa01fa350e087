package io.prokura.outbound;

import java.util.Map;
import java.util.Optional;

/// What came of a request to somebody else's server.
public sealed interface Fetched {

  /// An answer that counts. The names of `headers` are in lower case; of a header that was there
  /// more than once, the first counts. `text` is the body, read as UTF-8.
  record Answered(int status, Map<String, String> headers, String text) implements Fetched {
    public Answered {
      headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /// The media type in lower case without parameters, empty where none was said.
    public String mediaType() {
      var type = headers.getOrDefault("content-type", "");
      int end = type.indexOf(';');
      return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// No answer that counts. `detail` is for the operator: to a stranger it would tell what is where
  /// in the network.
  record Failed(Failure failure, String detail) implements Fetched {}

  /// Why there is no answer.
  enum Failure {
    /// The URL is not one this server sends anything to.
    URL_REFUSED,
    /// The host is, by at least one of its addresses, not an ordinary host of the Internet.
    ADDRESS_REFUSED,
    /// Too much is being sent, altogether or to this host.
    BUSY,
    /// The host has no address, or nothing there takes connections.
    UNREACHABLE,
    /// The server could not prove that it is the host.
    NOT_PROVEN,
    /// It was not over in time.
    TOO_SLOW,
    /// The answer is longer than asked for.
    TOO_LARGE,
    /// The answer is not one that this server understands.
    MALFORMED,
    /// The answer has another status than those that count; redirects among them.
    STATUS
  }
}
