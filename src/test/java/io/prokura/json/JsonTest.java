package io.prokura.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  private final JsonReader reader = new JsonReader(Limits.standard());

  @Test
  void keepsMembersInOrderAndSortsThemWhenCanonical() {
    var value = parsed("{\"b\":1,\"a\":[true,null,\"x\"]}");
    assertThat(value.toText()).isEqualTo("{\"b\":1,\"a\":[true,null,\"x\"]}");
    assertThat(new String(value.canonical(), UTF_8)).isEqualTo("{\"a\":[true,null,\"x\"],\"b\":1}");
  }

  /// Figures of RFC 8785 appendix B.
  @ParameterizedTest
  @CsvSource({
    "0.000001, 0.000001",
    "1e-7, 1e-7",
    "1e21, 1e+21",
    "100000000000000000000.0, 100000000000000000000",
    "333333333.33333329, 333333333.3333333",
    "4.50, 4.5",
    "2e-3, 0.002",
    "-0.0, 0",
    "9007199254740993, 9007199254740992",
    "9007199254740992, 9007199254740992",
    "-9007199254740992, -9007199254740992",
    "295147905179352830000, 295147905179352830000",
    "1152921504606846976, 1152921504606847000",
    "-9223372036854775808, -9223372036854776000",
    "999999999999999700000, 999999999999999700000",
    "1e23, 1e+23",
    "9.999999999999997e22, 9.999999999999997e+22",
    "333333333.3333332, 333333333.3333332",
    "333333333.33333343, 333333333.33333343",
    "-0.0000033333333333333333, -0.0000033333333333333333",
    "1424953923781206.2, 1424953923781206.2",
    "5e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308"
  })
  void spellsNumbersAsEcmaScriptDoes(String in, String out) {
    assertThat(new String(parsed("[" + in + "]").canonical(), UTF_8)).isEqualTo("[" + out + "]");
  }

  /// The example of RFC 8785 §3.2.2 to §3.2.4.
  @Test
  void writesTheExampleOfTheStandard() {
    var value =
        parsed(
            """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
              "literals": [null, true, false]
            }
            """);
    assertThat(new String(value.canonical(), UTF_8))
        .isEqualTo(
            "{\"literals\":[null,true,false],"
                + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  /// The order of RFC 8785 §3.2.3: by UTF-16 code units, so a smiley comes before a Hebrew letter.
  @Test
  void sortsMembersByCodeUnits() {
    var value =
        parsed(
            """
            {
              "\\u20ac": "Euro Sign",
              "\\r": "Carriage Return",
              "\\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\\ud83d\\ude00": "Emoji: Grinning Face",
              "\\u0080": "Control",
              "\\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """);
    var names = ((Json.Obj) parsed(new String(value.canonical(), UTF_8))).members();
    assertThat(names.values().stream().map(one -> ((Json.Str) one).value()))
        .containsExactly(
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,\"a\":2}",
        "{} {}",
        "nul",
        "[1e999]",
        "\"\t\"",
        "{\"a\" 1}",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud800x\"",
        "{\"\\udfff\":1}",
        "01"
      })
  void refusesWhatIsNotOneWellFormedValue(String text) {
    assertThat(reader.read(text.getBytes(UTF_8))).isInstanceOf(Result.Refused.class);
  }

  @Test
  void readsPairsOfSurrogatesAndUtf8Only() {
    assertThat(parsed("\"\\ud83d\\ude00\"")).isEqualTo(Json.text("\ud83d\ude00"));
    assertThat(reader.read("\"a\"".getBytes(UTF_16LE))).isInstanceOf(Result.Refused.class);
    assertThat(reader.read("\"a\"".getBytes(UTF_16BE))).isInstanceOf(Result.Refused.class);
    assertThat(reader.read("\"\u00e4\"".getBytes(ISO_8859_1))).isInstanceOf(Result.Refused.class);
  }

  @Test
  void refusesNestingBeyondTheLimit() {
    var deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(reader.read(deep.getBytes(UTF_8))).isInstanceOf(Result.Refused.class);
    var allowed = "[".repeat(32) + "]".repeat(32);
    assertThat(reader.read(allowed.getBytes(UTF_8))).isInstanceOf(Ok.class);
  }

  @Test
  void readsBackWhatItWrites() {
    long seed = Long.getLong("seed.json", 7);
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      var value = generate(random, 4);
      assertThat(parsed(value.toText())).as("seed %d, case %d", seed, i).isEqualTo(value);
    }
  }

  @Test
  void neverThrowsOnGarbage() {
    var random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      var bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      assertThat(reader.read(bytes)).isNotNull();
    }
  }

  private Json parsed(String text) {
    if (reader.read(text.getBytes(UTF_8)) instanceof Ok<Json>(var value)) {
      return value;
    }
    throw new AssertionError("not parsed: " + text);
  }

  private static Json generate(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> new Json.Null();
      case 1 -> Json.flag(random.nextBoolean());
      case 2 -> Json.number(random.nextLong());
      case 3 -> new Json.Fraction(random.nextDouble() + 0.5);
      case 4 -> Json.text(text(random));
      case 5 -> {
        var items = new java.util.ArrayList<Json>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(generate(random, depth - 1));
        }
        yield Json.array(items);
      }
      default -> {
        var object = Json.object();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.put(i + text(random), generate(random, depth - 1));
        }
        yield object.build();
      }
    };
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.appendCodePoint(random.nextInt(0x20) + (random.nextBoolean() ? 0 : 0x1f600));
    }
    return text.toString();
  }
}
