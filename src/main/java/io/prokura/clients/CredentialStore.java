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
import io.prokura.tls.CertificateName;
import io.prokura.tls.ClientCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The SQL of [Credentials].
final class CredentialStore {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private static final String CERTIFICATE = "certificate";
  private static final String ONCE_REGISTERED =
      "SELECT credential_id FROM credential_certificate WHERE value = ? AND kind = ?";

  private final Crypto crypto;

  CredentialStore(Crypto crypto) {
    this.crypto = crypto;
  }

  /// False when one of its keys or its certificate was registered before, by whomever, or its name
  /// in certificates is a live credential's.
  boolean insert(Tx tx, Credential credential) {
    tx.run(
        """
        INSERT INTO credential (id, holder, secret_hash, jwks_uri, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        credential.id(),
        credential.holder().id(),
        credential.kind() instanceof Credential.Kind.Secret(var hash)
            ? Optional.of(hash.bytes())
            : Optional.empty(),
        credential.kind() instanceof Credential.Kind.KeysAt(var uri)
            ? Optional.of(uri)
            : Optional.empty(),
        credential.createdAt(),
        credential.expiresAt());
    return switch (credential.kind()) {
      case Credential.Kind.Secret _, Credential.Kind.KeysAt _ -> true;
      case Credential.Kind.Keys(var keys) ->
          keys.stream().allMatch(key -> insert(tx, credential.id(), key));
      case Credential.Kind.Certificate(var thumbprint, var bound) ->
          insert(tx, credential, CERTIFICATE, thumbprint, bound);
      case Credential.Kind.Named(var name, var bound) ->
          insert(tx, credential, name.kind().word(), name.value(), bound);
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

  private static boolean insert(
      Tx tx, Credential credential, String kind, String value, boolean bound) {
    boolean taken =
        kind.equals(CERTIFICATE)
            ? !tx.list(ONCE_REGISTERED, row -> row.text(1), value, kind).isEmpty()
            : !holders(tx, kind, value, credential.createdAt()).isEmpty();
    return !taken
        && tx.run(
                """
                INSERT INTO credential_certificate (credential_id, kind, value, bound)
                VALUES (?, ?, ?, ?)
                """,
                credential.id(),
                kind,
                value,
                bound)
            == 1;
  }

  /// The holders of live credentials that are this certificate or this name in certificates.
  private static List<String> holders(Tx tx, String kind, String value, Instant now) {
    return tx.list(
        """
        SELECT credential.holder
          FROM credential_certificate
          JOIN credential ON credential.id = credential_certificate.credential_id
         WHERE credential_certificate.value = ?
           AND credential_certificate.kind = ?
           AND credential.revoked_at IS NULL
           AND (credential.expires_at IS NULL OR credential.expires_at > ?)
        """,
        row -> row.text(1),
        value,
        kind,
        now);
  }

  /// The holders for whom the certificate may be a proof.
  static Set<String> holders(Tx tx, ClientCertificate certificate, Instant now) {
    var holders = new LinkedHashSet<>(holders(tx, CERTIFICATE, certificate.thumbprint(), now));
    for (var name : certificate.names()) {
      holders.addAll(holders(tx, name.kind().word(), name.value(), now));
    }
    return holders;
  }

  boolean revoke(Tx tx, Id.Credential id, Instant now) {
    return tx.run(
            "UPDATE credential SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id)
        == 1;
  }

  Optional<Credential> find(Tx tx, Id.Credential id) {
    return tx.one(
        """
        SELECT id, holder, secret_hash, jwks_uri, created_at, expires_at, revoked_at
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
        SELECT id, holder, secret_hash, jwks_uri, created_at, expires_at, revoked_at
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
        SELECT id, holder, secret_hash, jwks_uri, created_at, expires_at, revoked_at, last_used
          FROM credential
         WHERE holder = ? AND id > ?
         ORDER BY id
         LIMIT ?
        """,
        row -> new Credentials.Listed(credential(tx, row), row.optionalInstant(8)),
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
        secret
            .or(() -> row.optionalText(4).map(Credential.Kind.KeysAt::new))
            .or(() -> certificate(tx, id))
            .orElseGet(() -> new Credential.Kind.Keys(keys(tx, id))),
        row.instant(5),
        row.optionalInstant(6),
        row.optionalInstant(7));
  }

  private static Optional<Credential.Kind> certificate(Tx tx, Id.Credential id) {
    return tx.one(
        "SELECT kind, value, bound FROM credential_certificate WHERE credential_id = ?",
        row ->
            row.text(1).equals(CERTIFICATE)
                ? new Credential.Kind.Certificate(row.text(2), row.flag(3))
                : new Credential.Kind.Named(
                    new CertificateName(CertificateName.Kind.of(row.text(1)), row.text(2)),
                    row.flag(3)),
        id);
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
