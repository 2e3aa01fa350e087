package io.prokura.jose;

import java.util.List;
import java.util.Optional;

/// A JWS signature algorithm the server takes part in (RFC 7518 §3.1, RFC 8037 §3.1). There is no
/// `none` and no HMAC: what is not here cannot be asked for.
public enum Algorithm {
  /// ECDSA on P-256 with SHA-256.
  ES256("ES256"),
  /// Ed25519.
  EDDSA("EdDSA"),
  /// RSASSA-PKCS1-v1_5 with SHA-256.
  RS256("RS256"),
  /// RSASSA-PSS with SHA-256.
  PS256("PS256");

  /// Those that this server itself signs by, the usual one first.
  public static final List<Algorithm> SIGNING = List.of(ES256, EDDSA, RS256);

  /// The labels of `SIGNING` for people.
  public static final String CHOICE = "ES256, EdDSA or RS256";

  private final String label;

  Algorithm(String label) {
    this.label = label;
  }

  /// The value of the header member `alg`, as most libraries know it.
  public String label() {
    return label;
  }

  /// The one of `SIGNING` with exactly this label.
  public static Optional<Algorithm> signing(String label) {
    return SIGNING.stream().filter(one -> one.label.equals(label)).findFirst();
  }

  /// The algorithm that `label` names. The fully specified `Ed25519` (RFC 9864 §2.2) is `EdDSA`,
  /// because no other curve is taken.
  public static Optional<Algorithm> labelled(String label) {
    return switch (label) {
      case "ES256" -> Optional.of(ES256);
      case "EdDSA", "Ed25519" -> Optional.of(EDDSA);
      case "RS256" -> Optional.of(RS256);
      case "PS256" -> Optional.of(PS256);
      default -> Optional.empty();
    };
  }
}
