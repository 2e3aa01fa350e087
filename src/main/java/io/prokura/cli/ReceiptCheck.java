package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.LogProof;
import io.prokura.tlog.NoteVerifier;
import java.util.Optional;

/// Checks, with nothing but a key that one trusts, that an entry is in a log: the leaf as it is,
/// at the place the receipt says.
public final class ReceiptCheck {

  /// What a check found.
  public sealed interface Finding {
    /// The leaf stands in the log.
    ///
    /// @param origin the log's name
    /// @param index the place of the leaf, from 0
    /// @param size how many entries the log had when it signed
    record Proven(String origin, long index, long size, Json.Obj leaf) implements Finding {}

    /// It is not proven.
    record Broken(String what) implements Finding {}
  }

  private ReceiptCheck() {}

  /// Checks a receipt as `GET /api/v1/audit/{id}/receipt` answers it. The key inside it is ignored:
  /// whoever made the receipt up would have put theirs there.
  public static Finding check(byte[] receipt, NoteVerifier key) {
    var object = Answer.read(receipt);
    if (object.isEmpty()) {
      return new Finding.Broken("the receipt is not a JSON object");
    }
    var leaf = object.get().text("leaf");
    var proof = object.get().text("proof");
    if (leaf.isEmpty() || proof.isEmpty()) {
      return new Finding.Broken(
          object.get().text("status").equals(Optional.of("pending"))
              ? "the receipt is still pending: fetch it again"
              : "the receipt has no leaf and proof");
    }
    var finding = check(leaf.get().getBytes(UTF_8), proof.get().getBytes(UTF_8), key);
    return finding instanceof Finding.Proven proven ? matching(object.get(), proven) : finding;
  }

  /// What the receipt says beside leaf and proof has to be what they say.
  private static Finding matching(Json.Obj receipt, Finding.Proven proven) {
    var entry = receipt.text("entry");
    if (entry.isPresent() && !entry.equals(proven.leaf().text("id"))) {
      return new Finding.Broken("the leaf is another entry than " + entry.get());
    }
    var index = receipt.number("index");
    return index.isPresent() && index.get() != proven.index()
        ? new Finding.Broken("the proof is for entry " + proven.index() + ", not " + index.get())
        : proven;
  }

  /// Checks the bytes of a leaf against a proof (C2SP tlog-proof).
  public static Finding check(byte[] leaf, byte[] proof, NoteVerifier key) {
    try {
      var parsed = LogProof.parse(proof);
      var signed = parsed.verify(leaf, LogPolicy.of(key));
      return new Finding.Proven(
          signed.checkpoint().origin(),
          parsed.inclusion().index(),
          signed.head().size(),
          Answer.read(leaf).orElseGet(() -> Json.object().build()));
    } catch (InvalidException e) {
      return new Finding.Broken(e.reason());
    }
  }
}
