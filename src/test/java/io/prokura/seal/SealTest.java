package io.prokura.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.World;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealTest {
  private static final byte[] PLAIN = "a secret of some length".getBytes(UTF_8);
  private static final byte[] OWNER = "psn_1/name".getBytes(UTF_8);

  private final World world = new World(() -> Instant.EPOCH, new SecureRandom());
  private MasterKeySource source = new MasterKeySource.File(Path.of("unset"), List.of());

  @TempDir private Path folder = Path.of("unset");

  @BeforeEach
  void place() {
    source = new MasterKeySource.File(folder.resolve("master.key"), List.of());
  }

  @Test
  void givesBackWhatItSealed() {
    var seal = seal("test");
    for (var plain : List.of(new byte[0], new byte[1], PLAIN, new byte[100_000])) {
      var sealed = seal.wrap(plain, OWNER);
      assertThat(sealed).hasSize(plain.length + 45);
      assertThat(seal.unwrap(sealed, OWNER)).isEqualTo(plain);
    }
    assertThat(seal.unwrap(seal.wrap(PLAIN, new byte[0]), new byte[0])).isEqualTo(PLAIN);
  }

  @Test
  void noticesAChangeOfAnyBitAndAnyTruncation() {
    var seal = seal("test");
    var sealed = seal.wrap(PLAIN, OWNER);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      var changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertBroken(seal, changed, OWNER);
    }
    for (int length = 0; length < sealed.length; length++) {
      assertBroken(seal, Arrays.copyOf(sealed, length), OWNER);
    }
    assertBroken(seal, Arrays.copyOf(sealed, sealed.length + 1), OWNER);
  }

  @Test
  void opensOnlyForTheSameOwnerPurposeAndMasterKey() {
    var seal = seal("test");
    var sealed = seal.wrap(PLAIN, OWNER);
    assertBroken(seal, sealed, "psn_2/name".getBytes(UTF_8));
    assertBroken(seal, sealed, new byte[0]);
    assertBroken(seal("other"), sealed, OWNER);
    var elsewhere = new MasterKeySource.File(folder.resolve("other.key"), List.of());
    assertBroken(MasterKey.open(elsewhere, world).seal(world, "test"), sealed, OWNER);
    assertThat(seal("test").unwrap(sealed, OWNER)).isEqualTo(PLAIN);
  }

  @Test
  void neverSealsTheSameTwiceAlike() {
    var seal = seal("test");
    var seen = new HashSet<List<Byte>>();
    for (int i = 0; i < 1000; i++) {
      var sealed = seal.wrap(PLAIN, OWNER);
      var nonce = new ArrayList<Byte>();
      for (int j = 5; j < 29; j++) {
        nonce.add(sealed[j]);
      }
      assertThat(seen.add(nonce)).isTrue();
    }
  }

  @Test
  void wrapsUnderTheNewestKeyAndUnwrapsUnderAll() {
    var before = seal("test");
    var old = before.wrap(PLAIN, OWNER);
    assertThat(before.isCurrent(old)).isTrue();

    var rotated = MasterKey.open(source, world);
    rotated.add();
    assertThat(rotated.isBeingReplaced()).isTrue();
    var after = rotated.seal(world, "test");
    assertThat(after.unwrap(old, OWNER)).isEqualTo(PLAIN);
    assertThat(after.isCurrent(old)).isFalse();
    var renewed = after.wrap(PLAIN, OWNER);
    assertThat(after.isCurrent(renewed)).isTrue();
    assertThat(before.unwrap(renewed, OWNER)).as("asks the file anew").isEqualTo(PLAIN);
    assertThat(before.isCurrent(old)).isFalse();
    assertThat(MasterKey.open(source, world).id()).isEqualTo(rotated.id());
    assertThat(seal("test").unwrap(old, OWNER)).isEqualTo(PLAIN);
    assertThat(seal("test").isCurrent(new byte[0])).isFalse();
  }

  @Test
  void keepsADataKeyWrapped() {
    var seal = seal("person");
    var key = DataKey.random(world, seal);
    var field = key.encrypt(PLAIN, OWNER);
    assertThat(field).hasSize(PLAIN.length + 41);
    var wrapped = key.wrap(seal, OWNER);
    assertThat(wrapped).hasSize(77);
    var again = DataKey.unwrap(world, seal, wrapped, OWNER);
    assertThat(again.decrypt(field, OWNER)).isEqualTo(PLAIN);
    assertThat(key.toString()).isEqualTo("DataKey");

    assertThatThrownBy(() -> DataKey.unwrap(world, seal, wrapped, PLAIN))
        .isInstanceOf(BrokenSeal.class);
    assertThatThrownBy(() -> DataKey.unwrap(world, seal, seal.wrap(PLAIN, OWNER), OWNER))
        .isInstanceOf(BrokenSeal.class);
    assertThatThrownBy(() -> again.decrypt(field, PLAIN)).isInstanceOf(BrokenSeal.class);
    assertThatThrownBy(() -> DataKey.random(world, seal).decrypt(field, OWNER))
        .isInstanceOf(BrokenSeal.class);
    for (int bit = 0; bit < field.length * 8; bit++) {
      var changed = field.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> again.decrypt(changed, OWNER)).isInstanceOf(BrokenSeal.class);
    }
    for (int length = 0; length < field.length; length++) {
      var cut = Arrays.copyOf(field, length);
      assertThatThrownBy(() -> again.decrypt(cut, OWNER)).isInstanceOf(BrokenSeal.class);
    }
  }

  @Test
  void servesManyThreadsAtOnce() throws Exception {
    var seal = seal("test");
    var key = DataKey.random(world, seal);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 64; i++) {
        var random = new Random(i);
        Callable<Boolean> work =
            () -> {
              for (int j = 0; j < 200; j++) {
                var plain = new byte[random.nextInt(100)];
                random.nextBytes(plain);
                var owner = new byte[random.nextInt(20)];
                random.nextBytes(owner);
                if (!Arrays.equals(plain, seal.unwrap(seal.wrap(plain, owner), owner))
                    || !Arrays.equals(plain, key.decrypt(key.encrypt(plain, owner), owner))) {
                  return false;
                }
              }
              return true;
            };
        results.add(threads.submit(work));
      }
      for (var result : results) {
        assertThat(result.get(60, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private Seal seal(String purpose) {
    return MasterKey.open(source, world).seal(world, purpose);
  }

  private static void assertBroken(Seal seal, byte[] sealed, byte[] associated) {
    assertThatThrownBy(() -> seal.unwrap(sealed, associated)).isInstanceOf(BrokenSeal.class);
  }
}
