package io.prokura.http;

/// When a route's entry in the record becomes durable, relative to its answer.
public enum Recorded {
  /// The route changes and reveals nothing that is recorded.
  NOTHING,
  /// The entry commits with the change it tells of, in one transaction.
  IN_TRANSACTION,
  /// The entry is written once the answer is known, before it is sent.
  AFTER
}
