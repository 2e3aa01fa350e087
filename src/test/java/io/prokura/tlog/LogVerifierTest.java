package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogVerifierTest {
  private static final NoteVerifier KEY = Keys.verifier(MemoryLog.ORIGIN, 1);
  private static final LogPolicy POLICY = LogPolicy.of(KEY);

  @TempDir private Path directory;

  @Test
  void aLogIsIntactAtAnySize() throws Exception {
    for (var size : List.of(0, 1, 2, 255, 256, 257, 511, 512, 1000, 65_536, 66_000)) {
      var log = MemoryLog.of(size);
      var verdict = LogVerifier.verify(log, KEY);
      assertThat(verdict)
          .isInstanceOfSatisfying(
              Verdict.Intact.class,
              intact -> {
                assertThat(intact.size()).isEqualTo(log.head().size());
                assertThat(intact.root()).isEqualTo(log.head().root());
              });
    }
  }

  @Test
  void aLogBeginsWithEachOfItsOlderSelves() {
    Seeded.check(
        random -> {
          var log = new MemoryLog();
          var notes = new ArrayList<byte[]>();
          notes.add(new Checkpoint(MemoryLog.ORIGIN, TreeHead.EMPTY).sign(signers()).bytes());
          for (var size = 0; size < 1500; ) {
            size += random.nextInt(1, 400);
            log.grow(size);
            notes.add(log.bytes("checkpoint"));
            for (var older : notes) {
              assertThat(LogVerifier.verify(log, POLICY, older)).isInstanceOf(Verdict.Intact.class);
              assertThat(LogVerifier.verifyConsistency(log, POLICY, older))
                  .isInstanceOf(Verdict.Intact.class);
            }
          }
        });
  }

  @Test
  void anyFlippedBitOfAnyResourceIsFound() {
    Seeded.check(
        random -> {
          var log = MemoryLog.of(70_000);
          var used = new ArrayList<>(Tile.of(70_000).map(Tile::path).toList());
          used.addAll(Bundle.of(70_000).map(Bundle::path).toList());
          for (var i = 0; i < 12; i++) {
            var path = used.get(random.nextInt(used.size()));
            var bit = random.nextInt(log.bytes(path).length * 8);
            log.flip(path, bit);
            assertThat(LogVerifier.verify(log, KEY))
                .as("%s bit %d", path, bit)
                .isInstanceOf(Verdict.Broken.class);
            log.flip(path, bit);
          }
          for (var path : List.of("tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1")) {
            log.flip(path, 77);
            assertThat(LogVerifier.verify(log, KEY))
                .isInstanceOfSatisfying(
                    Verdict.Broken.class, broken -> assertThat(broken.where()).isEqualTo(path));
            log.flip(path, 77);
          }
          assertThat(LogVerifier.verify(log, KEY)).isInstanceOf(Verdict.Intact.class);
        });
  }

  @Test
  void theFirstChangedEntryIsNamed() throws Exception {
    var log = MemoryLog.of(600);
    var bundle = new Bundle(1, 256);
    var entries = new ArrayList<>(bundle.decode(log.bytes(bundle.path())));
    entries.set(44, "another".getBytes(UTF_8));
    entries.set(99, "another".getBytes(UTF_8));
    log.resources.put(bundle.path(), Bundle.encode(entries));
    assertBroken(log, "entry 300", "the entry does not have the leaf hash that tile/0/001 has");
  }

  @Test
  void whatIsMissingOrMalformedIsNamed() throws Exception {
    for (var path :
        List.of("tile/entries/001", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2")) {
      var log = MemoryLog.of(600);
      log.resources.put(path, Arrays.copyOf(log.bytes(path), 33));
      assertBroken(log, path, "");
      log.resources.remove(path);
      assertBroken(log, path, "missing");
    }
    var log = MemoryLog.of(600);
    log.resources.put("checkpoint", "garbage".getBytes(UTF_8));
    assertBroken(log, "checkpoint", "");
    log.resources.remove("checkpoint");
    assertBroken(log, "checkpoint", "missing");
    assertThat(LogVerifier.verify(MemoryLog.of(3), Keys.verifier(MemoryLog.ORIGIN, 2)))
        .isInstanceOf(Verdict.Broken.class);
  }

  @Test
  void aLogThatIsConsistentInItselfMustStillHaveTheSignedRoot() throws Exception {
    var log = MemoryLog.of(600);
    var other = new MemoryLog();
    other.append(entriesWithLast(600, "another"));
    other.resources.put("checkpoint", log.bytes("checkpoint"));
    assertBroken(other, "checkpoint", "another root");
  }

  @Test
  void aForkIsFoundEvenIfTheLogSignedIt() throws Exception {
    var log = MemoryLog.of(600);
    var older = log.bytes("checkpoint");
    var fork = new MemoryLog();
    fork.append(entriesWithLast(600, "another"));
    fork.grow(900);
    assertThat(LogVerifier.verify(fork, KEY)).isInstanceOf(Verdict.Intact.class);
    assertThat(LogVerifier.verify(fork, POLICY, older))
        .isEqualTo(
            new Verdict.Broken("the first 600 entries have another root", "older checkpoint"));
    assertThat(LogVerifier.verifyConsistency(fork, POLICY, older))
        .isInstanceOf(Verdict.Broken.class);
  }

  @Test
  void aLogThatShrankIsFound() throws Exception {
    var older = MemoryLog.of(601).bytes("checkpoint");
    var log = MemoryLog.of(600);
    var shrunk = new Verdict.Broken("the log has shrunk from 601 to 600 entries", "checkpoint");
    assertThat(LogVerifier.verify(log, POLICY, older)).isEqualTo(shrunk);
    assertThat(LogVerifier.verifyConsistency(log, POLICY, older)).isEqualTo(shrunk);
    assertThat(LogVerifier.verify(log, POLICY, "garbage".getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            Verdict.Broken.class, b -> assertThat(b.where()).isEqualTo("older checkpoint"));
  }

  @Test
  void partialResourcesMayBeDeletedOnceTheFullOnesAreThere() throws Exception {
    var log = MemoryLog.of(600);
    var checkpoint = log.bytes("checkpoint");
    log.grow(70_000);
    log.resources.keySet().removeIf(path -> path.contains(".p/") && !path.startsWith("tile/1/"));
    log.resources.put("checkpoint", checkpoint);
    assertThat(LogVerifier.verify(log, KEY)).isInstanceOf(Verdict.Intact.class);
  }

  @Test
  void aCheckpointOfTheLargestSizeEndsAtTheFirstMissingBundle() throws Exception {
    var log = MemoryLog.of(600);
    var head = new TreeHead(Long.MAX_VALUE, log.head().root());
    var note = new Checkpoint(MemoryLog.ORIGIN, head).sign(signers());
    log.resources.put("checkpoint", note.bytes());
    assertBroken(log, "tile/entries/002", "missing");
    assertThat(LogVerifier.verifyConsistency(log, POLICY, MemoryLog.of(3).bytes("checkpoint")))
        .isInstanceOf(Verdict.Broken.class);
  }

  @Test
  void aDirectoryIsVerifiedAsTheLogItHolds() throws Exception {
    var log = MemoryLog.of(600);
    for (var resource : log.resources.entrySet()) {
      var file = directory.resolve(resource.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, resource.getValue());
    }
    var reader = new LogDirectory(directory);
    assertThat(LogVerifier.verify(reader, KEY)).isInstanceOf(Verdict.Intact.class);
    Files.write(directory.resolve("tile/0/001"), new byte[1 << 20]);
    assertThat(reader.tile(new Tile(0, 1, 256)).orElseThrow()).hasSize(8193);
    assertBroken(reader, "tile/0/001", "8193 bytes where 8192 are expected");
    Files.delete(directory.resolve("tile/0/001"));
    Files.createDirectory(directory.resolve("tile/0/001"));
    assertBroken(reader, "tile/0/001", "missing");
  }

  @Test
  void aFailureToReadIsNotAVerdict() {
    var failing =
        new LogReader() {
          @Override
          public Optional<byte[]> checkpoint() {
            throw new UncheckedIOException(new IOException("disk"));
          }

          @Override
          public Optional<byte[]> tile(Tile tile) {
            return Optional.empty();
          }

          @Override
          public Optional<byte[]> entries(Bundle bundle) {
            return Optional.empty();
          }
        };
    assertThatThrownBy(() -> LogVerifier.verify(failing, KEY))
        .isInstanceOf(UncheckedIOException.class);
  }

  private static void assertBroken(LogReader log, String where, String what) {
    assertThat(LogVerifier.verify(log, KEY))
        .isInstanceOfSatisfying(
            Verdict.Broken.class,
            broken -> {
              assertThat(broken.where()).isEqualTo(where);
              assertThat(broken.what()).contains(what);
            });
  }

  private static List<byte[]> entriesWithLast(int count, String last) {
    var entries = new ArrayList<>(LongStream.range(0, count).mapToObj(Naive::entry).toList());
    entries.set(count - 1, last.getBytes(UTF_8));
    return entries;
  }

  private static List<NoteSigner> signers() {
    return List.of(Keys.signer(MemoryLog.ORIGIN, 1));
  }
}
