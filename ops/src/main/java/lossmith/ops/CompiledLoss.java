package lossmith.ops;

import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.graph.InputChecks;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.Devices;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;

/**
 * A loss as a TensorFlow graph that gives value, parts, metrics and gradients in one run. Immutable
 * and safe to share between threads; parameters are fed at run time and shapes may change.
 *
 * <p>What a loss reads is decided by the loss and the samples: where samples lack an optional
 * column, such as {@code old_log_prob}, the term that stands for it is used, and {@link
 * Evaluation#fallbacks} reports it. There is one graph for each set of optional columns that
 * samples came with, made when it is first needed.
 */
public final class CompiledLoss implements AutoCloseable {
  private static final String PART = "part ";
  private static final String METRIC = "metric ";
  private static final String GRADIENT = "gradient ";
  private static final String EXTRA = "extra ";

  private final ByColumns<Bound> graphs;
  private final Map<String, Range> parameters;

  /** A bound loss and its compiled nodes; the prefix of a name gives its kind: part, metric, …. */
  private record Bound(BoundLoss loss, CompiledNodes nodes, Set<String> absent)
      implements AutoCloseable {
    static Bound of(
        BoundLoss loss, Map<String, Node> extras, Precision precision, DeviceSpec device) {
      Map<String, Node> nodes = CompiledLoss.nodes(loss, extras, precision);
      return new Bound(
          loss, CompiledNodes.of(nodes, precision, device), absent(loss, nodes.values()));
    }

    /** What it was bound without, so that samples may not have it. */
    private static Set<String> absent(BoundLoss loss, Iterable<Node> nodes) {
      Set<String> read = Inputs.of(nodes).columns().map(Node.Input::name).toSet();
      return read.contains(Columns.REWARD) && !read.contains(Columns.REWARD_KNOWN)
          ? loss.fallbacks().keySet().add(Columns.REWARD_KNOWN)
          : loss.fallbacks().keySet();
    }

    Seq<Problem> misfits(Samples samples) {
      return nodes.misfits(samples).appendAll(InputChecks.ignored(samples, absent));
    }

    Evaluation run(Samples samples, Map<String, Double> values) {
      return evaluation(loss, nodes.run(samples, values));
    }

    @Override
    public void close() {
      nodes.close();
    }
  }

  /** All that is computed of a bound loss, by a name whose prefix says what it is. */
  static Map<String, Node> nodes(BoundLoss loss, Map<String, Node> extras, Precision precision) {
    Map<String, Node> logged =
        loss.metrics()
            .put(
                Evaluation.SATURATED,
                Saturation.tokens(
                    loss.parts().values().appendAll(loss.metrics().values()), precision));
    return under(PART, loss.parts())
        .merge(under(METRIC, logged))
        .merge(under(GRADIENT, loss.gradients()))
        .merge(under(EXTRA, extras));
  }

  private static Map<String, Node> under(String kind, Map<String, Node> nodes) {
    return nodes.mapKeys(name -> kind + name);
  }

  /** What the numbers of {@link #nodes} say. */
  static Evaluation evaluation(BoundLoss loss, Map<String, double[]> found) {
    Map<String, Double> parts = only(PART, found).mapValues(one -> one[0]);
    return new Evaluation(
        parts.values().sum().doubleValue(),
        parts,
        only(METRIC, found).mapValues(one -> one[0]),
        only(GRADIENT, found),
        only(EXTRA, found),
        loss.fallbackFormulas());
  }

  private static Map<String, double[]> only(String kind, Map<String, double[]> all) {
    return all.filterKeys(name -> name.startsWith(kind))
        .mapKeys(name -> name.substring(kind.length()));
  }

  private CompiledLoss(ByColumns<Bound> graphs, Map<String, Range> parameters) {
    this.graphs = graphs;
    this.parameters = parameters;
  }

