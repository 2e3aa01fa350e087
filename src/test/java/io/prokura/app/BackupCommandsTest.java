package io.prokura.app;

import static io.prokura.app.Office.answer;
import static io.prokura.app.Office.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.bench.Program;
import io.prokura.cli.Terminal;
import io.prokura.sql.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The operator's commands against the real program: backup while it serves, restore while it does
/// not, and the acknowledgement.
@Timeout(240)
final class BackupCommandsTest {
  private final Path folder = TestDatabases.folder();
  private final String data = folder.resolve("data").toString();
  private final Terminal terminal = new Terminal(Map.of(), TestDatabases.folder());

  private Terminal.Said says(int status, String... words) {
    var said = terminal.run(words);
    assertThat(said.status()).as(said.toString()).isEqualTo(status);
    return said;
  }

  @Test
  void aBackupIsRestoredAndAcknowledged() throws Exception {
    var file = folder.resolve("backups/one.db");
    Files.createDirectory(folder.resolve("backups"));
    Office office;
    String late;
    try (var server = TestServer.in(Program.serve(folder))) {
      office = Office.at(server);
      var said = says(0, "backup", file.toString(), "--data", data);
      assertThat(said.out()).contains(file.toString()).contains("entries of the log");
      assertThat(said.err()).contains("master key");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(says(1, "backup", file.toString(), "--data", data).err())
          .contains("is there already");
      says(0, "backup", folder.resolve("backups").toString(), "--data", data);
      assertThat(says(1, "backup", "/nowhere/at/all.db", "--data", data).err())
          .contains("cannot write the backup");
      try (var files = Files.list(folder.resolve("backups"))) {
        assertThat(files).as("nothing is left behind").hasSize(2);
      }
      answer(server, office.step(server, server.operatorToken(), office.victim().id(), "kill"));
      late = token(server, office.own(server, office.triage()));
      assertThat(says(1, "restore", file.toString(), "--data", data).err())
          .contains("another process uses the data folder");
      assertThat(says(1, "admin", "acknowledge-restore", "--data", data).err())
          .contains("there is no restore to acknowledge");
    }
    restored(file);

    try (var server = TestServer.in(Program.serve(folder))) {
      assertThat(server.ready()).isFalse();
      assertThat(says(1, "admin", "token", "--data", data).err()).contains("acknowledge-restore");
      var shown = says(2, "admin", "acknowledge-restore", "--data", data);
      assertThat(shown.out()).contains("it is an old copy").contains("1 cut-offs and 0 erasures");
      assertThat(shown.err()).contains("nothing was done");
      assertThat(server.ready()).isFalse();
      var done = says(0, "admin", "acknowledge-restore", "--yes", "--data", data);
      assertThat(done.out()).contains("DONE: the server serves").contains("/log/2");
      assertThat(server.ready()).isTrue();
      assertThat(office.isActive(server, late)).isFalse();
      assertThat(office.own(server, office.victim()).statusCode()).isEqualTo(400);
      assertThat(office.isActive(server, token(server, office.own(server, office.triage()))))
          .isTrue();
      var rotated = says(0, "admin", "rotate-master-key", "--data", data);
      assertThat(rotated.err()).contains("the old key is gone");
      assertThat(says(0, "admin", "rotate-log-key", "--data", data).out()).hasLineCount(2);
      assertThat(says(1, "admin", "rotate-log-key", "--data", data).err()).contains("already");
    }
  }

  private void restored(Path file) throws Exception {
    assertThat(says(1, "restore", file.toString(), "--data", data).err())
        .contains("there is a database")
        .contains("--replace");
    var broken = folder.resolve("broken.db");
    Files.writeString(broken, "not a database");
    assertThat(says(1, "restore", broken.toString(), "--data", data, "--replace").err())
        .contains("is not a sound database");
    var damaged = Files.readAllBytes(file);
    java.util.Arrays.fill(damaged, 8_192, 16_384, (byte) 0x5a);
    Files.write(broken, damaged);
    assertThat(says(1, "restore", broken.toString(), "--data", data, "--replace").err())
        .contains("broken.db is");
    assertThat(says(1, "restore", "/nowhere.db", "--data", data).err()).contains("is not a file");
    var said = says(0, "restore", file.toString(), "--data", data, "--replace");
    assertThat(said.out()).contains("is kept in").contains("the master key is not part");
  }
}
