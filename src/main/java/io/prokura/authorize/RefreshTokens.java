package io.prokura.authorize;

import static io.prokura.kernel.Refusal.REFRESH_TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.jose.Base64Url;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Issues refresh tokens (RFC 6749 §6) and knows them again. A grant has one family of them: a
/// handle, and a secret of which the digest is stored. Where something else than the token proves
/// its holder, the secret stays; otherwise each use replaces it, and a secret that was replaced
/// gives the thief away (RFC 9700 §4.14.2).
public final class RefreshTokens {
  /// How long a secret that was replaced still gets its successor again: an answer may be lost on
  /// the way and the request repeated.
  static final Duration GRACE = Duration.ofSeconds(10);

  private static final int HANDLE_BYTES = 16;
  private static final String SEPARATOR = ".";

  private final World world;
  private final Database database;
  private final Grants grants;

  public RefreshTokens(World world, Database database, Grants grants) {
    this.world = world;
    this.database = database;
    this.grants = grants;
  }

  /// The refresh tokens of one grant: the digest of the secret that is good, and of the one that it
  /// replaced at `replacedAt` by `salt`.
  record Family(
      Grant grant,
      String digest,
      Optional<String> before,
      Optional<String> salt,
      Optional<Instant> replacedAt) {}

  /// A refresh token that was presented and is good.
  public static final class Presented {
    private final Grant grant;
    private final String handle;
    private final String secret;
    private final Optional<String> successor;

    private Presented(Grant grant, String handle, String secret, Optional<String> successor) {
      this.grant = grant;
      this.handle = handle;
      this.secret = secret;
      this.successor = successor;
    }

    /// What it stands for.
    public Grant grant() {
      return grant;
    }
  }

  /// Makes the first refresh token of a grant, bound to a key where there is one.
  public String first(Tx tx, Grant grant, Optional<String> keyThumbprint) {
    var handle = Base64Url.encode(world.bytes(HANDLE_BYTES));
    var secret = Secrets.random(world);
    GrantStore.startFamily(tx, grant.id(), handle, Secrets.digest(secret), keyThumbprint);
    return handle + SEPARATOR + secret;
  }

  /// The refresh token that `text` is; refuses `REFRESH_TOKEN_INVALID`. One that was replaced ends
  /// its grant and all that came of it. Not to be called in a transaction.
  public Result<Presented> find(String text) {
    int at = text.indexOf(SEPARATOR);
    var handle = at < 0 ? "" : text.substring(0, at);
    var secret = text.substring(at + 1);
    Optional<Family> found = database.read(tx -> GrantStore.family(tx, handle));
    if (found.isEmpty()) {
      return refused(REFRESH_TOKEN_INVALID, "there is no such refresh token");
    }
    var family = found.get();
    var digest = Secrets.digest(secret);
    if (digest.equals(family.digest())) {
      return ok(new Presented(family.grant(), handle, secret, Optional.empty()));
    }
    boolean isJustReplaced =
        family.before().equals(Optional.of(digest))
            && family.replacedAt().orElse(Instant.MIN).plus(GRACE).isAfter(world.now());
    if (isJustReplaced) {
      var successor = Secrets.derived(family.salt().orElseThrow(), secret);
      return ok(new Presented(family.grant(), handle, secret, Optional.of(successor)));
    }
    grants.end(family.grant(), "a refresh token was used again that had been replaced");
    return refused(REFRESH_TOKEN_INVALID, "the refresh token has been replaced");
  }

  /// Ends the grant that a refresh token of `clientId` stands for, be the token good or replaced;
  /// false when there is none (RFC 7009 §2.1).
  public boolean revoke(String clientId, String text) {
    int at = text.indexOf(SEPARATOR);
    var handle = at < 0 ? "" : text.substring(0, at);
    Optional<Family> found = database.read(tx -> GrantStore.family(tx, handle));
    var own = found.map(Family::grant).filter(grant -> grant.clientId().equals(clientId));
    own.ifPresent(grant -> grants.end(grant, "its client revoked the refresh token"));
    return own.isPresent();
  }

  /// Replaces a refresh token by the next, the same for who asks again at once; refuses
  /// `REFRESH_TOKEN_INVALID` when somebody was faster.
  public Result<String> replace(Tx tx, Presented presented) {
    if (presented.successor.isPresent()) {
      return ok(presented.handle + SEPARATOR + presented.successor.get());
    }
    var salt = Secrets.random(world);
    var next = Secrets.derived(salt, presented.secret);
    boolean replaced =
        GrantStore.rotate(
            tx,
            presented.grant.id(),
            Secrets.digest(presented.secret),
            Secrets.digest(next),
            salt,
            world.now());
    return replaced
        ? ok(presented.handle + SEPARATOR + next)
        : refused(REFRESH_TOKEN_INVALID, "the refresh token was used at the same moment");
  }
}
