package io.prokura.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [PairwiseSubjects].
final class PairwiseStore {
  private static final byte[] WHAT = "pairwise secret".getBytes(UTF_8);

  private PairwiseStore() {}

  static Optional<byte[]> find(Tx tx, Seal seal) {
    return tx.one(
        "SELECT secret FROM pairwise_secret WHERE id = 1", row -> seal.unwrap(row.bytes(1), WHAT));
  }

  static void insert(Tx tx, Seal seal, byte[] secret) {
    tx.run("INSERT INTO pairwise_secret (id, secret) VALUES (1, ?)", seal.wrap(secret, WHAT));
  }

  /// Wraps it again where it is under an older master key.
  static Rewrap.Step rewrap(Tx tx, Seal seal) {
    var all =
        tx.list(
            "SELECT secret FROM pairwise_secret WHERE id = 1",
            row -> new Rewrap.Item(List.of("1"), row.bytes(1), WHAT));
    return Rewrap.again(
        seal,
        all,
        Integer.MAX_VALUE,
        (_, wrapped) -> tx.run("UPDATE pairwise_secret SET secret = ? WHERE id = 1", wrapped));
  }
}
