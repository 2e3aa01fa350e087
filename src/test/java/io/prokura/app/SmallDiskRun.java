package io.prokura.app;

import static io.prokura.app.Office.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.SqliteDatabase;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// A server whose database is on a real disk that fills, by itself and by others. Run by name, with
/// `-Ddisk=` a folder on a small file system of its own; `docs/reliability.md` has the command.
final class SmallDiskRun {
  private static final int TRIES_MAX = 200_000;

  private final Path disk = Path.of(System.getProperty("disk"));

  @Test
  void isClosedAsLongAsItLastsAndHealsByItself() throws Exception {
    var database = SqliteDatabase.open(disk.resolve("data"), 1_000_000);
    try (var server =
        TestServer.start(database, TestDatabases.folder(), TestServer.systemWorld(), "")) {
      var office = Office.at(server);
      var auditor = new Auditor(server, office.delegation());
      var operator = server.operatorToken();
      assertThat(disk.resolve("data/reserve")).hasSize(4 * 1024 * 1024);

      var victims = token(server, office.own(server, office.victim()));
      int answered = untilRefused(() -> office.own(server, office.triage()));
      kill(server, office, operator);
      System.out.println("its own entries: refused after " + answered + " tokens, kills go on");
      others(0);
      kill(server, office, operator);
      System.out.println("filled to the last byte by others: kills go on");
      Files.delete(disk.resolve("others"));
      heals(server, office);
      assertThat(office.isActive(server, victims)).isFalse();

      auditor.findsLogIntact(server);
    }
    System.out.println("verdict: the disk was full, cut-offs went on, nothing lost");
  }

  /// Asks while others leave less and less room, until the server keeps the rest back.
  private int untilRefused(Supplier<HttpResponse<String>> request) throws IOException {
    others(10L * 1024 * 1024);
    for (int i = 0; i < TRIES_MAX; i++) {
      var response = request.get();
      if (response.statusCode() != 200) {
        Outages.refused(response);
        return i;
      }
    }
    throw new AssertionError("the disk does not fill");
  }

  /// Has others fill the disk until so many bytes are left.
  private void others(long left) throws IOException {
    var file = disk.resolve("others");
    var block = new byte[64 * 1024];
    try (var out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (Files.getFileStore(disk).getUsableSpace() > left) {
        out.write(block);
      }
    } catch (IOException e) {
      if (left > 0) {
        throw e;
      }
    }
  }

  /// Kills again and again, while nobody gets a token.
  private static void kill(TestServer server, Office office, String operator) {
    var ended = new HashSet<Long>();
    for (int i = 0; i < 20; i++) {
      var step =
          Eventually.get(
              "a kill",
              () -> {
                var one = office.step(server, operator, office.victim().id(), "kill");
                return Optional.of(one).filter(r -> r.statusCode() == 200);
              });
      ended.add(server.object(step.body()).number("cutoff").orElseThrow());
    }
    assertThat(ended).hasSize(20);
    Outages.refused(office.own(server, office.triage()));
  }

  private static void heals(TestServer server, Office office) {
    Eventually.holds("a server that goes on", server::ready);
    token(server, office.own(server, office.triage()));
  }
}
