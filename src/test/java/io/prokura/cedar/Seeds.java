package io.prokura.cedar;

import java.util.stream.LongStream;

/// The seeds of a test: `cases` of them from `first` on, unless `-Dseed` and `-Dcases` say
/// otherwise. One seed alone is what a failure prints.
final class Seeds {
  private Seeds() {}

  static Iterable<Long> of(long first, int cases) {
    return of(first, cases, 1);
  }

  /// Where a seed stands for several cases: enough seeds for as many as are wanted.
  static Iterable<Long> of(long first, int usual, int casesEach) {
    var seed = System.getProperty("seed", "");
    var wanted = System.getProperty("cases", "");
    long from = seed.isEmpty() ? first : Long.parseLong(seed);
    long count = seed.isEmpty() ? usual : 1;
    if (!wanted.isEmpty()) {
      count = Math.ceilDiv(Long.parseLong(wanted), casesEach);
    }
    long end = from + count;
    return () -> LongStream.range(from, end).iterator();
  }
}