  /** Compiles a loss as it is asked for. */
  static CompiledLoss of(Compile how, Surface surface) {
    DeviceSpec device = how.start();
    Loss loss = how.loss();
    Map<String, Node> none = LinkedHashMap.empty();
    ByColumns<Bound> graphs =
        ByColumns.of(
            loss,
            columns -> Bound.of(bound(loss, surface, columns), none, how.precision(), device));
    return new CompiledLoss(graphs, parameters(loss, surface));
  }

  /**
   * Compiles a bound loss. These are nodes and no objective: whether any gradient reaches the
   * policy is not asked, and what stands for an absent column was decided when the loss was bound.
   *
   * @param bound the loss, bound to a surface and columns
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}; one that is not there is a {@link Problem}
   * @return the compiled loss
   */
  public static CompiledLoss of(BoundLoss bound, Precision precision, String device) {
    return of(bound, LinkedHashMap.empty(), precision, device);
  }

  /**
   * Compiles a bound loss and further terms, such as a token's weight or a forecast.
   *
   * @param bound the loss, bound to a surface and columns
   * @param extras further bound nodes, by the name they come back under
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}; one that is not there is a {@link Problem}
   * @return the compiled loss
   */
  public static CompiledLoss of(
      BoundLoss bound, Map<String, Node> extras, Precision precision, String device) {
    TensorFlowRuntime.start();
    Bound one = Bound.of(bound, extras, precision, Devices.of(device));
    return new CompiledLoss(ByColumns.only(one), one.nodes().parameters());
  }

  /**
   * Statistics of the policy are columns too, so that missing ones are reported with the others.
   */
  static BoundLoss bound(Loss loss, Surface surface, Set<String> columns) {
    return surface == Surface.STATISTICS
        ? StatisticsSplit.of(loss, columns).rest()
        : BoundLoss.of(loss, surface, columns);
  }

  /** The parameters of a loss, whichever columns are absent; with the temperature of the logits. */
  static Map<String, Range> parameters(Loss loss, Surface surface) {
    Inputs inputs = Inputs.withDefaults(loss);
    Map<String, Range> own = inputs.parameters().toLinkedMap(s -> Tuple.of(s.name(), s.range()));
    boolean divided =
        surface == Surface.LOGITS
            && inputs.columns().exists(input -> input.name().equals(Columns.LOG_PI));
    return divided && !own.containsKey(Columns.TEMPERATURE)
        ? own.put(Columns.TEMPERATURE, BoundLoss.TEMPERATURE)
        : own;
  }

  /** Columns of samples that would not be read, because a term stands for them. */
  Seq<Problem> ignored(Samples samples) {
    return InputChecks.ignored(samples, graphs.of(samples::has).absent());
  }

  /** {@return the parameters that this loss reads, by name, with default and range} */
  public Map<String, Range> parameters() {
    return parameters;
  }

  /**
   * {@return loss, parts, metrics and gradients on these samples}
   *
   * <p>All that does not fit is reported at once, as a {@link lossmith.dsl.ProblemException}: a
   * missing column, a column at another level, token ids that the grids do not have, a parameter
   * that is unknown or out of its range, a loss that is closed.
   *
   * @param samples the data
   * @param values parameters by name; one that is not here has its default
   */
  public Evaluation evaluate(Samples samples, Map<String, Double> values) {
    Bound bound = graphs.of(samples::has);
    Problem.throwAll(bound.misfits(samples).appendAll(InputChecks.parameters(values, parameters)));
    return bound.run(samples, values);
  }

  /** {@return the same, the parameters in a map of {@code java.util}} */
  public Evaluation evaluate(Samples samples, java.util.Map<String, Double> values) {
    return evaluate(samples, HashMap.ofAll(values));
  }

  /** {@return the same with every parameter at its default} */
  public Evaluation evaluate(Samples samples) {
    return evaluate(samples, HashMap.empty());
  }

  /** Frees the graphs, after evaluations that still run; a second call does nothing. */
  @Override
  public void close() {
    graphs.close();
  }
}
