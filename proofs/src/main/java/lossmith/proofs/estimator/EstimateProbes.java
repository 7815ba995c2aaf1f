package lossmith.proofs.estimator;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;

/** An estimate's numbers on batches, beside those batches. */
final class EstimateProbes {
  private final Seq<EstimateProbe> ordinary;
  private final Seq<EstimateProbe> peculiar;

  private EstimateProbes(Seq<EstimateProbe> ordinary, Seq<EstimateProbe> peculiar) {
    this.ordinary = ordinary;
    this.peculiar = peculiar;
  }

  /**
   * One batch.
   *
   * @param where what is peculiar to it
   * @param batch the batch as plain arrays, with what the estimate is made of
   * @param estimate A of each token
   */
  @SuppressWarnings("ArrayRecordComponent") // read in this package alone
  record EstimateProbe(String where, PlainResponses batch, double[] estimate) {
    /** The tokens at which an estimate is compared: no number is for other laws. */
    int[] compared() {
      return PlainResponses.where(batch.counted(), t -> !Double.isNaN(estimate[t]));
    }
  }

  Seq<EstimateProbe> ordinary() {
    return ordinary;
  }

  Seq<EstimateProbe> peculiar() {
    return peculiar;
  }

  /**
   * {@return the numbers of an estimate that is made of what responses or tokens earned; nothing
   * where it cannot be worked out}
   *
   * @param estimate the estimate
   * @param source the term that says what was earned
   */
  static Option<EstimateProbes> of(Node estimate, Option<Node> source) {
    EstimateInputs inputs = new EstimateInputs(estimate);
    try {
      return Option.some(
          new EstimateProbes(
              ProbeBatch.ordinary(inputs).map(batch -> probe(batch, estimate, source)),
              ProbeBatch.peculiar(inputs)
                  .filter(batch -> inputs.masks() || !batch.masks())
                  .filter(batch -> inputs.readsReward() || !batch.unscored())
                  .map(batch -> probe(batch, estimate, source))));
    } catch (ProblemException refused) {
      return Option.none(); // it reads what only a policy has
    }
  }

  /**
   * {@return the numbers of an estimate that is made of what responses earned, or of what tokens
   * did}
   *
   * @param estimate A of each token of some samples; no numbers where it gives none
   */
  static EstimateProbes of(Function<Samples, double[]> estimate) {
    EstimateInputs inputs = new EstimateInputs(Nodes.given(Columns.REWARD, Level.Name.SEQUENCE));
    Seq<ProbeBatch> plain = ProbeBatch.ordinary(inputs);
    return new EstimateProbes(
        plain
            .appendAll(plain.map(batch -> batch.rewarded(SMALL)))
            .map(batch -> probe(batch, estimate)),
        ProbeBatch.peculiar(inputs)
            .reject(batch -> batch.masks() || batch.unscored())
            .map(batch -> probe(batch, estimate)));
  }

  /** So small are rewards beside which what is added to a std counts, however little it is. */
  private static final double SMALL = 1e-2;

  private static EstimateProbe probe(ProbeBatch batch, Function<Samples, double[]> estimate) {
    return new EstimateProbe(batch.where(), batch.plain(), estimate.apply(batch.samples()));
  }

  private static EstimateProbe probe(ProbeBatch batch, Node estimate, Option<Node> source) {
    PlainResponses plain =
        source
            .map(
                node -> {
                  double[] earned = numbers(node, batch.samples());
                  return node.level() == Level.Name.SEQUENCE
                      ? batch.plain().rewarded(earned)
                      : batch.plain().earning(earned);
                })
            .getOrElse(batch.plain());
    return new EstimateProbe(batch.where(), plain, spread(estimate, batch.samples()));
  }

  private static double[] numbers(Node node, Samples samples) {
    Node bound =
        BoundLoss.node(node, Surface.STATISTICS, samples.columns().addAll(samples.grids()));
    return new Reference(samples, HashMap.empty()).of(bound);
  }

  private static double[] spread(Node node, Samples samples) {
    double[] numbers = numbers(node, samples);
    double[] tokens = new double[samples.tokens()];
    Arrays.setAll(
        tokens,
        t ->
            numbers[
                node.level() == Level.Name.TOKEN
                    ? t
                    : samples.parent(Level.Name.TOKEN, t, node.level())]);
    return tokens;
  }

  /** The numbers that a term has: constants, and parameters at their defaults. */
  static Seq<Double> constants(Node node) {
    Seq<Node> below = Graph.below(List.of(node));
    return Graph.only(Node.Constant.class, below)
        .map(Node.Constant::value)
        .appendAll(
            Graph.only(Node.ParameterValue.class, below)
                .map(parameter -> parameter.range().initial()))
        .filter(Double::isFinite)
        .distinct();
  }
}
