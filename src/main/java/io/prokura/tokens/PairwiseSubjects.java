package io.prokura.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Base64Url;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Names people by a name for each sector, so that applications of different sectors can't find out
/// that they know the same person (OpenID Connect Core §8.1). The name is HMAC-SHA256 over sector
/// and person under a secret of the server that is made once and never changes: the same for ever,
/// and nobody else can tell whose it is.
public final class PairwiseSubjects {
  private static final String HMAC = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  private final World world;
  private final Database database;
  private final Seal seal;
  private final AtomicReference<SecretKeySpec> known = new AtomicReference<>();

  public PairwiseSubjects(World world, Database database, Seal seal) {
    this.world = world;
    this.database = database;
    this.seal = seal;
  }

  /// The name of `user` in `sector`; not to be called in a transaction.
  String of(String sector, Id.User user) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(secret());
      // No sector has this separator in it.
      return Base64Url.encode(mac.doFinal((sector + "\n" + user.text()).getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is missing", e);
    }
  }

  private SecretKeySpec secret() {
    var secret = known.get();
    if (secret == null) {
      secret = database.<SecretKeySpec>inTransaction(this::findOrMake);
      known.set(secret);
    }
    return secret;
  }

  private SecretKeySpec findOrMake(Tx tx) {
    var secret = PairwiseStore.find(tx, seal);
    if (secret.isPresent()) {
      return new SecretKeySpec(secret.get(), HMAC);
    }
    var made = world.bytes(SECRET_BYTES);
    PairwiseStore.insert(tx, seal, made);
    return new SecretKeySpec(made, HMAC);
  }

  /// Wraps the secret again under the newest master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of(), (tx, _) -> PairwiseStore.rewrap(tx, seal));
  }
}
