package io.prokura.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SampleTest {
  private final Sample<Integer> sample = new Sample<>(100, 1);

  @Test
  void keepsEverythingWhileThereIsRoom() {
    IntStream.range(0, 100).forEach(sample::offer);

    assertThat(sample.shuffled())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void drawsFromAllThatIsOffered() {
    IntStream.range(0, 100_000).forEach(sample::offer);

    assertThat(sample.shuffled())
        .hasSize(100)
        .doesNotHaveDuplicates()
        .anyMatch(one -> one < 50_000)
        .anyMatch(one -> one >= 50_000);
  }
}
