package io.prokura.bench;

import java.util.List;

/// Counts of durations in nanoseconds, in buckets whose width is at most a 64th of their value. Not
/// for several threads at once.
final class Histogram {
  private static final int FINE_BITS = 6;
  private static final int FINE = 1 << FINE_BITS;

  private final long[] counts = new long[(Long.SIZE - FINE_BITS) * FINE];
  private long count;
  private long longest;

  void add(long nanos) {
    long value = Math.max(0, nanos);
    counts[bucket(value)]++;
    count++;
    longest = Math.max(longest, value);
  }

  void addAll(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
    longest = Math.max(longest, other.longest);
  }

  long count() {
    return count;
  }

  long longest() {
    return longest;
  }

  /// The upper end of the bucket that `share` of all durations do not exceed; 0 when there are
  /// none.
  long quantile(double share) {
    long rank = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (counts[i] > 0 && seen >= rank) {
        return Math.min(longest, upperEnd(i));
      }
    }
    return longest;
  }

  /// Median, 99th and 99.9th percentile and longest, in milliseconds.
  List<Figure> figures() {
    return List.of(
        new Figure("p50", quantile(0.5) / 1e6, "ms"),
        new Figure("p99", quantile(0.99) / 1e6, "ms"),
        new Figure("p999", quantile(0.999) / 1e6, "ms"),
        new Figure("max", longest / 1e6, "ms"));
  }

  private static int bucket(long value) {
    if (value < FINE) {
      return (int) value;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - FINE_BITS;
    return shift * FINE + (int) (value >>> shift);
  }

  private static long upperEnd(int bucket) {
    if (bucket < 2 * FINE) {
      return bucket;
    }
    int shift = bucket / FINE - 1;
    long fine = bucket - (long) shift * FINE;
    return ((fine + 1) << shift) - 1;
  }
}
