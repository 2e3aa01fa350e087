package io.prokura.clients;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;

import io.prokura.jose.ExpectedType;
import io.prokura.jose.Jwt;
import io.prokura.jose.UnverifiedJwt;
import io.prokura.jose.VerificationKey;
import io.prokura.kernel.Result.Ok;
import java.util.List;
import java.util.Optional;

/// Verifies what clients signed, with the keys that are registered for them and no others.
public final class ClientKeys {
  private final Credentials credentials;

  public ClientKeys(Credentials credentials) {
    this.credentials = credentials;
  }

  /// What a client signed, and the credential that has the key.
  public record Signed(Jwt jwt, Credential credential) {}

  /// The JWT of one of `types` that `holder` signed; nothing where no live key of it did. The keys
  /// with the token's `kid` are tried, or all.
  public Optional<Signed> signed(UnverifiedJwt unverified, Holder holder, ExpectedType types) {
    for (var credential : credentials.live(holder)) {
      for (var key : candidates(unverified, credential.kind())) {
        if (unverified.verify(key, types, CLIENT_NOT_AUTHENTICATED) instanceof Ok(var jwt)) {
          return Optional.of(new Signed(jwt, credential));
        }
      }
    }
    return Optional.empty();
  }

  private static List<VerificationKey> candidates(UnverifiedJwt unverified, Credential.Kind kind) {
    return switch (kind) {
      case Credential.Kind.Secret _, Credential.Kind.Certificate _, Credential.Kind.Named _ ->
          List.of();
      case Credential.Kind.Keys(var keys) ->
          keys.stream()
              .filter(key -> key.algorithms().contains(unverified.algorithm()))
              .filter(key -> unverified.kid().map(kid -> isNamed(key, kid)).orElse(true))
              .toList();
    };
  }

  private static boolean isNamed(VerificationKey key, String kid) {
    return key.kid().orElse(key.thumbprint()).equals(kid) || key.thumbprint().equals(kid);
  }
}
