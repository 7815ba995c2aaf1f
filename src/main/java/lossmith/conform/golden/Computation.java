package lossmith.conform.golden;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.magnitude.Magnitude;

/**
 * What is computed for a case: a loss with its metrics and gradients, further terms, and the batch
 * they are computed on. Immutable.
 */
public final class Computation {
  static final String LOSS = "loss";
  static final String METRIC = "metric ";
  static final String GRADIENT = "gradient ";
  private static final String OUTPUT = "output ";
  private static final String MAGNITUDE_OF = "magnitude of ";

  private final PaddedBatch batch;
  private final Option<Loss> loss;
  private final Surface surface;
  private final Map<String, String> gradients;
  private final Map<String, Detached<Batch>> metrics;
  private final Map<String, Term<?>> outputs;
  private final Map<String, Double> parameters;

  private Computation(
      PaddedBatch batch,
      Option<Loss> loss,
      Surface surface,
      Map<String, String> gradients,
      Map<String, Detached<Batch>> metrics,
      Map<String, Term<?>> outputs,
      Map<String, Double> parameters) {
    this.batch = batch;
    this.loss = loss;
    this.surface = surface;
    this.gradients = gradients;
    this.metrics = metrics;
    this.outputs = outputs;
    this.parameters = parameters;
  }

  /** {@return a trial on a batch where the policy enters by statistics of its own} */
  public static Computation on(PaddedBatch batch) {
    return on(batch, Surface.STATISTICS);
  }

  /** {@return a trial on a batch} */
  public static Computation on(PaddedBatch batch, Surface surface) {
    return new Computation(
        batch,
        Option.none(),
        surface,
        LinkedHashMap.empty(),
        LinkedHashMap.empty(),
        LinkedHashMap.empty(),
        LinkedHashMap.empty());
  }

  /** {@return this with a loss; its metrics keep their names} */
  public Computation loss(Loss value) {
    return new Computation(
        batch, Option.some(value), surface, gradients, metrics, outputs, parameters);
  }

  /**
   * {@return this with a gradient of the loss}
   *
   * @param input the name that the case gives it
   * @param column the column it is the gradient by; 0 everywhere if the loss does not reach it
   */
  public Computation gradient(String input, String column) {
    return new Computation(
        batch, loss, surface, gradients.put(input, column), metrics, outputs, parameters);
  }

  /** {@return this with one more number that is logged} */
  public Computation metric(String name, Detached<Batch> value) {
    return new Computation(
        batch, loss, surface, gradients, metrics.put(name, value), outputs, parameters);
  }

  /** {@return this with one more result, at the level of the term} */
  public Computation output(String name, Term<?> term) {
    return new Computation(
        batch, loss, surface, gradients, metrics, outputs.put(name, term), parameters);
  }

  /** {@return this with a parameter set} */
  public Computation parameter(String name, double value) {
    return new Computation(
        batch, loss, surface, gradients, metrics, outputs, parameters.put(name, value));
  }

  /** {@return the numbers} */
  public ComputedFields outcome(Meaning meaning) {
    Samples samples = batch.samples();
    Set<String> columns = samples.columns().addAll(samples.grids());
    Option<BoundLoss> bound = loss.map(value -> BoundLoss.of(value, surface, columns));
    Map<String, Node> slopes = bound.map(BoundLoss::gradients).getOrElse(LinkedHashMap::empty);
    Map<String, Node> logged =
        bound
            .map(BoundLoss::metrics)
            .getOrElse(LinkedHashMap::empty)
            .merge(metrics.mapValues(term -> BoundLoss.term(term, surface, columns)));
    Map<String, Node> results = outputs.mapValues(term -> BoundLoss.term(term, surface, columns));
    Map<String, Node> summed =
        bound
            .toLinkedMap(value -> Tuple.of(LOSS, value.value()))
            .merge(logged.mapKeys(name -> METRIC + name))
            .merge(results.mapKeys(name -> OUTPUT + name));
    Map<String, double[]> numbers =
        meaning.evaluate(
            loss.filter(value -> surface == Surface.LOGITS),
            summed
                .merge(slopes.mapKeys(name -> GRADIENT + name))
                .merge(summed.map((name, n) -> Tuple.of(MAGNITUDE_OF + name, Magnitude.of(n)))),
            samples,
            parameters);
    return new ComputedFields(
        loss.map(value -> total(numbers, LOSS)),
        gradients.mapValues(
            column ->
                slopes
                    .get(column)
                    .map(node -> padded(numbers, GRADIENT + column, node))
                    .getOrElse(() -> batch.zeros(column))),
        logged.map((name, node) -> Tuple.of(name, total(numbers, METRIC + name))),
        results.map((name, node) -> Tuple.of(name, padded(numbers, OUTPUT + name, node))),
        results.map((name, node) -> Tuple.of(name, most(numbers, MAGNITUDE_OF + OUTPUT + name))));
  }

  private static double most(Map<String, double[]> numbers, String name) {
    double most = Arrays.stream(numbers.get(name).get()).max().orElse(0);
    return Double.isFinite(most) ? most : 0;
  }

  private static Total total(Map<String, double[]> numbers, String name) {
    return new Total(numbers.get(name).get()[0], numbers.get(MAGNITUDE_OF + name).get()[0]);
  }

  private NumberArray padded(Map<String, double[]> numbers, String name, Node node) {
    return batch.padded(node.level(), numbers.get(name).get());
  }
}
