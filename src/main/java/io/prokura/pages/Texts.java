package io.prokura.pages;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/// Every text of the pages, by its key in `messages.properties`.
final class Texts {
  private static final Properties TEXTS = read();

  private Texts() {}

  /// The text of `key`; throws when there is none.
  static String text(String key) {
    return Objects.requireNonNull(TEXTS.getProperty(key), key);
  }

  /// The same with `value` in the place of `{}`.
  static String text(String key, Object value) {
    return text(key).replace("{}", String.valueOf(value));
  }

  private static Properties read() {
    var texts = new Properties();
    try (var in = Objects.requireNonNull(Texts.class.getResourceAsStream("/messages.properties"));
        var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      texts.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("messages.properties cannot be read", e);
    }
    return texts;
  }
}
