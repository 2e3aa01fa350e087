package io.prokura.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Caches grow with the heap and keep their least size.
final class HeapTest {
  @Test
  void roomIsInProportionAndNeverLess() {
    assertThat(Heap.room(1_000, 64L << 20)).isEqualTo(1_000);
    assertThat(Heap.room(1_000, 512L << 20)).isEqualTo(1_000);
    assertThat(Heap.room(1_000, 4L << 30)).isEqualTo(8_000);
    assertThat(Heap.room(Integer.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }
}
