package lossmith.ops;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Samples;
import lossmith.ops.graph.Fallbacks;
import lossmith.ops.graph.Feeds;
import lossmith.ops.graph.InputChecks;
import lossmith.ops.graph.Narrow;
import lossmith.ops.graph.TensorFlowGraph;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/**
 * A bound loss as one TensorFlow graph that gives value, parts, metrics, gradients and further
 * terms in one run. Immutable and safe to share between threads; parameters are fed at run time and
 * shapes may change, so nothing is ever compiled twice.
 */
final class BoundGraph implements AutoCloseable {
  private final Graph graph;
  private final Session session;
  private final Precision precision;
  private final Narrow narrow;
  private final Map<String, Node> fallbacks;
  private final java.util.Map<String, Node> fed;
  private final Map<String, Range> settings;
  private final Map<String, Operand<?>> parts;
  private final Map<String, Operand<?>> metrics;
  private final Map<String, Operand<?>> gradients;
  private final Map<String, Operand<?>> extras;
  private final Operand<?> saturated;
  private final AtomicBoolean closed = new AtomicBoolean();

  private <T extends TNumber> BoundGraph(
      BoundLoss bound,
      Map<String, Node> more,
      Class<T> type,
      Precision precision,
      DeviceSpec device) {
    this.precision = precision;
    this.narrow = new Narrow(precision, all(bound, more));
    this.fallbacks = bound.fallbacks();
    this.graph = new Graph();
    Ops tf = Ops.create(graph).withDevice(device);
    TensorFlowGraph<T> algebra = new TensorFlowGraph<>(tf, type, precision.saturation());
    Fold<Operand<?>> fold = new Fold<>(algebra);
    HashConsing sharing = new HashConsing();
    this.parts = compile(tf, bound.parts(), sharing, fold);
    this.metrics = compile(tf, bound.metrics(), sharing, fold);
    this.saturated = algebra.saturated();
    this.gradients = compile(tf, bound.gradients(), sharing, fold);
    this.extras = compile(tf, more, sharing, fold);
    this.fed = algebra.fed();
    this.settings =
        List.ofAll(Inputs.of(all(bound, more)).settings())
            .appendAll(
                List.ofAll(fed.values())
                    .filter(Node.Setting.class::isInstance)
                    .map(Node.Setting.class::cast))
            .toLinkedMap(Node.Setting::name, Node.Setting::range);
    this.session = TensorFlowRuntime.during(() -> Sessions.of(graph));
  }

  private static Seq<Node> all(BoundLoss bound, Map<String, Node> more) {
    return List.ofAll(bound.parts().values())
        .appendAll(bound.metrics().values())
        .appendAll(bound.gradients().values())
        .appendAll(more.values());
  }

  private static Map<String, Operand<?>> compile(
      Ops tf, Map<String, Node> nodes, HashConsing sharing, Fold<Operand<?>> fold) {
    Map<String, Operand<?>> compiled = LinkedHashMap.empty();
    for (var node : nodes) {
      compiled = compiled.put(node._1, tf.identity(fold.of(sharing.of(node._2))));
    }
    return compiled;
  }

  /** The graph of a bound loss and of further terms, by the name they come back under. */
  static BoundGraph of(
      BoundLoss bound, Map<String, Node> extras, Precision precision, DeviceSpec device) {
    return new BoundGraph(bound, extras, precision.type(), precision, device);
  }

  /** The parameters that it reads, by name, with default and range. */
  Map<String, Range> parameters() {
    return settings;
  }

  /** Those of the values that are parameters of this loss. */
  Map<String, Double> own(Map<String, Double> values) {
    return values.filterKeys(settings::containsKey);
  }

  /**
   * What does not fit: columns that are missing, at another level, or stood in for though there.
   */
  Seq<Problem> misfits(Samples samples) {
    return InputChecks.problems(samples, fed.values(), fallbacks.keySet(), narrow);
  }

  /** Everything on samples that fit; parameters that it does not have are left aside. */
  Evaluation evaluate(Samples samples, Map<String, Double> given) {
    if (closed.get()) {
      throw closed();
    }
    Map<String, Double> values = own(given);
    ArrayList<Operand<?>> fetched = new ArrayList<>();
    parts.values().forEach(fetched::add);
    metrics.values().forEach(fetched::add);
    gradients.values().forEach(fetched::add);
    extras.values().forEach(fetched::add);
    fetched.add(saturated);
    try (Feeds feeds = new Feeds(precision)) {
      Session.Runner runner = session.runner();
      feeds.structure(runner, samples, samples.vocabulary());
      fed.forEach((name, node) -> feeds.numbers(runner, name, node, samples, values));
      for (Operand<?> operand : fetched) {
        Session.Runner unused = runner.fetch(operand);
      }
      try (Result result = runner.run()) {
        return read(result);
      }
    }
  }

  /** What to throw after it was closed. */
  static RuntimeException closed() {
    return Problem.of(
            "closed",
            "evaluate(...) after close()",
            "a loss that is open",
            "evaluate(...) inside the try block that compiled the loss")
        .exception();
  }

  private Evaluation read(Result result) {
    int at = 0;
    Map<String, Double> partValues = LinkedHashMap.empty();
    for (String name : parts.keySet()) {
      partValues = partValues.put(name, numbers(result.get(at++))[0]);
    }
    Map<String, Double> metricValues = LinkedHashMap.empty();
    for (String name : metrics.keySet()) {
      metricValues = metricValues.put(name, numbers(result.get(at++))[0]);
    }
    Map<String, double[]> gradientValues = LinkedHashMap.empty();
    for (String name : gradients.keySet()) {
      gradientValues = gradientValues.put(name, numbers(result.get(at++)));
    }
    Map<String, double[]> extraValues = LinkedHashMap.empty();
    for (String name : extras.keySet()) {
      extraValues = extraValues.put(name, numbers(result.get(at++)));
    }
    metricValues = metricValues.put(Evaluation.SATURATED, numbers(result.get(at))[0]);
    double value = partValues.values().sum().doubleValue();
    return new Evaluation(
        value, partValues, metricValues, gradientValues, extraValues, Fallbacks.text(fallbacks));
  }

  static double[] numbers(Tensor tensor) {
    int size = (int) tensor.shape().size();
    double[] numbers = new double[size];
    if (tensor instanceof TFloat64) {
      var unused = tensor.asRawTensor().data().asDoubles().read(numbers);
      return numbers;
    }
    float[] narrow = new float[size];
    var unused = tensor.asRawTensor().data().asFloats().read(narrow);
    for (int i = 0; i < size; i++) {
      numbers[i] = narrow[i];
    }
    return numbers;
  }

  /** Frees the graph, after evaluations that still run; a second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      session.close();
      graph.close();
    }
  }
}
