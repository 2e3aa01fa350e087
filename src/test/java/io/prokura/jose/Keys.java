package io.prokura.jose;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/// Keys and readers that the tests of this package share.
final class Keys {
  static final Refusal REASON = Refusal.SUBJECT_TOKEN_INVALID;
  static final JsonReader JSON = new JsonReader(Limits.standard());
  static final JwtReader READER = new JwtReader(JSON);
  static final Crypto FASTEST = Crypto.fastest();
  static final Crypto JDK = Crypto.jdk();
  private static final Map<Algorithm, byte[]> SECRETS = generated();

  private Keys() {}

  static World world(long seed) {
    var now = Instant.parse("2026-11-23T12:00:00Z");
    return new World(() -> now, new Random(seed));
  }

  static SigningKey signingKey(Crypto crypto, Algorithm algorithm) {
    return SigningKey.ofSecret(crypto, JSON, Objects.requireNonNull(SECRETS.get(algorithm)));
  }

  /// Every algorithm with the fastest code and with the JDK's.
  static Stream<Arguments> everyAlgorithmAndCode() {
    return Arrays.stream(Algorithm.values())
        .flatMap(
            algorithm ->
                Stream.of(
                    Arguments.of(Named.of("fastest", FASTEST), algorithm),
                    Arguments.of(Named.of("JDK", JDK), algorithm)));
  }

  static Stream<Named<Crypto>> everyCode() {
    return Stream.of(Named.of("fastest", FASTEST), Named.of("JDK", JDK));
  }

  static Json.Obj object(String text) {
    return value(JSON.readObject(utf8(text)));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String part(String json) {
    return Base64Url.encode(utf8(json));
  }

  static <T> T value(Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T> refused -> throw new AssertionError("refused: " + refused);
    };
  }

  /// The detail of a refusal that has the reason every test passes in.
  static String refusal(Result<?> result) {
    return switch (result) {
      case Result.Ok<?>(var value) -> throw new AssertionError("not refused: " + value);
      case Result.Refused<?>(var reason, var detail) when reason == REASON -> detail;
      case Result.Refused<?> refused -> throw new AssertionError("other reason: " + refused);
    };
  }

  private static Map<Algorithm, byte[]> generated() {
    var secrets = new EnumMap<Algorithm, byte[]>(Algorithm.class);
    for (var algorithm : Algorithm.values()) {
      secrets.put(algorithm, SigningKey.generate(JDK, world(7), algorithm).secret());
    }
    return secrets;
  }
}
