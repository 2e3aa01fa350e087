package io.prokura.kernel;

/// The memory that this process may use, as far as the sizes of caches go by it.
public final class Heap {
  /// The heap that sizes are given for, which is what `./prokura` runs with.
  private static final long USUAL = 512L << 20;

  private Heap() {}

  /// How many things may be kept where `usual` are kept in a heap of 512 MB: in proportion more in
  /// a greater one, never fewer. A cache that is less than half full is also read faster, because
  /// nothing has to be remembered about what was read last.
  public static int room(int usual) {
    return room(usual, Runtime.getRuntime().maxMemory());
  }

  static int room(int usual, long heap) {
    return (int) Math.clamp(usual * (double) heap / USUAL, usual, Integer.MAX_VALUE);
  }
}
