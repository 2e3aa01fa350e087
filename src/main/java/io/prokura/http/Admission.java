package io.prokura.http;

/// Whether a route is still answered when the server has more to do than it can.
public enum Admission {
  /// Refused with 503 while too many others run.
  WHEN_FREE,

  /// Answered even then: it ends something, it administers, or it tells how the server is.
  ALWAYS
}
