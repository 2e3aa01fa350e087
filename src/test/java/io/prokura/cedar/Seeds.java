package io.prokura.cedar;

import java.util.stream.LongStream;

/// The seeds of a test: `cases` of them from `first` on, unless `-Dseed` and `-Dcases` say
/// otherwise. One seed alone is what a failure prints.
final class Seeds {
  private Seeds() {}

  static Iterable<Long> of(long first, int cases) {
    var seed = System.getProperty("seed", "");
    var wanted = System.getProperty("cases", "");
    long from = seed.isEmpty() ? first : Long.parseLong(seed);
    long count = !wanted.isEmpty() ? Long.parseLong(wanted) : seed.isEmpty() ? cases : 1;
    return () -> LongStream.range(from, from + count).iterator();
  }
}
