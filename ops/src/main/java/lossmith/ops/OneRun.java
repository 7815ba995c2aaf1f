package lossmith.ops;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.function.Function;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.sweep.RowPasses;
import lossmith.ops.graph.Feeds;
import lossmith.ops.graph.TensorFlowGraph;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.PolicyChecks;
import lossmith.ops.memory.Precision;
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
 * A loss of logits for small batches: all of it in one run of one session, over matrices that are
 * whole. Where there is little to compute, a loss costs what it costs to start: passes over rows
 * are three runs or five, and what XLA compiles runs in a thread of its own that has to be woken.
 */
final class OneRun implements AutoCloseable {
  /** The most entries of a matrix; a loss may have tens of matrices at once. */
  private static final int ENTRIES = 1 << 15;

  private static final String STATISTIC = "statistic ";

  private final Precision precision;
  private final int vocabulary;
  private final BoundLoss rest;
  private final Graph graph;
  private final Session session;
  private final Map<String, Placeholder<? extends TNumber>> matrices;
  private final java.util.Map<String, Node> fed;
  private final Set<String> parameters;
  private final Map<String, Operand<?>> numbers;
  private final Operand<?> gradient;

  /**
   * Compiles it.
   *
   * @param passes the loss
   * @param rest what comes after the statistics, without the gradients that they give
   * @param grids the matrices that it reads besides the logits, by name
   * @param vocabulary how wide the matrices are
   * @param most how many tokens a batch may have
   */
  OneRun(
      RowPasses passes,
      BoundLoss rest,
      Set<String> grids,
      Precision precision,
      int vocabulary,
      int most,
      DeviceSpec device) {
    this.precision = precision;
    this.vocabulary = vocabulary;
    this.rest = rest;
    this.graph = new Graph();
    Ops tf = Ops.create(graph).withDevice(device);
    TensorFlowGraph<? extends TNumber> algebra =
        new TensorFlowGraph<>(tf, precision.type(), precision.saturation(), false, most);
    Fold<Operand<?>> fold = new Fold<>(algebra);
    HashConsing sharing = new HashConsing();
    Function<Node, Operand<?>> made = node -> fold.of(sharing.of(node));
    this.matrices = grids.add(BoundLoss.LOGITS).toLinkedMap(name -> name, name -> matrix(tf));
    Operand<TInt32> tokens = tf.size(algebra.structure().sampled());
    matrices.forEach((name, given) -> algebra.put(name, rows(tf, given, tokens)));
    Map<String, Operand<?>> found = LinkedHashMap.empty();
    for (RowPasses.Stage stage : passes.stages()) {
      stage.carried().forEach((name, node) -> algebra.put(name, made.apply(node)));
      for (var statistic : stage.statistics()) {
        Operand<?> column = made.apply(statistic._2);
        algebra.put(statistic._1, column);
        found = found.put(STATISTIC + statistic._1, tf.identity(column));
      }
    }
    for (var number : CompiledLoss.nodes(rest, LinkedHashMap.empty(), precision)) {
      found = found.put(number._1, tf.identity(made.apply(number._2)));
    }
    this.numbers = found;
    passes.carried().forEach((name, node) -> algebra.put(name, made.apply(node)));
    passes
        .cotangents()
        .forEach((name, node) -> algebra.put(RowPasses.COTANGENT + name, made.apply(node)));
    this.gradient = typed(tf, made.apply(passes.gradient()), precision.matrices());
    this.fed = algebra.fed();
    this.parameters =
        List.ofAll(fed.values())
            .filter(Node.ParameterValue.class::isInstance)
            .map(node -> ((Node.ParameterValue) node).name())
            .toSet();
    this.session = TensorFlowRuntime.during(() -> Sessions.inOrder(graph));
  }

  /** {@return the most tokens of a batch that is small, of rows that are this wide} */
  static int tokens(int vocabulary) {
    return ENTRIES / vocabulary;
  }

  private Placeholder<? extends TNumber> matrix(Ops tf) {
    return tf.placeholder(precision.matrices(), Placeholder.shape(Shape.of(-1, vocabulary)));
  }

  /** The rows of a batch: a matrix may have more. */
  private Operand<?> rows(Ops tf, Operand<? extends TNumber> whole, Operand<TInt32> tokens) {
    Operand<TInt32> size = tf.stack(java.util.List.of(tokens, tf.constant(vocabulary)));
    return typed(tf, tf.slice(whole, tf.constant(new int[] {0, 0}), size), precision.type());
  }

  private Operand<?> typed(Ops tf, Operand<?> matrix, Class<? extends TNumber> type) {
    return precision.narrow() ? tf.dtypes.cast(matrix, type) : matrix;
  }

  /** Value, parts and metrics; dL/dlogits is written where the policy says. */
  Evaluation evaluate(Samples samples, Policy.Logits policy, Map<String, Double> values) {
    try (Feeds feeds = new Feeds(precision)) {
      Session.Runner runner = session.runner();
      feeds.structure(runner, samples, vocabulary);
      Map<String, Double> own = values.filterKeys(parameters::contains);
      fed.forEach((name, node) -> feeds.numbers(runner, name, node, samples, own));
      matrices.forEach(
          (name, given) -> {
            Session.Runner unused = runner.feed(given, policy.matrix(name).memory());
          });
      for (Operand<?> operand : numbers.values()) {
        Session.Runner unused = runner.fetch(operand);
      }
      try (Result result = runner.fetch(gradient).run()) {
        Map<String, double[]> found = CompiledNodes.numbers(result, numbers.keySet());
        Problem.throwAll(
            PolicyChecks.after(
                found
                    .filterKeys(name -> name.startsWith(STATISTIC))
                    .mapKeys(name -> name.substring(STATISTIC.length()))));
        NativeNumbers.copy(
            result.get(numbers.size()), 0, policy.gradient().memory(), 0, samples.tokens());
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
