package lossmith.proofs.independent;

import java.util.Arrays;

/** A gradient, asked for its slope along a direction. */
interface Along {
  /** ⟨g, v⟩. */
  double of(double[] v);

  /** The largest slope of a single number. */
  double largest();

  /**
   * A gradient that is written out.
   *
   * @param g one slope for each number
   */
  @SuppressWarnings("ArrayRecordComponent") // read here alone
  record Written(double[] g) implements Along {
    @Override
    public double of(double[] v) {
      if (v.length != g.length) {
        throw new IllegalStateException(g.length + " slopes of " + v.length + " numbers");
      }
      double along = 0;
      for (int i = 0; i < v.length; i++) {
        along += v[i] == 0 ? 0 : v[i] * g[i];
      }
      return along;
    }

    @Override
    public double largest() {
      return Arrays.stream(g).map(Math::abs).max().orElse(0);
    }
  }
}
