package lossmith.ops;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Samples;
import lossmith.ops.graph.Feeds;
import lossmith.ops.graph.Float32Checks;
import lossmith.ops.graph.InputChecks;
import lossmith.ops.graph.TensorFlowGraph;
import lossmith.ops.memory.NativeNumbers;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.Devices;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Nodes by name as one TensorFlow graph that gives the numbers of all in one run; what they share
 * is computed once. Immutable and safe to share between threads; parameters are fed at run time and
 * shapes may change, so nothing is ever compiled twice.
 *
 * <p>These are nodes and no objective: whether any gradient reaches the policy is not asked, and
 * what stands for an absent column was decided when they were bound.
 */
public final class CompiledNodes implements AutoCloseable {
  private final Graph graph;
  private final Session session;
  private final Precision precision;
  private final Float32Checks float32;
  private final java.util.Map<String, Node> fed;
  private final Map<String, Range> parameters;
  private final Map<String, Operand<?>> compiled;
  private final AtomicBoolean closed = new AtomicBoolean();

  private <T extends TNumber> CompiledNodes(
      Map<String, Node> nodes, Class<T> type, Precision precision, DeviceSpec device) {
    this.precision = precision;
    this.float32 = new Float32Checks(precision, nodes.values());
    this.graph = new Graph();
    Ops tf = Ops.create(graph).withDevice(device);
    TensorFlowGraph<T> algebra = new TensorFlowGraph<>(tf, type, precision.saturation());
    Fold<Operand<?>> fold = new Fold<>(algebra);
    HashConsing sharing = new HashConsing();
    Map<String, Operand<?>> made = LinkedHashMap.empty();
    for (var node : nodes) {
      made = made.put(node._1, tf.identity(fold.of(sharing.of(node._2))));
    }
    this.compiled = made;
    this.fed = algebra.fed();
    this.parameters =
        List.ofAll(Inputs.of(nodes.values()).parameters())
            .appendAll(
                List.ofAll(fed.values())
                    .filter(Node.ParameterValue.class::isInstance)
                    .map(Node.ParameterValue.class::cast))
            .toLinkedMap(Node.ParameterValue::name, Node.ParameterValue::range);
    this.session = TensorFlowRuntime.during(() -> Sessions.of(graph));
  }

  /**
   * Compiles bound nodes.
   *
   * @param nodes the nodes, by the name that their numbers come back under
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}; one that is not there is a {@link Problem}
   * @return the compiled nodes
   */
  public static CompiledNodes of(Map<String, Node> nodes, Precision precision, String device) {
    TensorFlowRuntime.start();
    return of(nodes, precision, Devices.of(device));
  }

  /** The same on a device that is there. */
  static CompiledNodes of(Map<String, Node> nodes, Precision precision, DeviceSpec device) {
    return new CompiledNodes(nodes, precision.type(), precision, device);
  }

  /**
   * {@return what of samples does not fit nodes, found without compiling them: a missing column, a
   * column at another level, token ids that the grids do not have}
   *
   * @param nodes bound nodes by name
   * @param samples the data
   * @param precision the type of the numbers
   */
  public static Seq<Problem> problems(
      Map<String, Node> nodes, Samples samples, Precision precision) {
    return InputChecks.problems(
        samples,
        Inputs.of(nodes.values()).columns().map(input -> (Node) input),
        new Float32Checks(precision, nodes.values()));
  }

  /** {@return the parameters that the nodes read, by name, with default and range} */
  public Map<String, Range> parameters() {
    return parameters;
  }

  /**
   * {@return the numbers of each node by its name, one per element of its level, rows first at the
   * vocabulary}
   *
   * <p>All that does not fit is reported at once, as a {@link lossmith.dsl.ProblemException}: a
   * missing column, a column at another level, token ids that the grids do not have, a parameter
   * that is unknown or out of its range, nodes that are closed.
   *
   * @param samples the data
   * @param values parameters by name; one that is not here has its default
   */
  public Map<String, double[]> evaluate(Samples samples, Map<String, Double> values) {
    Problem.throwAll(misfits(samples).appendAll(InputChecks.parameters(values, parameters)));
    return run(samples, values);
  }

  /** {@return the same, the parameters in a map of {@code java.util}} */
  public Map<String, double[]> evaluate(Samples samples, java.util.Map<String, Double> values) {
    return evaluate(samples, HashMap.ofAll(values));
  }

  /** {@return the same with every parameter at its default} */
  public Map<String, double[]> evaluate(Samples samples) {
    return evaluate(samples, HashMap.empty());
  }

  /** What does not fit: columns that are missing or at another level. */
  Seq<Problem> misfits(Samples samples) {
    return InputChecks.problems(samples, fed.values(), float32);
  }

  /** The numbers on samples that fit; parameters that no node has are left aside. */
  Map<String, double[]> run(Samples samples, Map<String, Double> given) {
    if (closed.get()) {
      throw closed();
    }
    if (compiled.isEmpty()) {
      return LinkedHashMap.empty();
    }
    Map<String, Double> values = given.filterKeys(parameters::containsKey);
    try (Feeds feeds = new Feeds(precision)) {
      Session.Runner runner = session.runner();
      feeds.structure(runner, samples, samples.vocabulary());
      fed.forEach((name, node) -> feeds.numbers(runner, name, node, samples, values));
      for (Operand<?> operand : compiled.values()) {
        Session.Runner unused = runner.fetch(operand);
      }
      try (Result result = runner.run()) {
        return numbers(result, compiled.keySet());
      }
    }
  }

  /** The first that were fetched, by name. */
  static Map<String, double[]> numbers(Result result, Set<String> names) {
    return names
        .toList()
        .zipWithIndex()
        .toLinkedMap(one -> one._1, one -> numbers(result.get(one._2)));
  }

  /** What to throw after it was closed. */
  static RuntimeException closed() {
    return Problem.of(
            "closed",
            "evaluate(...) after close()",
            "something compiled that is open",
            "evaluate(...) inside the try block that compiled it")
        .exception();
  }

  static double[] numbers(Tensor tensor) {
    int size = (int) tensor.shape().size();
    double[] numbers = new double[size];
    NativeNumbers.read(tensor, 0, numbers, 0, size);
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
