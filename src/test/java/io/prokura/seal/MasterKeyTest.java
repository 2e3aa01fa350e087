package io.prokura.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MasterKeyTest {
  private final World world = new World(() -> Instant.EPOCH, new SecureRandom());

  @TempDir private Path folder = Path.of("unset");

  @Test
  void makesAKeyThatOnlyItsOwnerCanRead() throws Exception {
    var keys = folder.resolve("deep/keys");
    var file = keys.resolve("master.key");
    var first = open(file);
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(keys)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("deep"))).isEqualTo("rwx------");
    assertThat(Files.readString(file)).matches("v1 [0-9a-f]{8} [A-Za-z0-9_-]{43}\n");
    assertThat(open(file).id()).isEqualTo(first.id());
    assertThat(files(keys)).containsExactly(file);
    assertThat(first.toString()).isEqualTo("MasterKey " + first.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-", "rw-----w-", "rwx--x---"})
  void refusesAFileThatOthersHaveAccessTo(String mode) throws Exception {
    var file = folder.resolve("master.key");
    open(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(Outage.class)
        .hasMessageContaining(mode)
        .hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    open(file);
  }

  @Test
  void refusesAFolderThatOthersCanWriteTo() throws Exception {
    var shared = Files.createDirectory(folder.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwx---"));
    var file = shared.resolve("master.key");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(Outage.class)
        .hasMessageContaining("chmod 700");
    assertThat(files(shared)).isEmpty();
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    open(file);
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> open(file)).isInstanceOf(Outage.class);
  }

  @Test
  void refusesToLieBesideTheDatabase() throws Exception {
    var database = folder.resolve("data");
    var inside = database.resolve("keys/master.key");
    assertThatThrownBy(() -> open(inside, database))
        .isInstanceOf(Outage.class)
        .hasMessageContaining("beside what it protects");
    assertThat(Files.exists(database)).isFalse();

    Files.createDirectory(database);
    var link = Files.createSymbolicLink(folder.resolve("link"), database);
    assertThatThrownBy(() -> open(link.resolve("master.key"), database)).isInstanceOf(Outage.class);
    assertThatThrownBy(() -> open(database.resolve("master.key"), link)).isInstanceOf(Outage.class);
    assertThatThrownBy(() -> open(folder.resolve("keys/../data/master.key"), database))
        .isInstanceOf(Outage.class);
    open(folder.resolve("data-keys/master.key"), database);
  }

  @Test
  void refusesALinkToAFileBesideTheDatabase() throws Exception {
    var database = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rwx------"));
    open(database.resolve("master.key"));
    var link =
        Files.createSymbolicLink(folder.resolve("master.key"), database.resolve("master.key"));
    assertThatThrownBy(() -> open(link, database)).isInstanceOf(Outage.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "v1\n",
        "v1 00000000\n",
        "v1 00000000 AAAA\n",
        "v1 00000000 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "v2 00000000 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "not a key"
      })
  void refusesADamagedFile(String text) throws Exception {
    var file = folder.resolve("master.key");
    open(file);
    Files.writeString(file, text);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(Outage.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void noticesEveryChangedCharacterOfTheKeyAndNeverShowsIt() throws Exception {
    var file = folder.resolve("master.key");
    open(file);
    var text = Files.readString(file);
    for (int i = 0; i < text.length() - 1; i++) {
      char other = text.charAt(i) == '1' ? '2' : '1';
      Files.writeString(file, text.substring(0, i) + other + text.substring(i + 1));
      assertThatThrownBy(() -> open(file))
          .isInstanceOf(Outage.class)
          .hasMessageNotContaining(text.substring(12, 40));
    }
    Files.writeString(file, text + text);
    assertThatThrownBy(() -> open(file)).hasMessageContaining("twice");
    Files.writeString(file, text.repeat(200));
    assertThatThrownBy(() -> open(file)).hasMessageContaining("too long");
  }

  @Test
  void refusesAFolderInPlaceOfTheFile() throws Exception {
    var file = Files.createDirectory(folder.resolve("master.key"));
    assertThatThrownBy(() -> open(file)).isInstanceOf(Outage.class);
  }

  @Test
  void keepsTheModeAndTheOldKeysWhenRotated() throws Exception {
    var file = folder.resolve("master.key");
    var first = open(file);
    var before = Files.readString(file);
    var second = open(file);
    second.add();
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(Files.readString(file)).startsWith(before);
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(files(folder)).containsExactly(file);
  }

  @Test
  void whatIsDroppedIsGoneFromTheFileAndHeldUntilTheEnd() throws Exception {
    var file = folder.resolve("master.key");
    var other = open(file);
    var sealed = other.seal(world, "test").wrap(new byte[] {1}, new byte[0]);
    var key = open(file);
    key.add();
    key.dropOlder();
    assertThat(key.isBeingReplaced()).isFalse();
    assertThat(Files.readAllLines(file)).hasSize(1);
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(key.seal(world, "test").unwrap(sealed, new byte[0])).containsExactly(1);
    assertThatThrownBy(() -> open(file).seal(world, "test").unwrap(sealed, new byte[0]))
        .isInstanceOf(BrokenSeal.class);
    assertThatThrownBy(other::reload)
        .as("it never saw both")
        .isInstanceOf(Outage.class)
        .hasMessageContaining("replaced by another one");
  }

  @Test
  void aKeyThatIsGoneIsNotMadeAnewUnderARunningServer() throws Exception {
    var file = folder.resolve("master.key");
    var key = open(file);
    Files.delete(file);
    assertThatThrownBy(key::reload).isInstanceOf(Outage.class);
    assertThatThrownBy(key::add).isInstanceOf(Outage.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void serversThatStartAtOnceAgreeOnOneKey() throws Exception {
    for (int round = 0; round < 20; round++) {
      var keys = folder.resolve("round" + round);
      var file = keys.resolve("master.key");
      var ids = new HashSet<String>();
      try (var threads = Executors.newFixedThreadPool(4)) {
        var results = new ArrayList<Future<String>>();
        for (int i = 0; i < 4; i++) {
          results.add(threads.submit(() -> open(file).id()));
        }
        for (var result : results) {
          ids.add(result.get(60, TimeUnit.SECONDS));
        }
      }
      assertThat(ids).hasSize(1);
      assertThat(files(keys)).containsExactly(file);
    }
  }

  private MasterKey open(Path file, Path... apartFrom) {
    return MasterKey.open(source(file, apartFrom), world);
  }

  private static MasterKeySource source(Path file, Path... apartFrom) {
    return new MasterKeySource.File(file, List.of(apartFrom));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }
}
