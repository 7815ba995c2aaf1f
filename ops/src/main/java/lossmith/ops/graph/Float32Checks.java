package lossmith.ops.graph;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Otherwise;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.Precision;

/**
 * Checks for what float32 cannot represent, so that it is reported instead of becoming another
 * number: a finite number that would be infinite, two keys that would be one, more places than can
 * be counted.
 */
public final class Float32Checks {
  /** A float32 counts exactly up to here. */
  private static final long COUNTED = 1L << 24;

  private final Precision precision;
  private final Set<String> keys;
  private final boolean counts;

  /**
   * The needs of some nodes.
   *
   * @param precision the type of the numbers
   * @param nodes what is computed
   */
  public Float32Checks(Precision precision, Iterable<Node> nodes) {
    this.precision = precision;
    Seq<Node> all = Graph.below(nodes);
    this.counts = all.exists(node -> node.match(new Counts()));
    this.keys = all.flatMap(node -> node.match(new Keys())).toSet();
  }

  /** Whether a node counts places. */
  private static final class Counts extends Otherwise<Boolean> {
    @Override
    public Boolean rank(Node.Rank node) {
      return true;
    }

    @Override
    public Boolean quantile(Node.Quantile node) {
      return true;
    }

    @Override
    protected Boolean otherwise(Node node) {
      return false;
    }
  }

  /** The columns whose numbers a node takes for identities. */
  private static final class Keys extends Otherwise<Seq<String>> {
    @Override
    public Seq<String> sumByKey(Node.SumByKey node) {
      return node.right().match(new Column());
    }

    @Override
    public Seq<String> compare(Node.Compare node) {
      return node.op() == CompareOp.EQUAL
          ? node.left().match(new Column()).appendAll(node.right().match(new Column()))
          : List.empty();
    }

    @Override
    protected Seq<String> otherwise(Node node) {
      return List.empty();
    }
  }

  /** The column whose numbers a node has, if any. */
  private static final class Column extends Otherwise<Seq<String>> {
    @Override
    public Seq<String> input(Node.Input node) {
      return List.of(node.name());
    }

    @Override
    public Seq<String> named(Node.Named node) {
      return node.of().match(this);
    }

    @Override
    public Seq<String> stopGradient(Node.StopGradient node) {
      return node.of().match(this);
    }

    @Override
    public Seq<String> broadcast(Node.Broadcast node) {
      return node.of().match(this);
    }

    @Override
    protected Seq<String> otherwise(Node node) {
      return List.empty();
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
