package io.prokura.jose;

import io.prokura.json.Json;
import java.util.Optional;

/// What whoever presents a token has to prove besides having it: the claim `cnf` (RFC 7800).
public sealed interface Confirmation {
  /// A token for whoever has it (RFC 6750).
  record None() implements Confirmation {}

  /// A token for whoever holds the key of the certificate with this SHA-256 (RFC 8705 §3.1).
  record Certificate(String thumbprint) implements Confirmation {}

  /// A token for whoever holds the key with this RFC 7638 thumbprint (RFC 9449 §6.1).
  record Key(String jkt) implements Confirmation {}

  /// Nothing: the token is its bearer's.
  static Confirmation none() {
    return new None();
  }

  /// The thumbprint of the key whose holder has to prove it, if it is one.
  default Optional<String> keyThumbprint() {
    return this instanceof Key(var jkt) ? Optional.of(jkt) : Optional.empty();
  }

  /// The claim; empty for a bearer's token.
  default Optional<Json.Obj> claim() {
    return switch (this) {
      case None _ -> Optional.empty();
      case Certificate(var thumbprint) ->
          Optional.of(Json.object().put("x5t#S256", thumbprint).build());
      case Key(var jkt) -> Optional.of(Json.object().put("jkt", jkt).build());
    };
  }

  /// What the claims of a token of ours ask for; empty when that is something we don't know, which
  /// nobody can prove.
  static Optional<Confirmation> read(Json.Obj claims) {
    if (claims.get("cnf").isEmpty()) {
      return Optional.of(none());
    }
    return claims
        .object("cnf")
        .filter(cnf -> cnf.members().size() == 1)
        .flatMap(
            cnf ->
                cnf.text("x5t#S256")
                    .<Confirmation>map(Certificate::new)
                    .or(() -> cnf.text("jkt").map(Key::new)));
  }
}
