package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;

/**
 * One objective evaluated on samples: the only place that knows which meaning computes the numbers.
 */
public final class Scoring {
  private final Bound bound;
  private final Reference reference;

  /**
   * Binds and evaluates an objective.
   *
   * @param loss the objective
   * @param surface where the policy enters
   * @param samples the rollouts
   * @param settings parameters by name
   */
  public Scoring(Loss loss, Surface surface, Samples samples, Map<String, Double> settings) {
    Set<String> columns = samples.columns().addAll(samples.grids());
    this.bound = Bound.of(loss, surface, columns);
    this.reference = new Reference(samples, settings);
  }

  /** {@return the loss} */
  public double value() {
    return reference.number(bound.value());
  }

  /** {@return what the objective logs} */
  public Map<String, Double> metrics() {
    Map<String, Double> numbers = LinkedHashMap.empty();
    for (var metric : bound.metrics()) {
      numbers = numbers.put(metric._1, reference.number(metric._2));
    }
    return numbers;
  }

  /** {@return dloss/dinput, if the loss reaches the input} */
  public Option<double[]> gradient(String input) {
    return bound.gradients().get(input).map(reference::of);
  }

  /** {@return the names of the inputs that gradient reaches} */
  public Set<String> reached() {
    return bound.gradients().filterValues(node -> !isZero(node)).keySet();
  }

  /**
   * {@return per token, 1 where something clipped lies below its bound; none where nothing is
   * clipped}
   */
  public Option<double[]> below() {
    return Clipped.below(bound.value()).map(reference::of);
  }

  /**
   * {@return per token, 1 where something clipped lies above its bound; none where nothing is
   * clipped}
   */
  public Option<double[]> above() {
    return Clipped.above(bound.value()).map(reference::of);
  }

  private static boolean isZero(Node node) {
    return node instanceof Node.Constant constant
        && constant.value() == 0
        && constant.level() != Level.Name.BATCH;
  }
}
