package io.prokura.authorize;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.sessions.LinkedAccount;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [Grants] and [Codes].
final class GrantStore {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private GrantStore() {}

  static void insert(Tx tx, Grant grant) {
    tx.run(
        """
        INSERT INTO authorization_grant (id, client_id, user_id, consent, session, offline, actor,
                                         delegation, resource, scopes, identity, acr, amr,
                                         auth_time, checked, created_at, expires_at, jkt, claims,
                                         issuer, link)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        grant.id(),
        grant.clientId(),
        grant.user(),
        grant.consent(),
        grant.session(),
        grant.offline(),
        grant.actor(),
        grant.delegation(),
        grant.resource(),
        grant.scopes().toString(),
        grant.identity().toString(),
        grant.acr(),
        String.join(" ", grant.amr()),
        grant.authTime(),
        grant.checked(),
        grant.createdAt(),
        grant.expiresAt(),
        grant.keyThumbprint(),
        Optional.of(grant.claims())
            .filter(claims -> !claims.isSilent())
            .map(claims -> claims.toJson().toText()),
        grant.account().map(LinkedAccount::issuer),
        grant.account().map(LinkedAccount::link));
  }

  static Optional<Grant> find(Tx tx, Id.Grant id) {
    return tx.one(
        """
        SELECT id, client_id, user_id, consent, session, offline, actor, delegation, resource,
               scopes, identity, acr, amr, auth_time, checked, created_at, expires_at, jkt, claims,
               issuer, link
          FROM authorization_grant
         WHERE id = ?
        """,
        GrantStore::grant,
        id);
  }

  /// The client of a grant whose code was redeemed, and the scopes about the person.
  record Redeemed(String clientId, Scopes identity) {}

  static List<Redeemed> redeemedIn(Tx tx, Id.Session session) {
    return tx.list(
        """
        SELECT DISTINCT client_id, identity
          FROM authorization_grant
         WHERE session = ? AND refresh_handle IS NOT NULL
         ORDER BY client_id, identity
        """,
        row -> new Redeemed(row.text(1), ConsentStore.scopes(row.text(2))),
        session);
  }

  static void insertCode(Tx tx, Codes.Code code) {
    tx.run(
        """
        INSERT INTO authorization_code (digest, grant_id, redirect_uri, challenge, nonce, jkt,
                                        expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        code.digest(),
        code.grant(),
        code.redirectUri(),
        code.challenge(),
        code.nonce(),
        code.keyThumbprint(),
        code.expiresAt());
  }

  static Optional<Codes.Code> code(Tx tx, String digest) {
    return tx.one(
        """
        SELECT digest, grant_id, redirect_uri, challenge, nonce, jkt, expires_at,
               spent_at IS NOT NULL
          FROM authorization_code
         WHERE digest = ?
        """,
        row ->
            new Codes.Code(
                row.text(1),
                new Id.Grant(row.text(2)),
                row.text(3),
                row.optionalText(4),
                row.optionalText(5),
                row.optionalText(6),
                row.instant(7),
                row.flag(8)),
        digest);
  }

  /// False when it was spent before.
  static boolean spendCode(Tx tx, String digest, Instant now) {
    return tx.run(
            """
            UPDATE authorization_code SET spent_at = ? WHERE digest = ? AND spent_at IS NULL
            """,
            now,
            digest)
        == 1;
  }

  /// Sets the secret that is good in a grant's family, whose handle is told the first time.
  static void startFamily(
      Tx tx, Id.Grant grant, String handle, String digest, Optional<String> keyThumbprint) {
    tx.run(
        """
        UPDATE authorization_grant SET refresh_handle = ?, refresh_digest = ?, jkt = ? WHERE id = ?
        """,
        handle,
        digest,
        keyThumbprint,
        grant);
  }

  static Optional<RefreshTokens.Family> family(Tx tx, String handle) {
    return tx.one(
        """
        SELECT id, client_id, user_id, consent, session, offline, actor, delegation, resource,
               scopes, identity, acr, amr, auth_time, checked, created_at, expires_at, jkt, claims,
               issuer, link, refresh_digest, refresh_before, refresh_salt, refresh_at
          FROM authorization_grant
         WHERE refresh_handle = ?
        """,
        row ->
            new RefreshTokens.Family(
                grant(row),
                row.text(22),
                row.optionalText(23),
                row.optionalText(24),
                row.optionalInstant(25)),
        handle);
  }

  /// Puts the secret with the digest `next` in the place of the one with `current`; false when that
  /// is no longer the one that is good.
  static boolean rotate(
      Tx tx, Id.Grant grant, String current, String next, String salt, Instant now) {
    return tx.run(
            """
            UPDATE authorization_grant
               SET refresh_digest = ?, refresh_before = ?, refresh_salt = ?, refresh_at = ?
             WHERE id = ? AND refresh_digest = ?
            """,
            next,
            current,
            salt,
            now,
            grant,
            current)
        == 1;
  }

  static int sweepCodes(Tx tx, Instant before, int max) {
    return tx.run(
        """
        DELETE FROM authorization_code
         WHERE digest IN (
           SELECT digest FROM authorization_code WHERE expires_at < ? ORDER BY expires_at LIMIT ?)
        """,
        before,
        max);
  }

  static int sweepGrants(Tx tx, Instant before, int max) {
    return tx.run(
        """
        DELETE FROM authorization_grant
         WHERE id IN (
           SELECT id FROM authorization_grant
            WHERE expires_at < ?
              AND NOT EXISTS (SELECT 1 FROM authorization_code
                               WHERE grant_id = authorization_grant.id)
              AND NOT EXISTS (SELECT 1 FROM session
                               WHERE session.id = authorization_grant.session)
            ORDER BY expires_at
            LIMIT ?)
        """,
        before,
        max);
  }

  private static Grant grant(Row row) {
    return new Grant(
        new Id.Grant(row.text(1)),
        row.text(2),
        new Id.User(row.text(3)),
        row.optionalText(4).map(Id.Consent::new),
        new Id.Session(row.text(5)),
        row.flag(6),
        LinkedAccount.of(row.optionalText(20), row.optionalText(21)),
        row.optionalText(7).map(Id.Agent::new),
        row.optionalText(8).map(Id.Delegation::new),
        row.text(9),
        ConsentStore.scopes(row.text(10)),
        ConsentStore.scopes(row.text(11)),
        row.text(12),
        List.of(row.text(13).split(" ", -1)),
        row.instant(14),
        row.number(15),
        row.instant(16),
        row.instant(17),
        row.optionalText(18),
        row.optionalText(19).map(GrantStore::claims).orElse(ClaimsRequest.NONE));
  }

  private static ClaimsRequest claims(String column) {
    if (READER.readObject(column.getBytes(UTF_8)) instanceof Ok(var object)
        && ClaimsRequest.parse(object) instanceof Ok(var claims)) {
      return claims;
    }
    throw new IllegalStateException("claims of a grant are none");
  }
}
