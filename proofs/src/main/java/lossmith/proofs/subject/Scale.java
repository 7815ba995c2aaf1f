package lossmith.proofs.subject;

import java.util.Arrays;
import lossmith.dsl.Node;
import lossmith.dsl.magnitude.Magnitude;
import lossmith.dsl.reference.Reference;

/**
 * The scale that rounding errors are compared with: the largest finite {@link Magnitude} of a
 * node's entries, plus a floor.
 */
public final class Scale {
  /** Lets a node whose magnitude is 0 still differ by rounding: log-probs of size 1 bring 1e-16. */
  private static final double FLOOR = 1e-6;

  private Scale() {}

  /** The scale of a node. */
  public static double of(Node node, Reference reference) {
    return largest(reference.of(Magnitude.of(node)));
  }

  /** The size of the largest entry. */
  public static double size(double[] x) {
    return Arrays.stream(x).map(Math::abs).max().orElse(0);
  }

  /** The largest finite one of some magnitudes, plus the floor. */
  static double largest(double[] sizes) {
    return Arrays.stream(sizes).filter(Double::isFinite).max().orElse(0) + FLOOR;
  }
}
