package io.prokura.tlog;

/// Verifies a log with nothing but its resources and the keys one trusts.
public final class LogVerifier {
  private static final String CHECKPOINT = "checkpoint";
  private static final String OLDER_CHECKPOINT = "older checkpoint";

  private LogVerifier() {}

  /// Verifies a log that is signed with one key, whose name is the origin.
  ///
  /// See [#verify(LogReader, LogPolicy)].
  public static Verdict verify(LogReader log, NoteVerifier key) {
    return verify(log, LogPolicy.of(key));
  }

  /// Verifies the checkpoint, each entry against the leaf hashes, each hash tile and the root.
  ///
  /// Each entry bundle and hash tile is read once, and no more is held than one bundle and the
  /// right edge of the tree. Whatever the resources hold, the answer is a verdict; only a failure
  /// to read them is an exception, the reader's own.
  public static Verdict verify(LogReader log, LogPolicy policy) {
    try {
      var signed = current(log, policy);
      new LogWalk(log, signed.head(), TreeHead.EMPTY).verify();
      return new Verdict.Intact(signed);
    } catch (BrokenLogException e) {
      return e.verdict();
    }
  }

  /// As [#verify(LogReader, LogPolicy)], and verifies that the log begins with all entries of an
  /// older checkpoint, which was kept as it was served and which need have no witnesses.
  public static Verdict verify(LogReader log, LogPolicy policy, byte[] older) {
    try {
      var before = older(older, policy);
      var signed = current(log, policy);
      refuseSmaller(signed.head(), before.head());
      new LogWalk(log, signed.head(), before.head()).verify();
      return new Verdict.Intact(signed);
    } catch (BrokenLogException e) {
      return e.verdict();
    }
  }

  /// Verifies only that the log's checkpoint extends an older one, by a consistency proof from a
  /// few hash tiles. Entries are not read.
  public static Verdict verifyConsistency(LogReader log, LogPolicy policy, byte[] older) {
    try {
      var before = older(older, policy);
      var signed = current(log, policy);
      refuseSmaller(signed.head(), before.head());
      ConsistencyProof.of(before.head(), signed.head(), log::tile);
      return new Verdict.Intact(signed);
    } catch (BrokenLogException e) {
      return e.verdict();
    } catch (InvalidException e) {
      return new Verdict.Broken(e.reason(), "hash tiles");
    }
  }

  private static SignedCheckpoint current(LogReader log, LogPolicy policy)
      throws BrokenLogException {
    var bytes = log.checkpoint();
    if (bytes.isEmpty()) {
      throw new BrokenLogException("the checkpoint is missing", CHECKPOINT);
    }
    return open(bytes.get(), policy, CHECKPOINT);
  }

  private static SignedCheckpoint older(byte[] bytes, LogPolicy policy) throws BrokenLogException {
    var unwitnessed = new LogPolicy(policy.origin(), policy.keys(), policy.witnesses(), 0);
    return open(bytes, unwitnessed, OLDER_CHECKPOINT);
  }

  private static SignedCheckpoint open(byte[] bytes, LogPolicy policy, String where)
      throws BrokenLogException {
    try {
      return policy.open(bytes);
    } catch (InvalidException e) {
      throw new BrokenLogException(e.reason(), where);
    }
  }

  private static void refuseSmaller(TreeHead head, TreeHead older) throws BrokenLogException {
    if (head.size() < older.size()) {
      throw new BrokenLogException(
          "the log has shrunk from " + older.size() + " to " + head.size() + " entries",
          CHECKPOINT);
    }
  }
}
