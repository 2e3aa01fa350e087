package io.prokura.tlog;

import java.util.Random;

/// Runs a property with a random seed, or the one given by `-Dseed=`, and tells it on failure.
public final class Seeded {
  private Seeded() {}

  public interface Property {
    void check(Random random) throws Exception;
  }

  public static void check(Property property) {
    var given = System.getProperty("seed", "");
    var seed = given.isBlank() ? System.nanoTime() : Long.parseLong(given);
    try {
      property.check(new Random(seed));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("fails with -Dseed=" + seed, e);
    }
  }
}
