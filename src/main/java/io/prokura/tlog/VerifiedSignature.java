package io.prokura.tlog;

/// A signature of a note that a known key has verified.
public sealed interface VerifiedSignature {
  /// The key that verified it.
  NoteVerifier key();

  /// A signature over the note text.
  record Signed(NoteVerifier key) implements VerifiedSignature {}

  /// A cosignature: as of `time`, in seconds since the epoch, this was the largest tree of the log
  /// that the witness had seen, and it was consistent with all before.
  record Cosigned(NoteVerifier key, long time) implements VerifiedSignature {}
}
