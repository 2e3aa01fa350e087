package io.prokura.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WindowTest {

  @Test
  void isReadAsItIsTold() {
    var latencies = new Histogram();
    latencies.add(1_000_000);
    latencies.add(7_000_000);
    var window = Window.of(latencies, 500_000_000);

    assertThat(window.perSecond()).isEqualTo(4);
    assertThat(Window.parse(window.line())).isEqualTo(window);
  }
}
