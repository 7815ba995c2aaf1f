package lossmith.blackbox;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;

/** What a loss gives for a batch. */
public sealed interface Answer {
  /**
   * A number and its slopes.
   *
   * @param loss the value
   * @param gradients dloss/dcolumn, one number per slot, of the columns that it reaches
   * @param metrics what it logs, by name
   * @param changed the inputs that are not what they were
   * @param graph whether autograd knows of any slope
   */
  record Numbers(
      double loss,
      Map<String, double[]> gradients,
      Map<String, Double> metrics,
      Seq<String> changed,
      boolean graph)
      implements Answer {
    /** {@return the slopes of a column, 0 where it is not reached} */
    public double[] gradient(String column, int slots) {
      return gradients.get(column).getOrElse(() -> new double[slots]);
    }

    /** {@return whether all of its numbers are finite} */
    public boolean finite() {
      return Double.isFinite(loss)
          && gradients.values().forAll(g -> Arrays.stream(g).allMatch(Double::isFinite));
    }

    /** {@return the size of its summands, which rounding errors are compared with} */
    public double scale() {
      return 1
          + Math.abs(loss)
          + gradients.values().map(g -> Arrays.stream(g).map(Math::abs).sum()).sum().doubleValue();
    }
  }

  /**
   * No number.
   *
   * @param text why, in words
   */
  record Failure(String text) implements Answer {}
}
