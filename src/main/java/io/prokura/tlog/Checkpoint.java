package io.prokura.tlog;

import java.util.List;

/// What a log says about itself at one moment: its origin, size and root (C2SP tlog-checkpoint).
/// Only a [SignedCheckpoint] proves that the log said it.
///
/// @param origin the unique name of the log, one line
/// @param head the size and the root of its tree
/// @param extensions further lines, opaque and usually none
public record Checkpoint(String origin, TreeHead head, List<String> extensions) {
  private static final int LINES_MIN = 3;

  /// Refuses, as a mistake of the caller, an origin or extension that is not one non-empty line.
  public Checkpoint {
    if (!Syntax.isLine(origin) || !extensions.stream().allMatch(Syntax::isLine)) {
      throw new IllegalArgumentException("an origin or extension is one non-empty line");
    }
    extensions = List.copyOf(extensions);
  }

  /// A checkpoint without extension lines.
  public Checkpoint(String origin, TreeHead head) {
    this(origin, head, List.of());
  }

  /// Parses a note text, as [#text] prints it.
  ///
  /// @throws InvalidException if the text is not exactly a checkpoint, its size is not below 2^63,
  ///     or it gives the empty tree a root other than [Hash#EMPTY_ROOT]
  public static Checkpoint parse(String text) throws InvalidException {
    if (!text.endsWith("\n")) {
      throw new InvalidException("the checkpoint does not end with a newline");
    }
    var lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
    if (lines.size() < LINES_MIN || !lines.stream().allMatch(Syntax::isLine)) {
      throw new InvalidException("a checkpoint is three or more lines of text, none empty");
    }
    var size = Syntax.decimal(lines.get(1), "the tree size");
    var root = Hash.parse(lines.get(2));
    if (size == 0 && !root.equals(Hash.EMPTY_ROOT)) {
      throw new InvalidException("the root is not that of the empty tree");
    }
    var extensions = lines.subList(LINES_MIN, lines.size());
    return new Checkpoint(lines.getFirst(), new TreeHead(size, root), extensions);
  }

  /// Signs the checkpoint with each of the signers, which are of type [SignatureType#ED25519]. The
  /// first is the log's; its name should be the origin.
  ///
  /// A log must never sign two checkpoints of which one does not extend the other; that is for the
  /// caller to ensure.
  public Note sign(List<NoteSigner> signers) {
    return Note.sign(text(), signers);
  }

  /// The checkpoint as the text of a note.
  public String text() {
    var text = new StringBuilder(origin).append('\n');
    text.append(head.size()).append('\n').append(head.root()).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
