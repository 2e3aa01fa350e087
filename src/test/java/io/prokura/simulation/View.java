package io.prokura.simulation;

import java.time.Instant;

/// How far a server has certainly followed the record, and what time it is.
record View(long applied, Instant now) {

  /// Whether it certainly knows what happened at `place`.
  Good knows(long place) {
    return place <= applied ? Good.YES : Good.EITHER;
  }
}
