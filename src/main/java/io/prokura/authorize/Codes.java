package io.prokura.authorize;

import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Issues authorization codes and takes each once (RFC 6749 §4.1.2). Only their digest is stored,
/// and it is kept for a while, so that a second use is known as one.
public final class Codes {
  /// How long a code may be used.
  public static final Duration LIFETIME = Duration.ofSeconds(60);

  /// How long it is known afterwards.
  static final Duration KEPT = Duration.ofHours(1);

  private final World world;
  private final Database database;

  public Codes(World world, Database database) {
    this.world = world;
    this.database = database;
  }

  /// A code as it is stored.
  ///
  /// @param redirectUri where it was sent
  /// @param challenge what its verifier has to answer (RFC 7636)
  /// @param nonce what the ID token has to repeat
  /// @param keyThumbprint the key that it is bound to (RFC 9449 §10)
  public record Code(
      String digest,
      Id.Grant grant,
      String redirectUri,
      Optional<String> challenge,
      Optional<String> nonce,
      Optional<String> keyThumbprint,
      Instant expiresAt,
      boolean spent) {}

  /// Makes a code for a grant that comes on record in the same transaction.
  String issue(Tx tx, Id.Grant grant, AuthorizationRequest request) {
    var code = Secrets.random(world);
    GrantStore.insertCode(
        tx,
        new Code(
            Secrets.digest(code),
            grant,
            request.destination().redirectUri(),
            request.challenge(),
            request.nonce(),
            request.keyThumbprint(),
            world.now().plus(LIFETIME),
            false));
    return code;
  }

  /// The code that `text` is, whether it is still good or not.
  public Optional<Code> find(String text) {
    return database.read(tx -> GrantStore.code(tx, Secrets.digest(text)));
  }

  /// Uses the code up; false when it has been.
  public boolean spend(Tx tx, Code code) {
    return GrantStore.spendCode(tx, code.digest(), world.now());
  }
}
