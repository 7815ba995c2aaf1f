package lossmith.lab.claim;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.ToDoubleFunction;

/**
 * A claim about training, and how it is decided: an effect that the runs of a seed have, and where
 * its mean over seeds has to be.
 *
 * @param name of the experiment, such as {@code clip-higher-entropy}
 * @param statement what is claimed
 * @param source who claims it
 * @param treatments the runs that it takes, the first of which are of what is claimed
 * @param measured what the effect is, in words
 * @param figure the numbers that show it
 * @param effect of the runs of a seed
 * @param seen where the effect is if the claim holds
 * @param opposite where it is if the opposite does
 */
public record Experiment(
    String name,
    String statement,
    String source,
    Seq<String> treatments,
    String measured,
    Figure figure,
    ToDoubleFunction<SeedRuns> effect,
    Region seen,
    Region opposite) {

  private static final String PASS = "/pass@";

  /** {@return each k above 1 whose pass@k it compares} */
  public Seq<Integer> tries() {
    return figure
        .up()
        .filter(number -> number.startsWith(PASS))
        .map(number -> Integer.parseInt(number.substring(PASS.length())))
        .filter(k -> k > 1);
  }

  /**
   * Numbers that show an effect, each by its name in the rows of a run; a measurement on held-out
   * prompts by the end of its name.
   *
   * @param across the number on the horizontal axis
   * @param up those on the vertical one
   */
  public record Figure(String across, Seq<String> up) {
    /** The number of the step. */
    public static final String STEP = "step";

    /** Numbers against the steps. */
    static Figure of(String... numbers) {
      return new Figure(STEP, List.of(numbers));
    }
  }

  /**
   * Numbers between two bounds, or beyond one.
   *
   * @param low the lower bound; −∞ for none
   * @param high the upper bound; ∞ for none
   */
  public record Region(double low, double high) {
    static Region above(double low) {
      return new Region(low, Double.POSITIVE_INFINITY);
    }

    static Region below(double high) {
      return new Region(Double.NEGATIVE_INFINITY, high);
    }

    /** Whether all of an interval is inside. */
    boolean holds(double least, double most) {
      return least > low && most < high;
    }

    @Override
    public String toString() {
      if (low == Double.NEGATIVE_INFINITY) {
        return "< " + high;
      }
      return high == Double.POSITIVE_INFINITY ? "> " + low : low + " to " + high;
    }
  }
}
