package io.prokura.jose;

import io.prokura.kernel.World;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.util.random.RandomGenerator;

/// The world's chance in the shape that key generators ask for.
final class WorldRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private WorldRandom(RandomGenerator entropy) {
    super(new Source(entropy), Security.getProvider("SUN"));
  }

  static SecureRandom of(World world) {
    return world.entropy() instanceof SecureRandom secure
        ? secure
        : new WorldRandom(world.entropy());
  }

  private static final class Source extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    private final transient RandomGenerator entropy;

    Source(RandomGenerator entropy) {
      this.entropy = entropy;
    }

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected void engineNextBytes(byte[] bytes) {
      entropy.nextBytes(bytes);
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      var bytes = new byte[count];
      entropy.nextBytes(bytes);
      return bytes;
    }
  }
}
