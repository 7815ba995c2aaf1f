package lossmith.proofs.subject;

import java.util.Arrays;
import lossmith.dsl.Node;
import lossmith.dsl.magnitude.Magnitude;
import lossmith.dsl.reference.Reference;

/** The scale that rounding is measured against: the largest magnitude of a node's entries. */
public final class Scale {
  /** Log-probabilities near 1 carry roundings of 1e-16 into whatever is 0. */
  private static final double FLOOR = 1e-6;

  private Scale() {}

  /** The largest scale of a node's entries. */
  public static double of(Node node, Reference reference) {
    return largest(reference.of(Magnitude.of(node)));
  }

  /** The largest of the magnitudes of a node's entries. */
  static double largest(double[] sizes) {
    return Arrays.stream(sizes).filter(Double::isFinite).max().orElse(0) + FLOOR;
  }
}
