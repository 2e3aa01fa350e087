package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.seal.BrokenSeal;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.NoteSigner;
import io.prokura.tlog.NoteVerifier;
import io.prokura.tlog.SignatureType;
import java.util.Base64;
import java.util.List;

/// The Ed25519 key that signs checkpoints, and the log's origin, which is the key's name. The key
/// is not one of those that sign tokens.
public final class LogKey {
  private final String origin;
  private final NoteSigner signer;

  private LogKey(String origin, SigningKey key) {
    this.origin = origin;
    try {
      var x = key.verificationKey().toJwk().text("x").orElseThrow();
      var verifier =
          NoteVerifier.of(origin, SignatureType.ED25519, Base64.getUrlDecoder().decode(x));
      signer = new NoteSigner(verifier, key::sign);
    } catch (InvalidException e) {
      throw new IllegalStateException("not a name for a log: " + origin, e);
    }
  }

  /// The key of the log in `database`; a new one, under the origin `origin`, when there is no log.
  /// Throws [Outage] when it is sealed under another master key.
  public static LogKey open(
      Database database, World world, Crypto crypto, JsonReader json, Seal seal, String origin) {
    database.inTransaction(
        tx -> {
          if (LogStore.head(tx).isEmpty()) {
            var key = SigningKey.generate(crypto, world, Algorithm.EDDSA);
            LogStore.begin(tx, origin, seal.wrap(key.secret(), origin.getBytes(UTF_8)));
          }
          return 0;
        });
    return database.read(
        tx -> {
          var head = LogStore.head(tx).orElseThrow();
          var wrapped = LogStore.key(tx).orElseThrow();
          var secret = unwrap(seal, wrapped, head.origin());
          return new LogKey(head.origin(), SigningKey.ofSecret(crypto, json, secret));
        });
  }

  private static byte[] unwrap(Seal seal, byte[] wrapped, String origin) {
    try {
      return seal.unwrap(wrapped, origin.getBytes(UTF_8));
    } catch (BrokenSeal e) {
      throw new Outage("the log's key does not open with this master key", e);
    }
  }

  public String origin() {
    return origin;
  }

  /// The text by which others verify the log's signatures (C2SP signed-note).
  public String vkey() {
    return signer.key().toString();
  }

  NoteVerifier verifier() {
    return signer.key();
  }

  List<NoteSigner> signers() {
    return List.of(signer);
  }
}
