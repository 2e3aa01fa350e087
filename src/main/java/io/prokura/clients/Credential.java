package io.prokura.clients;

import io.prokura.jose.VerificationKey;
import io.prokura.kernel.Id;
import io.prokura.tls.CertificateName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One way in which `holder` proves itself. A credential that has expired or is revoked proves
/// nothing any more.
public record Credential(
    Id.Credential id,
    Holder holder,
    Kind kind,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt) {

  /// What is needed to check a proof.
  public sealed interface Kind {

    /// A secret, of which only the hash is kept.
    record Secret(SecretHash hash) implements Kind {}

    /// The public halves of the holder's keys; at least one.
    record Keys(List<VerificationKey> keys) implements Kind {
      public Keys {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
          throw new IllegalArgumentException("no keys");
        }
      }
    }

    /// The keys that the holder publishes at a URL and changes there when it likes.
    record KeysAt(String uri) implements Kind {}

    /// One certificate, by its SHA-256 in base64url, whoever issued it. Where `bound`, tokens are
    /// bound to it.
    record Certificate(String thumbprint, boolean bound) implements Kind {}

    /// A name in certificates that the organisation's authorities issue. Tokens are bound to the
    /// certificate that was presented where `bound`.
    record Named(CertificateName name, boolean bound) implements Kind {}

    /// The word in the API and in the record.
    default String word() {
      return switch (this) {
        case Secret _ -> "secret";
        case Keys _ -> "key";
        case KeysAt _ -> "jwks-uri";
        case Certificate _ -> "certificate";
        case Named _ -> "certificate-name";
      };
    }

    /// How many things can prove the holder.
    default int count() {
      return switch (this) {
        case Secret _ -> 1;
        case Keys(var keys) -> keys.size();
        case KeysAt _, Certificate _, Named _ -> 1;
      };
    }
  }

  public boolean isLive(Instant now) {
    return revokedAt.isEmpty() && (expiresAt.isEmpty() || now.isBefore(expiresAt.get()));
  }
}
