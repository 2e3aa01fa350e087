package io.prokura.jose;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.util.Optional;
import java.util.function.Function;

/// A well-formed JWT that anyone may have written. Nothing in it is to be acted on but to find the
/// key it has to be verified with.
public final class UnverifiedJwt {
  static final String OTHER_TYP = "the token is of another typ";

  private final Algorithm algorithm;
  private final Json.Obj header;
  private final Json.Obj claims;
  private final byte[] signed;
  private final byte[] signature;

  UnverifiedJwt(
      Algorithm algorithm, Json.Obj header, Json.Obj claims, byte[] signed, byte[] signature) {
    this.algorithm = algorithm;
    this.header = header;
    this.claims = claims;
    this.signed = signed;
    this.signature = signature;
  }

  public Algorithm algorithm() {
    return algorithm;
  }

  /// The key the token says it was signed with.
  public Optional<String> kid() {
    return header.text("kid");
  }

  public Optional<String> typ() {
    return header.text("typ");
  }

  /// The whole header. Verification never uses a key, or an address of one, that stands in it; only
  /// proofs of possession, where the key is the claim, take `jwk` from here (RFC 9449 §4.2).
  public Json.Obj unverifiedHeader() {
    return header;
  }

  /// The claims, for finding out whose key to ask for and for nothing else.
  public Json.Obj unverifiedClaims() {
    return claims;
  }

  /// The token as what `key` has signed. Refuses with `reason` a `typ` other than expected, an
  /// algorithm the key is not for, and a wrong signature.
  public Result<Jwt> verify(VerificationKey key, ExpectedType type, Refusal reason) {
    return verify(_ -> Optional.of(key), type, reason);
  }

  /// As above with the key that `keys` has for this token (`JwkSet::find`); refuses with `reason`
  /// when it has none.
  public Result<Jwt> verify(
      Function<UnverifiedJwt, Optional<VerificationKey>> keys, ExpectedType type, Refusal reason) {
    if (!type.admits(typ())) {
      return refused(reason, OTHER_TYP);
    }
    var key = keys.apply(this);
    if (key.isEmpty()) {
      return refused(reason, "the token was not signed with a known key");
    }
    return key.get().verifies(algorithm, signed, signature)
        ? ok(believed(key.get()))
        : refused(reason, "the token's signature is wrong");
  }

  /// The token as what `key` has signed, where that is known.
  Jwt believed(VerificationKey key) {
    return new Jwt(header, claims, key);
  }

  /// The SHA-256 of all that was signed and of the signature.
  byte[] digest() {
    var digest = Crypto.sha256();
    digest.update(signed);
    digest.update((byte) '.');
    return digest.digest(signature);
  }
}
