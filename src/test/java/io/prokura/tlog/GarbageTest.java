package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever bytes arrive, a parser takes them or refuses them with its documented exception, and
/// what it takes prints as the same bytes.
class GarbageTest {
  private interface BytesParser {
    byte[] parseAndPrint(byte[] bytes) throws InvalidException;
  }

  private interface TextParser {
    String parseAndPrint(String text) throws InvalidException;
  }

  private static final List<BytesParser> OF_BYTES =
      List.of(
          bytes -> Note.parse(bytes).bytes(),
          bytes -> LogProof.parse(bytes).bytes(),
          bytes -> Bundle.encode(new Bundle(0, 3).decode(bytes)));

  private static final List<TextParser> OF_TEXT =
      List.of(
          text -> Checkpoint.parse(text).text(),
          text -> Hash.parse(text).toString(),
          text -> NoteVerifier.parse(text).toString(),
          text -> NoteSignature.parse(text).toString(),
          text -> Tile.parse(text).path(),
          text -> Bundle.parse(text).path());

  @Test
  void garbageIsRefusedAndWhatIsTakenPrintsTheSame() throws Exception {
    var log = MemoryLog.of(300);
    var inclusion = InclusionProof.of(7, log.head(), log::tile);
    var seeds =
        List.of(
            log.bytes("checkpoint"),
            LogProof.of(inclusion, log.note()).withExtra(new byte[9]).bytes(),
            new Checkpoint("o", log.head(), List.of("x")).text().getBytes(UTF_8),
            log.head().root().toString().getBytes(UTF_8),
            Keys.verifier("a", 1).toString().getBytes(UTF_8),
            log.note().signatures().getFirst().toString().getBytes(UTF_8),
            "tile/3/x001/x234/067.p/8".getBytes(UTF_8),
            "tile/entries/x001/x234/067.p/8".getBytes(UTF_8),
            Bundle.encode(List.of(new byte[4], new byte[0], new byte[300])));
    Seeded.check(
        random -> {
          for (var i = 0; i < 4000; i++) {
            var seed = seeds.get(random.nextInt(seeds.size()));
            check(mutated(seed, random));
          }
          for (var i = 0; i < 500; i++) {
            var noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            check(noise);
          }
        });
  }

  private static void check(byte[] bytes) {
    // Bytes that are not UTF-8 become other text, which no parser of text must mind.
    var text = new String(bytes, UTF_8);
    for (var parser : OF_BYTES) {
      try {
        assertThat(parser.parseAndPrint(bytes)).isEqualTo(bytes);
      } catch (InvalidException e) {
        assertThat(e.reason()).isNotEmpty().doesNotContain("\n");
      }
    }
    for (var parser : OF_TEXT) {
      try {
        assertThat(parser.parseAndPrint(text)).isEqualTo(text);
      } catch (InvalidException e) {
        assertThat(e.reason()).isNotEmpty().doesNotContain("\n");
      }
    }
  }

  private static byte[] mutated(byte[] seed, Random random) {
    var bytes = seed.clone();
    for (var edits = random.nextInt(1, 4); edits > 0; edits--) {
      var at = random.nextInt(bytes.length + 1);
      var end = at + random.nextInt(Math.min(40, bytes.length + 1 - at));
      var insert = new byte[random.nextInt(3)];
      for (var i = 0; i < insert.length; i++) {
        insert[i] = (byte) "\n +=/0179Ax.p—\u0085\u0000é".charAt(random.nextInt(17));
      }
      var edited = new byte[at + insert.length + bytes.length - end];
      System.arraycopy(bytes, 0, edited, 0, at);
      System.arraycopy(insert, 0, edited, at, insert.length);
      System.arraycopy(bytes, end, edited, at + insert.length, bytes.length - end);
      bytes = edited;
    }
    return bytes;
  }
}
