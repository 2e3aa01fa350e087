package io.prokura.selftest;

/// The line to a server.
@FunctionalInterface
interface Wire {
  /// Sends the request and reads the answer, whatever it is. Throws [Unclear.NoAnswer].
  Reply send(Sent sent);
}
