package io.prokura.bench;

import java.time.Duration;
import java.util.List;

/// How long and how hard to measure.
///
/// @param connections keep-alive connections of the load
/// @param appenders threads that append to the record at once
/// @param seed what generated policies and requests are drawn from
/// @param sizes where growth is measured, ascending; none for the benchmark's own
/// @param sustained how long a sustained run is
/// @param window the parts of it that get figures of their own
record Settings(
    Duration warmUp,
    Duration duration,
    int connections,
    int appenders,
    long seed,
    List<Integer> sizes,
    Duration sustained,
    Duration window) {
  Settings {
    sizes = List.copyOf(sizes);
  }

  /// The sizes that were asked for, or else `usual`.
  List<Integer> sizesOr(List<Integer> usual) {
    return sizes.isEmpty() ? usual : sizes;
  }

  /// The same over so many connections.
  Settings over(int other) {
    return new Settings(warmUp, duration, other, appenders, seed, sizes, sustained, window);
  }

  /// The same for a load that lasts otherwise.
  Settings lasting(Duration before, Duration measured) {
    return new Settings(before, measured, connections, appenders, seed, sizes, sustained, window);
  }
}
