package io.prokura.clients;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;

import io.prokura.jose.ExpectedType;
import io.prokura.jose.Jwt;
import io.prokura.jose.UnverifiedJwt;
import io.prokura.jose.VerificationKey;
import io.prokura.kernel.Result.Ok;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// Verifies what clients signed, with the keys that are registered for them, or published where
/// they are registered to publish them, and no others.
public final class ClientKeys {
  private final Credentials credentials;
  private final Clients clients;
  private final PublishedKeys registered;
  private final PublishedKeys strangers;

  /// `registered` fetches what an administrator named, `strangers` what applications that
  /// registered themselves did.
  public ClientKeys(
      Credentials credentials, Clients clients, PublishedKeys registered, PublishedKeys strangers) {
    this.credentials = credentials;
    this.clients = clients;
    this.registered = registered;
    this.strangers = strangers;
  }

  /// What a client signed, and the credential that has the key.
  public record Signed(Jwt jwt, Credential credential) {}

  /// The JWT of one of `types` that `holder` signed; nothing where no live key of it did. The keys
  /// with the token's `kid` are tried, or all; and where none did, those published since. Not to be
  /// called in a transaction.
  public Optional<Signed> signed(UnverifiedJwt unverified, Holder holder, ExpectedType types) {
    var live = credentials.live(holder);
    var published = published(holder);
    return signed(unverified, live, types, published, PublishedKeys::at)
        .or(
            () ->
                signed(
                    unverified,
                    live.stream().filter(one -> isPublished(one.kind())).toList(),
                    types,
                    published,
                    PublishedKeys::newest));
  }

  private static boolean isPublished(Credential.Kind kind) {
    return kind instanceof Credential.Kind.KeysAt;
  }

  private PublishedKeys published(Holder holder) {
    boolean isStranger =
        holder instanceof Holder.Application(var id)
            && clients.find(id).filter(one -> !one.registration().isVouchedFor()).isPresent();
    return isStranger ? strangers : registered;
  }

  private static Optional<Signed> signed(
      UnverifiedJwt unverified,
      List<Credential> live,
      ExpectedType types,
      PublishedKeys published,
      BiFunction<PublishedKeys, String, List<VerificationKey>> fetch) {
    for (var credential : live) {
      var keys =
          credential.kind() instanceof Credential.Kind.KeysAt(var uri)
              ? fetch.apply(published, uri)
              : Credentials.keys(credential);
      for (var key : candidates(unverified, keys)) {
        if (unverified.verify(key, types, CLIENT_NOT_AUTHENTICATED) instanceof Ok(var jwt)) {
          return Optional.of(new Signed(jwt, credential));
        }
      }
    }
    return Optional.empty();
  }

  private static List<VerificationKey> candidates(
      UnverifiedJwt unverified, List<VerificationKey> keys) {
    return keys.stream()
        .filter(key -> key.algorithms().contains(unverified.algorithm()))
        .filter(key -> unverified.kid().map(kid -> isNamed(key, kid)).orElse(true))
        .toList();
  }

  private static boolean isNamed(VerificationKey key, String kid) {
    return key.kid().orElse(key.thumbprint()).equals(kid) || key.thumbprint().equals(kid);
  }
}
