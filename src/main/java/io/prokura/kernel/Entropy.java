package io.prokura.kernel;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Unguessable chance for many threads at once. It is drawn from the system's generators in blocks,
/// so that threads seldom come to a generator and never wait for one another; what has been handed
/// out is wiped.
public final class Entropy implements RandomGenerator {
  private static final int BLOCK = 4_096;

  private final Supplier<SecureRandom> generators;
  private final Pool<Block> blocks = new Pool<>();

  /// Chance that has been drawn and not handed out yet.
  private static final class Block {
    private final SecureRandom generator;
    private final byte[] bytes = new byte[BLOCK];
    private int used = BLOCK;

    Block(SecureRandom generator) {
      this.generator = generator;
    }

    void hand(byte[] to) {
      for (int done = 0; done < to.length; ) {
        if (used == BLOCK) {
          generator.nextBytes(bytes);
          used = 0;
        }
        int count = Math.min(BLOCK - used, to.length - done);
        System.arraycopy(bytes, used, to, done, count);
        Arrays.fill(bytes, used, used + count, (byte) 0);
        used += count;
        done += count;
      }
    }
  }

  /// `generators` gives a generator for each thread that draws at the same time as others.
  public Entropy(Supplier<SecureRandom> generators) {
    this.generators = generators;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    var kept = blocks.take();
    var block = kept == null ? new Block(generators.get()) : kept;
    block.hand(bytes);
    blocks.give(block);
  }

  @Override
  public long nextLong() {
    var bytes = new byte[Long.BYTES];
    nextBytes(bytes);
    return ByteBuffer.wrap(bytes).getLong();
  }
}
