package io.prokura.audit;

/// How the log in the database stands to the checkpoint that is kept outside of it.
public sealed interface Continuity {

  /// The log is what was published, or has grown since, or nothing was published yet.
  record Intact() implements Continuity {}

  /// The log is not what was published, so the database is not the one that was served last.
  ///
  /// @param why what gives it away
  /// @param origin the origin in the checkpoint outside
  /// @param size the size in the checkpoint outside
  /// @param root the root in the checkpoint outside
  /// @param note the checkpoint outside as it was found
  record Broken(Why why, String origin, long size, String root, String note, String line)
      implements Continuity {

    /// One line for the operator.
    @Override
    public String toString() {
      return line;
    }
  }

  /// What gives a database away that is not the one that was served last.
  enum Why {
    /// It holds less of the log than was published.
    OLDER,
    /// It holds another log under the same origin and key.
    FORKED,
    /// What was published is of an origin that has ended, and more than was known when it did.
    ENDED,
    /// What was published was signed by a key or under an origin that it does not know.
    UNKNOWN
  }
}
