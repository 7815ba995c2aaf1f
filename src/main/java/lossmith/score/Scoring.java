package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledLoss;
import lossmith.ops.Evaluation;
import lossmith.ops.Precision;

/** One objective compiled to TensorFlow and evaluated on samples. */
public final class Scoring {
  private static final String BELOW = "below";
  private static final String ABOVE = "above";

  private final Bound bound;
  private final Evaluation evaluation;

  /**
   * Compiles and evaluates an objective.
   *
   * @param loss the objective
   * @param surface where the policy enters
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}
   * @param samples the rollouts
   * @param settings parameters by name; those the objective does not have are left aside
   */
  public Scoring(
      Loss loss,
      Surface surface,
      Precision precision,
      String device,
      Samples samples,
      Map<String, Double> settings) {
    Set<String> columns = samples.columns().addAll(samples.grids());
    this.bound = Bound.of(loss, surface, columns);
    Map<String, Node> extras = LinkedHashMap.empty();
    for (Node below : Clipped.below(bound.value())) {
      extras = extras.put(BELOW, indicator(below));
    }
    for (Node above : Clipped.above(bound.value())) {
      extras = extras.put(ABOVE, indicator(above));
    }
    try (CompiledLoss compiled = CompiledLoss.compile(bound, precision, device, extras)) {
      this.evaluation =
          compiled.evaluate(samples, settings.filterKeys(compiled.parameters()::containsKey));
    }
  }

  private static Node indicator(Node condition) {
    Node one = Nodes.constant(1, Level.Name.TOKEN);
    return Nodes.select(condition, one, Nodes.constant(0, Level.Name.TOKEN));
  }

  /** {@return the loss} */
  public double value() {
    return evaluation.value();
  }

  /** {@return what the objective logs} */
  public Map<String, Double> metrics() {
    return evaluation.metrics();
  }

  /** {@return dloss/dinput, if the loss reaches the input} */
  public Option<double[]> gradient(String input) {
    return evaluation.gradients().get(input);
  }

  /** {@return the names of the inputs that gradient reaches} */
  public Set<String> reached() {
    return bound.gradients().filterValues(node -> !isZero(node)).keySet();
  }

  /** {@return per token, 1 where something clipped lies below its bound; none where nothing is} */
  public Option<double[]> below() {
    return evaluation.extras().get(BELOW);
  }

  /** {@return per token, 1 where something clipped lies above its bound; none where nothing is} */
  public Option<double[]> above() {
    return evaluation.extras().get(ABOVE);
  }

  private static boolean isZero(Node node) {
    return node instanceof Node.Constant constant && constant.value() == 0;
  }
}
