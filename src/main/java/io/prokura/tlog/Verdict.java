package io.prokura.tlog;

/// What the verification of a log found.
public sealed interface Verdict {
  /// Everything that the checkpoint commits to is there and unchanged.
  ///
  /// @param checkpoint the checkpoint that was verified
  record Intact(SignedCheckpoint checkpoint) implements Verdict {
    /// How many entries the log has.
    public long size() {
      return checkpoint.head().size();
    }

    /// The root that commits to the entries.
    public Hash root() {
      return checkpoint.head().root();
    }
  }

  /// The log is not what its checkpoint says.
  ///
  /// @param what the first thing found wrong, in words
  /// @param where the resource in which it was found, such as `entry 1234`, `tile/1/000` or
  ///     `checkpoint`
  record Broken(String what, String where) implements Verdict {}
}
