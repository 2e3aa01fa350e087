package io.prokura.tlog;

import java.util.List;

/// A checkpoint that the expected log has signed, with the witnesses that a [LogPolicy] requires.
/// Only a policy makes one, so whoever holds it need not verify again.
public final class SignedCheckpoint {
  private final Checkpoint checkpoint;
  private final List<VerifiedSignature> witnesses;

  SignedCheckpoint(Checkpoint checkpoint, List<VerifiedSignature> witnesses) {
    this.checkpoint = checkpoint;
    this.witnesses = List.copyOf(witnesses);
  }

  /// What the log has signed.
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /// The size and the root that the log has signed.
  public TreeHead head() {
    return checkpoint.head();
  }

  /// The verified signatures of the known witnesses, one for each that signed.
  public List<VerifiedSignature> witnesses() {
    return witnesses;
  }
}
