package io.prokura.registration;

import static io.prokura.kernel.Refusal.CLIENT_METADATA_INVALID;
import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.Credential;
import io.prokura.clients.Credentials;
import io.prokura.clients.Holder;
import io.prokura.jose.VerificationKey;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Brings what a client proves itself with in line with what it says of itself. Each key is a
/// credential of its own, so that one goes and another stays.
public final class OwnCredentials {
  private static final String REPLACED = "the client registered others";

  private final Credentials credentials;

  public OwnCredentials(Credentials credentials) {
    this.credentials = credentials;
  }

  /// Ends what the client no longer names and adds what it has not; answers a secret that is new.
  /// Refuses `CLIENT_METADATA_INVALID` for a key that was ever registered before.
  Result<Optional<String>> settle(Tx tx, Id.Client id, ClientMetadata metadata) {
    var holder = new Holder.Application(id);
    var wanted = metadata.keys().stream().map(VerificationKey::thumbprint).toList();
    var held = credentials.live(tx, holder);
    for (var credential : held) {
      boolean stays =
          switch (credential.kind()) {
            case Credential.Kind.Secret _ -> metadata.hasSecret();
            case Credential.Kind.Keys(var keys) ->
                keys.stream().allMatch(key -> wanted.contains(key.thumbprint()));
            case Credential.Kind.KeysAt(var uri) -> metadata.jwksUri().equals(Optional.of(uri));
            case Credential.Kind.Certificate _, Credential.Kind.Named _ -> false;
          };
      if (!stays
          && credentials.revoke(tx, id, credential.id(), REPLACED) instanceof Refused<?> no) {
        return no.refusal();
      }
    }
    for (var key : metadata.keys()) {
      if (!isHeld(held, key)) {
        var added = credentials.addKeys(tx, id, holder, List.of(key), Optional.empty());
        if (added instanceof Refused<Credential>(var reason, var detail)) {
          return refused(reason == DUPLICATE ? CLIENT_METADATA_INVALID : reason, detail);
        }
      }
    }
    var uri = metadata.jwksUri().map(Credential.Kind.KeysAt::new);
    if (uri.isPresent()
        && held.stream().noneMatch(one -> one.kind().equals(uri.get()))
        && credentials.add(tx, id, holder, uri.get(), Optional.empty()) instanceof Refused<?> no) {
      return no.refusal();
    }
    boolean hasSecret = held.stream().anyMatch(one -> one.kind() instanceof Credential.Kind.Secret);
    return metadata.hasSecret() && !hasSecret
        ? credentials
            .addSecret(tx, id, holder, Optional.empty())
            .map(told -> Optional.of(told.text()))
        : ok(Optional.empty());
  }

  private static boolean isHeld(List<Credential> held, VerificationKey key) {
    return held.stream()
        .anyMatch(
            one ->
                one.kind() instanceof Credential.Kind.Keys(var keys)
                    && keys.stream().anyMatch(had -> had.thumbprint().equals(key.thumbprint())));
  }

  /// Whether `text` is a secret of the client's.
  boolean isSecret(Tx tx, Id.Client id, String text) {
    return credentials.live(tx, new Holder.Application(id)).stream()
        .anyMatch(
            one -> one.kind() instanceof Credential.Kind.Secret(var hash) && hash.matches(text));
  }

  /// Ends all credentials of the client.
  void revokeAll(Tx tx, Id.Client id, String reason) {
    for (var credential : credentials.live(tx, new Holder.Application(id))) {
      if (!(credentials.revoke(tx, id, credential.id(), reason) instanceof Ok)) {
        throw new IllegalStateException("a live credential can't be revoked");
      }
    }
  }
}
