package io.prokura.issuers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Crypto;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Fields;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [Issuers].
final class IssuerStore {
  private static final int REWRAP_MAX = 200;
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private final Crypto crypto;

  IssuerStore(Crypto crypto) {
    this.crypto = crypto;
  }

  /// False when the identifier is another's already.
  static boolean insert(Tx tx, TrustedIssuer issuer, Optional<byte[]> secret) {
    return tx.run(
            """
            INSERT INTO trusted_issuer (id, issuer, name, terms, secret, active, version)
            VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (issuer) DO NOTHING
            """,
            issuer.id(),
            issuer.issuer(),
            issuer.name(),
            TermsJson.write(issuer.terms()).toText(),
            secret,
            issuer.active(),
            issuer.version())
        == 1;
  }

  /// Writes everything but the identifier over the version; false when that is no longer it.
  static boolean update(Tx tx, TrustedIssuer issuer) {
    return tx.run(
            """
            UPDATE trusted_issuer
               SET name = ?, terms = ?, active = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            issuer.name(),
            TermsJson.write(issuer.terms()).toText(),
            issuer.active(),
            issuer.id(),
            issuer.version())
        == 1;
  }

  static void setSecret(Tx tx, Id.Issuer id, byte[] secret) {
    tx.run("UPDATE trusted_issuer SET secret = ? WHERE id = ?", secret, id);
  }

  static Optional<byte[]> secret(Tx tx, Id.Issuer id) {
    return tx.one("SELECT secret FROM trusted_issuer WHERE id = ?", row -> row.optionalBytes(1), id)
        .flatMap(secret -> secret);
  }

  Optional<TrustedIssuer> find(Tx tx, Id.Issuer id) {
    return tx.one(
        "SELECT id, issuer, name, terms, active, version FROM trusted_issuer WHERE id = ?",
        this::issuer,
        id);
  }

  static Optional<Id.Issuer> named(Tx tx, String issuer) {
    return tx.one(
        "SELECT id FROM trusted_issuer WHERE issuer = ?",
        row -> new Id.Issuer(row.text(1)),
        issuer);
  }

  List<TrustedIssuer> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, issuer, name, terms, active, version
          FROM trusted_issuer
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        this::issuer,
        after,
        count);
  }

  static Rewrap.Step rewrap(Tx tx, Seal seal, List<String> after) {
    var some =
        tx.list(
            """
            SELECT id, secret
              FROM trusted_issuer
             WHERE id > ? AND secret IS NOT NULL
             ORDER BY id
             LIMIT ?
            """,
            row -> new Rewrap.Item(List.of(row.text(1)), row.bytes(2), row.text(1).getBytes(UTF_8)),
            after.getFirst(),
            REWRAP_MAX);
    return Rewrap.again(
        seal,
        some,
        REWRAP_MAX,
        (key, secret) ->
            tx.run("UPDATE trusted_issuer SET secret = ? WHERE id = ?", secret, key.getFirst()));
  }

  private TrustedIssuer issuer(Row row) {
    if (!(READER.readObject(row.text(4).getBytes(UTF_8)) instanceof Ok(var terms))) {
      throw new IllegalStateException("the terms of an issuer are no object");
    }
    return new TrustedIssuer(
        new Id.Issuer(row.text(1)),
        row.text(2),
        row.text(3),
        TermsJson.read(crypto, new Fields(terms), row.text(2), _ -> true).terms(),
        row.flag(5),
        row.number(6));
  }
}
