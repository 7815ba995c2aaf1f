package lossmith.proofs.trial;

/**
 * The case of a seed, for any objective: that which its subject draws from the seed.
 *
 * @param seed what reproduces it
 */
public record Draw(long seed) {
  /** {@return what sort of data it is} */
  public Trial.Kind kind() {
    return Trial.Kind.of(seed);
  }

  @Override
  public String toString() {
    return "seed " + seed + ", " + kind();
  }
}
