package io.prokura.sql;

/// Whether a transaction may use the room on the disk that is kept back.
enum Urgency {
  ORDINARY,
  /// It ends something, lets the operator in, or gives room back.
  URGENT
}
