package io.prokura.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The kept inputs of every target, in `src/test/resources/fuzz`: seeds, where `./fuzz` starts, and
/// what it found. Also each of them with a few bytes changed, from a fixed seed.
final class FuzzTest {
  private static final Path FOLDER = Path.of("src/test/resources/fuzz");
  private static final int CHANGED = 200;

  @ParameterizedTest
  @EnumSource
  void keptInputs(FuzzTarget target) throws IOException {
    var folder = FOLDER.resolve(target.name().toLowerCase(Locale.ROOT));
    int tried = 0;
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        var input = Files.readAllBytes(file);
        target.run(input);
        var random = new Random(tried);
        for (int i = 0; i < CHANGED; i++) {
          target.run(changed(input, random));
        }
        tried++;
      }
    }
    assertThat(tried).isPositive();
    target.run(new byte[0]);
  }

  private static byte[] changed(byte[] input, Random random) {
    var changed = input.clone();
    for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
      int from = random.nextInt(changed.length);
      int to = random.nextInt(changed.length);
      switch (random.nextInt(3)) {
        case 0 -> changed[to] = (byte) random.nextInt(256);
        case 1 -> changed[to] = changed[from];
        default ->
            System.arraycopy(
                input,
                Math.min(from, input.length - 1),
                changed,
                to,
                Math.min(random.nextInt(16), changed.length - Math.max(from, to)));
      }
    }
    return changed;
  }
}
