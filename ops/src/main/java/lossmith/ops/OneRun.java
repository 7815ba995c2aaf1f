package lossmith.ops;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.Function;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.sweep.RowPasses;
import lossmith.ops.graph.Feeds;
import lossmith.ops.graph.RaggedIndex;
import lossmith.ops.graph.TensorFlowGraph;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.PolicyChecks;
import lossmith.ops.memory.Precision;
import lossmith.ops.rows.RowShape;
import lossmith.ops.rows.RowsInGraph;
import lossmith.ops.rows.SoftmaxConstants;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * A loss of logits for batches that are one chunk of rows: what comes before the rows, the passes
 * over them and what comes between and after in one run of one session. Where there is little to
 * compute a run costs what it costs to start, and of passes by themselves there are three runs or
 * five.
 */
final class OneRun implements AutoCloseable {
  private static final String STATISTIC = "statistic ";
  private static final String MATRIX = "matrix.";

  private final RowShape shape;
  private final Precision precision;
  private final BoundLoss rest;
  private final Graph graph;
  private final Session session;
  private final java.util.Map<String, Node> fed;
  private final Set<String> parameters;
  private Map<String, Placeholder<? extends TNumber>> matrices = LinkedHashMap.empty();
  private Map<String, Operand<?>> numbers = LinkedHashMap.empty();
  private final Operand<?> gradient;

  /**
   * Compiles it.
   *
   * @param sweeps the loss
   * @param rest what comes after the rows, without the gradients that they give
   * @param ranges of the parameters
   * @param shape of the chunk
   */
  OneRun(
      RowPasses sweeps,
      BoundLoss rest,
      Map<String, Range> ranges,
      RowShape shape,
      Precision precision,
      DeviceSpec device) {
    this.shape = shape;
    this.precision = precision;
    this.rest = rest;
    this.graph = new Graph();
    Ops tf = Ops.create(graph).withDevice(device);
    TensorFlowGraph<? extends TNumber> algebra =
        new TensorFlowGraph<>(tf, precision.type(), precision.saturation());
    Fold<Operand<?>> fold = new Fold<>(algebra);
    HashConsing sharing = new HashConsing();
    Function<Node, Operand<?>> made = node -> fold.of(sharing.of(node));
    Given given = new Given(tf, algebra, sweeps, ranges, made);
    Operand<TInt32> tokens = tf.size(algebra.structure().sampled());
    Option<Operand<?>> slopes = Option.none();
    for (Sweep sweep : Sweep.of(sweeps)) {
      Map<String, Operand<?>> found =
          RowsInGraph.of(
              tf, shape, sweep.turn(), sweep.statistics(), sweep.gradient(), tokens, given::of);
      slopes = found.get(RowsInGraph.gradient());
      found.remove(RowsInGraph.gradient()).forEach(given::found);
    }
    this.gradient = slopes.get();
    CompiledLoss.nodes(rest, LinkedHashMap.empty(), precision)
        .forEach((name, node) -> numbers = numbers.put(name, tf.identity(made.apply(node))));
    this.fed = algebra.fed();
    this.parameters =
        List.ofAll(fed.values())
            .filter(Node.ParameterValue.class::isInstance)
            .map(node -> ((Node.ParameterValue) node).name())
            .toSet();
    this.session = TensorFlowRuntime.during(() -> Sessions.of(graph));
  }

  /** What the rows read, and what is found of them. */
  private final class Given {
    private final Ops tf;
    private final TensorFlowGraph<?> algebra;
    private final RowPasses sweeps;
    private final Map<String, Range> ranges;
    private final Function<Node, Operand<?>> made;
    private Map<String, Operand<?>> computed = LinkedHashMap.empty();

    Given(
        Ops tf,
        TensorFlowGraph<?> algebra,
        RowPasses sweeps,
        Map<String, Range> ranges,
        Function<Node, Operand<?>> made) {
      this.tf = tf;
      this.algebra = algebra;
      this.sweeps = sweeps;
      this.ranges = ranges;
      this.made = made;
    }

    void found(String name, Operand<?> column) {
      computed = computed.put(name, column);
      if (!SoftmaxConstants.isColumn(name)) {
        algebra.put(name, column);
        numbers = numbers.put(STATISTIC + name, tf.identity(column));
      }
    }

    Operand<?> of(String name, Level.Name level) {
      if (name.equals(RaggedIndex.SAMPLED)) {
        return algebra.structure().sampled();
      }
      return switch (level) {
        case VOCABULARY -> matrix(name);
        case TOKEN -> token(name);
        default ->
            algebra.parameter(
                (Node.ParameterValue)
                    Nodes.parameter(name, ranges.getOrElse(name, BoundLoss.TEMPERATURE)));
      };
    }

    private Operand<?> matrix(String name) {
      Placeholder<? extends TNumber> matrix =
          matrices
              .get(name)
              .getOrElse(
                  () ->
                      tf.withName(MATRIX + matrices.size())
                          .placeholder(
                              shape.wide(), Placeholder.shape(Shape.of(-1, shape.width()))));
      matrices = matrices.put(name, matrix);
      return matrix;
    }

    private Operand<?> token(String name) {
      return computed
          .get(name)
          .orElse(() -> sweeps.carried().get(name).map(made))
          .orElse(
              () ->
                  Option.when(
                          name.startsWith(RowPasses.COTANGENT),
                          () -> name.substring(RowPasses.COTANGENT.length()))
                      .flatMap(sweeps.rest().gradients()::get)
                      .map(made))
          .getOrElse(() -> algebra.input((Node.Input) Nodes.given(name, Level.Name.TOKEN)));
    }
  }

  /** Value, parts and metrics; dL/dlogits is written where the policy says. */
  Evaluation evaluate(Samples samples, Policy.Logits policy, Map<String, Double> values) {
    try (Feeds feeds = new Feeds(precision)) {
      Session.Runner runner = session.runner();
      feeds.structure(runner, samples, shape.width());
      Map<String, Double> own = values.filterKeys(parameters::contains);
      fed.forEach((name, node) -> feeds.numbers(runner, name, node, samples, own));
      matrices.forEach(
          (name, placeholder) -> {
            Session.Runner unused = runner.feed(placeholder, policy.matrix(name).memory());
          });
      for (Operand<?> operand : numbers.values()) {
        Session.Runner unused = runner.fetch(operand);
      }
      try (Result result = runner.fetch(gradient).run()) {
        Map<String, double[]> found = LinkedHashMap.empty();
        int at = 0;
        for (String name : numbers.keySet()) {
          found = found.put(name, CompiledNodes.numbers(result.get(at++)));
        }
        Problem.throwAll(
            PolicyChecks.after(
                found
                    .filterKeys(name -> name.startsWith(STATISTIC))
                    .mapKeys(name -> name.substring(STATISTIC.length()))));
        NativeNumbers.copy(result.get(at), 0, policy.gradient().memory(), 0, samples.tokens());
        return CompiledLoss.evaluation(rest, found);
      }
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
