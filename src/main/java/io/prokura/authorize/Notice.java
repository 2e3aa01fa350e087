package io.prokura.authorize;

import io.prokura.kernel.Id;
import java.time.Instant;

/// That the client of a request is to be told that there is an answer.
///
/// @param at when it is told next
/// @param tries how often it was tried
record Notice(Id.PolledRequest request, String clientId, Sealed sealed, Instant at, int tries) {

  /// Bytes that only [Notices] can open.
  static final class Sealed {
    private final byte[] bytes;

    Sealed(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    byte[] bytes() {
      return bytes.clone();
    }
  }
}
