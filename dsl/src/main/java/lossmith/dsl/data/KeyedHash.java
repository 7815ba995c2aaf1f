package lossmith.dsl.data;

/**
 * Random numbers that depend on what a token is, not on where it lies: permuting or splitting a
 * batch changes none of them.
 */
public final class KeyedHash {
  private KeyedHash() {}

  /** {@return a number in [0, 1) for (seed, step, sequence id, position)} */
  public static double uniform(long seed, long step, long sequenceId, int position) {
    long h = mix(mix(mix(mix(seed) ^ step) ^ sequenceId) ^ position);
    return (h >>> 11) * 0x1.0p-53;
  }

  /**
   * The finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
   * Generators, OOPSLA 2014).
   */
  private static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
