package io.prokura.asgardeo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Base64Url;
import io.prokura.seal.BrokenSeal;
import io.prokura.seal.Seal;
import java.util.Optional;

/// Actor tokens that travel, sealed, in what a client polls with, so that none is kept here between
/// a request and its answer. One is good for the request and the client that it came with.
public final class CarriedTokens {
  private static final char SEPARATOR = '.';

  private final Seal seal;

  public CarriedTokens(Seal seal) {
    this.seal = seal;
  }

  /// What a client polls with, and the actor token in it.
  record Carried(String secret, String token) {}

  /// What `clientId` polls with instead of `secret`.
  String with(String secret, String clientId, String token) {
    var wrapped = seal.wrap(token.getBytes(UTF_8), bound(secret, clientId));
    return secret + SEPARATOR + Base64Url.encode(wrapped);
  }

  /// What is in the `text` that `clientId` polls with; nothing where that is not what it got.
  Optional<Carried> in(String text, String clientId) {
    int at = text.indexOf(SEPARATOR);
    if (at < 0) {
      return Optional.empty();
    }
    var secret = text.substring(0, at);
    return Base64Url.decode(text.substring(at + 1))
        .flatMap(bytes -> opened(bytes, bound(secret, clientId)))
        .map(token -> new Carried(secret, token));
  }

  private Optional<String> opened(byte[] wrapped, byte[] bound) {
    try {
      return Optional.of(new String(seal.unwrap(wrapped, bound), UTF_8));
    } catch (BrokenSeal e) {
      return Optional.empty();
    }
  }

  private static byte[] bound(String secret, String clientId) {
    return (clientId + SEPARATOR + secret).getBytes(UTF_8);
  }
}
