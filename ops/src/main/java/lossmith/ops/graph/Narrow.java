package lossmith.ops.graph;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.Precision;

/**
 * Checks for what float32 cannot represent, so that it is reported instead of becoming another
 * number: a finite number that would be infinite, two keys that would be one, more places than can
 * be counted.
 */
public final class Narrow {
  /** A float32 counts exactly up to here. */
  private static final long COUNTED = 1L << 24;

  private final Precision precision;
  private final Set<String> keys = new HashSet<>();
  private boolean counts;

  /**
   * The needs of some nodes.
   *
   * @param precision the type of the numbers
   * @param nodes what is computed
   */
  public Narrow(Precision precision, Iterable<Node> nodes) {
    this.precision = precision;
    for (Node node : Graph.below(nodes)) {
      counts |= node instanceof Node.Rank || node instanceof Node.Quantile;
      if (node instanceof Node.SumByKey sum) {
        key(sum.right());
      } else if (node instanceof Node.Compare compare && compare.op() == CompareOp.EQUAL) {
        key(compare.left());
        key(compare.right());
      }
    }
  }

  /** A column whose numbers stand for identities. */
  private void key(Node node) {
    Node plain = node;
    while (plain instanceof Node.Named
        || plain instanceof Node.StopGradient
        || plain instanceof Node.Broadcast) {
      plain = plain.children().head();
    }
    if (plain instanceof Node.Input input) {
      keys.add(input.name());
    }
  }

  /** All that these columns hold and the type does not. */
  public Seq<Problem> problems(Samples samples, Seq<Node.Input> inputs) {
    if (precision == Precision.FLOAT64) {
      return List.empty();
    }
    return inputs
        .flatMap(input -> column(input.name(), samples.column(input.name())))
        .appendAll(counts ? places(samples.size(Level.Name.TOKEN)) : Option.none());
  }

  private Option<Problem> column(String name, Option<double[]> column) {
    double[] values = column.getOrElse(new double[0]);
    return infinite(name, values)
        .orElse(() -> keys.contains(name) ? merged(name, values) : Option.none());
  }

  private static Option<Problem> infinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i]) && Float.isInfinite((float) values[i])) {
        return Option.some(
            problem(
                name + "[" + i + "] = " + values[i],
                "a number that float32 holds, up to " + Float.MAX_VALUE));
      }
    }
    return Option.none();
  }

  private static Option<Problem> merged(String name, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] != sorted[i - 1] && (float) sorted[i] == (float) sorted[i - 1]) {
        return Option.some(
            problem(
                name + ", a key, with " + sorted[i - 1] + " and " + sorted[i] + ", one in float32",
                "keys that float32 tells apart, such as whole numbers up to " + COUNTED));
      }
    }
    return Option.none();
  }

  /** Ranks are places, and places of more than this many are not told apart. */
  public static Option<Problem> places(long elements) {
    return Option.when(
        elements > COUNTED,
        () ->
            problem(
                "ranks among " + elements + " tokens",
                "at most " + COUNTED + " tokens in float32"));
  }

  private static Problem problem(String wrote, String expected) {
    return Problem.of("precision", wrote, expected, "Precision.FLOAT64");
  }
}
