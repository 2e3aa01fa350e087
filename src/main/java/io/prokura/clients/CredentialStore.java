package io.prokura.clients;

import io.prokura.jose.Crypto;
import io.prokura.jose.VerificationKey;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [Credentials].
final class CredentialStore {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private final Crypto crypto;

  CredentialStore(Crypto crypto) {
    this.crypto = crypto;
  }

  /// False when one of its keys was registered before, by whomever.
  boolean insert(Tx tx, Credential credential) {
    tx.run(
        """
        INSERT INTO credential (id, holder, secret_hash, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?)
        """,
        credential.id(),
        credential.holder().id(),
        hash(credential.kind()),
        credential.createdAt(),
        credential.expiresAt());
    return switch (credential.kind()) {
      case Credential.Kind.Secret _ -> true;
      case Credential.Kind.Keys(var keys) ->
          keys.stream().allMatch(key -> insert(tx, credential.id(), key));
    };
  }

  private static Optional<byte[]> hash(Credential.Kind kind) {
    return switch (kind) {
      case Credential.Kind.Secret(var hash) -> Optional.of(hash.bytes());
      case Credential.Kind.Keys _ -> Optional.empty();
    };
  }

  private static boolean insert(Tx tx, Id.Credential id, VerificationKey key) {
    return tx.run(
            """
            INSERT INTO credential_key (thumbprint, credential_id, jwk)
            VALUES (?, ?, ?)
                ON CONFLICT (thumbprint) DO NOTHING
            """,
            key.thumbprint(),
            id,
            key.toJwk().toText())
        == 1;
  }

  boolean revoke(Tx tx, Id.Credential id, Instant now) {
    return tx.run(
            "UPDATE credential SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id)
        == 1;
  }

  Optional<Credential> find(Tx tx, Id.Credential id) {
    return tx.one(
        """
        SELECT id, holder, secret_hash, created_at, expires_at, revoked_at
          FROM credential
         WHERE id = ?
        """,
        row -> credential(tx, row),
        id);
  }

  /// The credentials of a holder that are live at `now`.
  List<Credential> live(Tx tx, String holder, Instant now) {
    return tx.list(
        """
        SELECT id, holder, secret_hash, created_at, expires_at, revoked_at
          FROM credential
         WHERE holder = ?
           AND revoked_at IS NULL
           AND (expires_at IS NULL OR expires_at > ?)
         ORDER BY id
        """,
        row -> credential(tx, row),
        holder,
        now);
  }

  /// All credentials of a holder, dead ones too, in the order of their ids after `after`.
  List<Credentials.Listed> page(Tx tx, Id holder, String after, int count) {
    return tx.list(
        """
        SELECT id, holder, secret_hash, created_at, expires_at, revoked_at, last_used
          FROM credential
         WHERE holder = ? AND id > ?
         ORDER BY id
         LIMIT ?
        """,
        row -> new Credentials.Listed(credential(tx, row), row.optionalInstant(7)),
        holder,
        after,
        count);
  }

  static void used(Tx tx, String id, Instant at) {
    tx.run(
        """
        UPDATE credential SET last_used = ?
         WHERE id = ? AND (last_used IS NULL OR last_used < ?)
        """,
        at,
        id,
        at);
  }

  private Credential credential(Tx tx, Row row) {
    var id = new Id.Credential(row.text(1));
    Optional<Credential.Kind> secret =
        row.optionalBytes(3).map(hash -> new Credential.Kind.Secret(new SecretHash(hash)));
    return new Credential(
        id,
        Holder.parse(row.text(2)).orElseThrow(),
        secret.orElseGet(() -> new Credential.Kind.Keys(keys(tx, id))),
        row.instant(4),
        row.optionalInstant(5),
        row.optionalInstant(6));
  }

  private List<VerificationKey> keys(Tx tx, Id.Credential id) {
    return tx.list(
        "SELECT jwk FROM credential_key WHERE credential_id = ? ORDER BY thumbprint",
        row -> key(row.text(1)),
        id);
  }

  private VerificationKey key(String jwk) {
    var object = READER.readObject(jwk.getBytes(StandardCharsets.UTF_8));
    if (object instanceof Ok(var parsed)
        && VerificationKey.parse(crypto, parsed, Refusal.FIELD_INVALID) instanceof Ok(var key)) {
      return key;
    }
    throw new IllegalStateException("a stored key is not one");
  }
}
