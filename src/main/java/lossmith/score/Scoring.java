package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.flow.Flow;
import lossmith.ops.CompiledLoss;
import lossmith.ops.Evaluation;
import lossmith.ops.memory.Precision;

/** One objective compiled to TensorFlow and evaluated on samples. */
public final class Scoring {
  private static final String BELOW = "below";
  private static final String ABOVE = "above";
  private static final String RATIO = "ratio";
  private static final String ADVANTAGE = "advantage";

  private final BoundLoss bound;
  private final Set<String> statistics;
  private final Evaluation evaluation;
  private final Either<String, NamedTerm> ratio;
  private final Either<String, NamedTerm> advantage;

  /**
   * Compiles and evaluates an objective.
   *
   * @param loss the objective; one of which something is {@linkplain Flow#dead dead} is a {@link
   *     lossmith.dsl.Problem}
   * @param surface where the policy enters
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}
   * @param samples the rollouts
   * @param parameters parameters of this objective by name; at the surface of logits the
   *     temperature too
   * @throws lossmith.dsl.ProblemException for a column that is missing, a parameter that this
   *     objective does not have, a value outside its range
   */
  public Scoring(
      Loss loss,
      Surface surface,
      Precision precision,
      String device,
      Samples samples,
      Map<String, Double> parameters) {
    Flow.refuseDead(loss);
    Problem.throwAll(Parameters.problems(parameters, List.of(loss)));
    boolean own = loss.parameters().exists(p -> p.name().equals(Columns.TEMPERATURE));
    if (surface == Surface.STATISTICS && parameters.containsKey(Columns.TEMPERATURE) && !own) {
      throw Problem.of(
              "temperature",
              "a temperature where statistics are given",
              "no temperature: statistics are of one already",
              "Surface.LOGITS, or statistics at that temperature")
          .exception();
    }
    Set<String> columns = samples.columns().addAll(samples.grids());
    this.bound = BoundLoss.of(loss, surface, columns);
    this.statistics = statistics(loss, columns);
    this.ratio = NamedTerm.ratio(bound.value());
    this.advantage = NamedTerm.advantage(bound.value());
    Map<String, Node> extras = LinkedHashMap.empty();
    for (Node below : Clipped.below(bound.value())) {
      extras = extras.put(BELOW, indicator(below));
    }
    for (Node above : Clipped.above(bound.value())) {
      extras = extras.put(ABOVE, indicator(above));
    }
    for (NamedTerm term : ratio) {
      extras = extras.put(RATIO, term.node());
    }
    for (NamedTerm term : advantage) {
      extras = extras.put(ADVANTAGE, term.node());
    }
    try (CompiledLoss compiled = CompiledLoss.of(bound, extras, precision, device)) {
      this.evaluation =
          compiled.evaluate(samples, parameters.filterKeys(compiled.parameters()::containsKey));
    }
  }

  /** {@return the names of the statistics of the policy that an objective reads} */
  static Set<String> statistics(Loss loss, Set<String> columns) {
    return StatisticsSplit.of(loss, columns).statistics().keySet();
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

  /** {@return the optional columns that the rollouts lack, and the term that stood for each} */
  public Map<String, String> fallbacks() {
    return evaluation.fallbacks();
  }

  /** {@return dloss/dinput, if the loss reaches the input} */
  public Option<double[]> gradient(String input) {
    return evaluation.gradients().get(input);
  }

  /** {@return the names of the inputs that gradient reaches} */
  public Set<String> reached() {
    return bound.gradients().filterValues(node -> !isZero(node)).keySet();
  }

  /**
   * {@return the statistics of the policy, other than log π of the sampled token, that gradient
   * reaches; {@value BoundLoss#LOGITS} at the surface of logits}
   */
  public Set<String> otherStatistics() {
    return reached()
        .filter(name -> name.equals(BoundLoss.LOGITS) || statistics.contains(name))
        .remove(Columns.LOG_PROB);
  }

  /**
   * {@return per token, the importance ratio of the objective: its term named r, or s with a
   * gradient; none where it has none; {@link #ratioTerm} gives the reason}
   */
  public Option<double[]> ratio() {
    return evaluation.extras().get(RATIO);
  }

  /**
   * {@return per token, the advantage of the objective: its term named A; none where it has none;
   * {@link #advantageTerm} gives the reason}
   */
  public Option<double[]> advantage() {
    return evaluation.extras().get(ADVANTAGE);
  }

  /** {@return the term that is the ratio, or why there is none} */
  Either<String, NamedTerm> ratioTerm() {
    return ratio;
  }

  /** {@return the term that is the advantage, or why there is none} */
  Either<String, NamedTerm> advantageTerm() {
    return advantage;
  }

  /**
   * {@return how many tokens have an exponent beyond the saturation, of the loss or of what it
   * logs}
   */
  public long saturated() {
    return Math.round(evaluation.metrics().get(Evaluation.SATURATED).get());
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
