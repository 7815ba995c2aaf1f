package lossmith.ops;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import java.util.ArrayList;
import java.util.List;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.ops.graph.Feeds;
import lossmith.ops.graph.Float32Checks;
import lossmith.ops.graph.InputChecks;
import lossmith.ops.graph.TensorFlowGraph;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * The gradient that TensorFlow itself derives from the operations of a loss: an oracle for {@link
 * lossmith.dsl.derivative.Derivative} that shares nothing with it but the forward graph. It is none
 * at kinks, where TensorFlow splits a tie otherwise, and none at extremes, where 0 · ∞ is NaN.
 */
public final class AutomaticGradient implements AutoCloseable {
  private final Graph graph;
  private final Session session;
  private final Precision precision;
  private final java.util.Map<String, Node> fed;
  private final Float32Checks float32;
  private final Set<String> fallbacks;
  private final Output<?> value;
  private final Map<String, Output<?>> gradients;

  private AutomaticGradient(
      Graph graph,
      Precision precision,
      java.util.Map<String, Node> fed,
      BoundLoss bound,
      Output<?> value,
      Map<String, Output<?>> gradients) {
    this.graph = graph;
    this.session = TensorFlowRuntime.during(() -> Sessions.of(graph));
    this.precision = precision;
    this.fed = fed;
    this.float32 = new Float32Checks(precision, List.of(bound.value()));
    this.fallbacks = bound.fallbacks().keySet();
    this.value = value;
    this.gradients = gradients;
  }

  /**
   * {@return the automatic gradient of a bound loss, or the operation that TensorFlow cannot
   * differentiate}
   *
   * @param bound the loss, bound to a surface and columns
   * @param precision the type of the numbers
   */
  public static Either<String, AutomaticGradient> of(BoundLoss bound, Precision precision) {
    TensorFlowRuntime.start();
    return of(bound, precision, precision.type());
  }

  private static <T extends TNumber> Either<String, AutomaticGradient> of(
      BoundLoss bound, Precision precision, Class<T> type) {
    Graph graph = new Graph();
    try {
      TensorFlowGraph<T> algebra =
          new TensorFlowGraph<>(Ops.create(graph), type, precision.saturation());
      Operand<?> value = new Fold<>(algebra).of(new HashConsing().of(bound.value()));
      List<String> names = new ArrayList<>();
      List<Output<?>> inputs = new ArrayList<>();
      algebra
          .fed()
          .forEach(
              (operation, node) -> {
                String name = node instanceof Node.Input input ? input.name() : "";
                if (bound.gradients().containsKey(name)) {
                  names.add(name);
                  inputs.add(graph.operation(operation).output(0));
                }
              });
      Output<?>[] found = graph.addGradients(value.asOutput(), inputs.toArray(Output<?>[]::new));
      Map<String, Output<?>> gradients = LinkedHashMap.empty();
      for (int i = 0; i < found.length; i++) {
        gradients = gradients.put(names.get(i), found[i]);
      }
      return Either.right(
          new AutomaticGradient(
              graph, precision, algebra.fed(), bound, value.asOutput(), gradients));
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException unable) {
      graph.close();
      return Either.left(unable.getMessage());
    }
  }

  /**
   * {@return dloss/dinput by the input's name}
   *
   * @param samples the data; columns that are missing or do not fit are a {@link Problem}
   * @param values parameters by name; one that is not here has its default
   */
  public Map<String, double[]> evaluate(Samples samples, Map<String, Double> values) {
    if (gradients.isEmpty()) {
      return LinkedHashMap.empty();
    }
    Problem.throwAll(
        InputChecks.problems(samples, fed.values(), float32)
            .appendAll(InputChecks.ignored(samples, fallbacks)));
    try (Feeds feeds = new Feeds(precision)) {
      Session.Runner runner = session.runner();
      feeds.structure(runner, samples, samples.vocabulary());
      fed.forEach((name, node) -> feeds.numbers(runner, name, node, samples, values));
      for (Output<?> gradient : gradients.values()) {
        Session.Runner unused = runner.fetch(gradient);
      }
      try (Result result = runner.run()) {
        Map<String, double[]> found = LinkedHashMap.empty();
        int at = 0;
        for (String name : gradients.keySet()) {
          found = found.put(name, CompiledNodes.numbers(result.get(at++)));
        }
        return found;
      }
    }
  }

  /** {@return the same with every parameter at its default} */
  public Map<String, double[]> evaluate(Samples samples) {
    return evaluate(samples, HashMap.empty());
  }

  /**
   * {@return the loss; its gradient is computed too, and stays in TensorFlow: what it takes is what
   * this is for}
   *
   * @param samples the data without the policy; what does not fit is a {@link Problem}
   * @param policy the logits and what else is as large
   */
  public double run(Samples samples, Policy.Logits policy) {
    Problem.throwAll(
        io.vavr.collection.List.ofAll(fed.values())
            .filter(Node.Input.class::isInstance)
            .map(Node.Input.class::cast)
            .flatMap(
                input ->
                    input.level() != Level.Name.VOCABULARY
                        ? InputChecks.column(samples, input)
                        : InputChecks.matrix(
                            input, policy.grids().keySet().add(BoundLoss.LOGITS))));
    try (Feeds feeds = new Feeds(precision)) {
      Session.Runner runner = session.runner();
      feeds.structure(runner, samples, (int) policy.vocabulary());
      fed.forEach(
          (name, node) -> {
            if (node instanceof Node.Input input && input.level() == Level.Name.VOCABULARY) {
              Session.Runner unused = runner.feed(name, policy.matrix(input.name()).tensor());
            } else {
              feeds.numbers(runner, name, node, samples, HashMap.empty());
            }
          });
      Session.Runner all = runner.fetch(value);
      for (Output<?> gradient : gradients.values()) {
        all = all.fetch(gradient);
      }
      try (Result result = all.run()) {
        return CompiledNodes.numbers(result.get(0))[0];
      }
    }
  }

  /** Frees the graph. */
  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
