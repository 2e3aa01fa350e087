package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.Contents;
import io.prokura.sql.TestDatabases;
import io.prokura.tlog.Seeded;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Good bodies with random damage are done or refused, at every row that takes one; what is refused
/// leaves nothing behind. `-Dmutations=N` sets the number of them for each row.
final class MutatedInputTest {
  private static final int CASES = Integer.getInteger("mutations", 6);
  private static final List<String> PIECES =
      List.of(
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "null",
          "true",
          "-0",
          "1e308",
          "\\u0000",
          "\\ud83d",
          "\\ud83d\\ude00",
          "\u00e4",
          "\u202e",
          "\ud83d\udca9",
          " ",
          "\n",
          "%00",
          "%",
          "&",
          "=",
          "+",
          "''",
          "agt_00000000000000000000000000",
          "*",
          "/",
          "..");

  @Test
  void damagedBodiesAreDoneOrRefused() {
    var database = TestDatabases.sqlite();
    try (var company = Company.foundCompatible(database, TestServer.systemWorld())) {
      Seeded.check(
          random -> {
            for (var row : TestServer.routes()) {
              var draft = Draft.of(row, company);
              if (draft.hasBody()) {
                var before = Contents.of(database);
                boolean refused = true;
                for (int i = 0; i < CASES; i++) {
                  var damaged = draft.body(damaged(draft.text().getBytes(UTF_8), random));
                  var response = damaged.send(company.server);
                  Refusing.check(damaged, response, company.server);
                  refused &= response.statusCode() >= 400;
                }
                if (refused) {
                  assertThat(Contents.of(database)).as("%s", draft).isEqualTo(before);
                }
              }
            }
          });
    }
  }

  /// The bytes with one to three pieces changed, cut out, doubled or put in.
  private static byte[] damaged(byte[] whole, Random random) {
    var bytes = whole;
    for (int i = random.nextInt(3); i >= 0; i--) {
      int start = random.nextInt(bytes.length + 1);
      int end = Math.min(bytes.length, start + random.nextInt(12));
      var out = new ByteArrayOutputStream();
      out.write(bytes, 0, start);
      switch (random.nextInt(4)) {
        case 0 -> out.write(random.nextInt(256));
        case 1 -> out.write(bytes, Math.max(0, start - 8), Math.min(8, start));
        case 2 -> out.writeBytes(PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8));
        default -> {}
      }
      out.write(bytes, end, bytes.length - end);
      bytes = out.toByteArray();
    }
    return bytes;
  }
}
