package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A file that proves offline that an entry is in a log: an inclusion proof with the signed
/// checkpoint it leads to (C2SP tlog-proof@v1). Nothing in it may be relied on before [#verify].
public final class LogProof {
  /// The length of the longest proof in bytes.
  public static final int BYTES_MAX = 2 * Note.BYTES_MAX;

  /// How many bytes of extra data a proof has at most.
  public static final int EXTRA_MAX = 1 << 19;

  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  private final byte[] extra;
  private final InclusionProof inclusion;
  private final Note checkpoint;

  private LogProof(byte[] extra, InclusionProof inclusion, Note checkpoint) {
    this.extra = extra;
    this.inclusion = inclusion;
    this.checkpoint = checkpoint;
  }

  /// A proof without extra data.
  public static LogProof of(InclusionProof inclusion, Note checkpoint) {
    return new LogProof(new byte[0], inclusion, checkpoint);
  }

  /// This proof with extra data for the application, which nothing authenticates; at most
  /// [#EXTRA_MAX] bytes, and no bytes for none.
  public LogProof withExtra(byte[] data) {
    if (data.length > EXTRA_MAX) {
      throw new IllegalArgumentException(
          "a proof has at most " + EXTRA_MAX + " bytes of extra data");
    }
    return new LogProof(data.clone(), inclusion, checkpoint);
  }

  /// Parses a proof, as [#bytes] prints it.
  ///
  /// @throws InvalidException if the bytes are not exactly a proof or are more than [#BYTES_MAX]
  public static LogProof parse(byte[] bytes) throws InvalidException {
    if (bytes.length > BYTES_MAX) {
      throw new InvalidException("the proof is longer than " + BYTES_MAX + " bytes");
    }
    var proof = Syntax.utf8(bytes, "the proof");
    var blank = proof.indexOf("\n\n");
    if (blank < 0) {
      throw new InvalidException("no empty line separates the proof from its checkpoint");
    }
    var lines = new ArrayList<>(List.of(proof.substring(0, blank).split("\n", -1)));
    if (!lines.removeFirst().equals(HEADER)) {
      throw new InvalidException("the proof does not begin with " + HEADER);
    }
    var extra = new byte[0];
    if (!lines.isEmpty() && lines.getFirst().startsWith(EXTRA)) {
      extra = Syntax.base64(lines.removeFirst().substring(EXTRA.length()), "the extra data");
      if (extra.length == 0 || extra.length > EXTRA_MAX) {
        throw new InvalidException("the proof has no extra data in its line, or too much");
      }
    }
    if (lines.isEmpty() || !lines.getFirst().startsWith(INDEX)) {
      throw new InvalidException("the proof has no index line");
    }
    var index = Syntax.decimal(lines.removeFirst().substring(INDEX.length()), "the index");
    var checkpoint = Note.parse(proof.substring(blank + 2).getBytes(UTF_8));
    return new LogProof(extra, new InclusionProof(index, path(lines)), checkpoint);
  }

  private static List<Hash> path(List<String> lines) throws InvalidException {
    if (lines.size() > InclusionProof.PATH_MAX) {
      throw new InvalidException("the proof has more than 63 hashes");
    }
    var path = new ArrayList<Hash>();
    for (var line : lines) {
      path.add(Hash.parse(line));
    }
    return path;
  }

  /// Verifies that an entry with these bytes is in the log, at the index that [#inclusion] says,
  /// and returns the checkpoint that commits to it.
  ///
  /// @throws InvalidException if the policy does not accept the checkpoint or the entry is not
  ///     proven to be in its tree
  public SignedCheckpoint verify(byte[] entry, LogPolicy policy) throws InvalidException {
    return verify(new Hasher().leaf(entry), policy);
  }

  /// As [#verify(byte\[\], LogPolicy)], by the leaf hash of the entry.
  public SignedCheckpoint verify(Hash leaf, LogPolicy policy) throws InvalidException {
    var signed = policy.open(checkpoint);
    inclusion.verify(leaf, signed.head());
    return signed;
  }

  /// Where the entry is, and the hashes that lead from it to the root.
  public InclusionProof inclusion() {
    return inclusion;
  }

  /// The checkpoint, not verified.
  public Note checkpoint() {
    return checkpoint;
  }

  /// A copy of the data for the application, which nothing authenticates; no bytes if none.
  public byte[] extra() {
    return extra.clone();
  }

  /// The proof in UTF-8.
  public byte[] bytes() {
    return toString().getBytes(UTF_8);
  }

  /// The proof as it stands in a `.tlog-proof` file.
  @Override
  public String toString() {
    var proof = new StringBuilder(HEADER).append('\n');
    if (extra.length > 0) {
      proof.append(EXTRA).append(Syntax.base64(extra)).append('\n');
    }
    proof.append(INDEX).append(inclusion.index()).append('\n');
    inclusion.path().forEach(hash -> proof.append(hash).append('\n'));
    return proof.append('\n').append(checkpoint).toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogProof that
        && Arrays.equals(extra, that.extra)
        && inclusion.equals(that.inclusion)
        && checkpoint.equals(that.checkpoint);
  }

  @Override
  public int hashCode() {
    return 31 * inclusion.hashCode() + checkpoint.hashCode();
  }
}
