package io.prokura.registration;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The verbs over the tokens that let programs register themselves. They expire, are good for a
/// number of registrations, and are kept as their digest only.
public final class InitialTokens {
  private static final String PREFIX = "prkr_";

  private final World world;
  private final Database database;
  private final AuditLog audit;

  public InitialTokens(World world, Database database, AuditLog audit) {
    this.world = world;
    this.database = database;
    this.audit = audit;
  }

  /// A token as it is told once, to whoever had it made.
  public record Told(String text, InitialToken token) {}

  /// Puts `token` on record and draws its text.
  public Told create(Tx tx, Id by, InitialToken token) {
    var text = Secret.draw(world, PREFIX);
    InitialTokenStore.insert(tx, token, Secret.digest(text));
    audit.append(
        tx,
        Event.about("registration-token.created", token.id())
            .by(by)
            .number("uses", token.usesMax())
            .flag("pkceOptional", token.pkceOptional())
            .number("expiresAt", token.expiresAt().toEpochMilli())
            .free("name", token.name())
            .build());
    return new Told(text, token);
  }

  /// The token with this text that something may be registered with; refuses `TOKEN_INVALID`.
  Result<InitialToken> good(String text) {
    var found = database.read(tx -> InitialTokenStore.withDigest(tx, Secret.digest(text)));
    return found
        .filter(token -> token.isGood(world.now()))
        .map(Result::ok)
        .orElseGet(
            () -> refused(TOKEN_INVALID, "the initial access token is unknown, spent or over"));
  }

  /// Counts a registration; refuses `TOKEN_INVALID` when others were faster.
  Result<InitialToken> spend(Tx tx, InitialToken token) {
    return InitialTokenStore.spend(tx, token.id(), world.now())
        ? ok(token)
        : refused(TOKEN_INVALID, "the initial access token is unknown, spent or over");
  }

  /// Makes a token one that nothing is registered with any more; what was stays. Refuses
  /// `NOT_FOUND` and `STATE_CONFLICT`.
  public Result<InitialToken> revoke(Tx tx, Id by, Id.RegistrationToken id, String reason) {
    if (find(tx, id).isEmpty()) {
      return refused(NOT_FOUND, "there is no such token");
    }
    if (!InitialTokenStore.revoke(tx, id, world.now())) {
      return refused(STATE_CONFLICT, "the token is revoked already");
    }
    audit.append(
        tx, Event.about("registration-token.revoked", id).by(by).free("reason", reason).build());
    return ok(find(tx, id).orElseThrow());
  }

  public Optional<InitialToken> find(Tx tx, Id.RegistrationToken id) {
    return InitialTokenStore.find(tx, id);
  }

  List<InitialToken> page(Tx tx, String after, int count) {
    return InitialTokenStore.page(tx, after, count);
  }
}
