package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Function;
import lossmith.dsl.data.Samples;

/** Which estimator gives the numbers that something gives, whose term nobody sees. */
public final class EstimateNumbers {
  /** What people add to a std, or take for the least one. */
  private static final Seq<Double> GUARDS = List.of(1e-9, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3);

  /** The one that is tried of estimators that have no name, beside none. */
  private static final Seq<Double> USUAL = List.of(1e-6);

  private EstimateNumbers() {}

  /**
   * {@return what advantages read as that are made of the rewards of responses; nothing where they
   * are like no known estimator}
   *
   * @param estimate A of each token of some samples; not a number where there is none
   * @param constants the numbers that it is given besides
   */
  public static Option<EstimateReading> ofResponses(
      Function<Samples, double[]> estimate, Seq<Double> constants) {
    Seq<Double> known = GUARDS.appendAll(constants).distinct();
    Seq<ResponseEstimate> all =
        new ResponseEstimates(known)
            .all()
            .filter(ResponseEstimate::named)
            .appendAll(new ResponseEstimates(USUAL).all().reject(ResponseEstimate::named));
    return new EstimateComparison(EstimateProbes.of(estimate), all)
        .found()
        .map(found -> new EstimateReading(false, found.named(), found.words(), found.within()));
  }

  /**
   * {@return the same of those that are made of the rewards and values of tokens}
   *
   * @param estimate A of each token of some samples; not a number where there is none
   * @param constants the numbers that it is given, of which γ and λ are some
   */
  public static Option<EstimateReading> ofTokens(
      Function<Samples, double[]> estimate, Seq<Double> constants) {
    return new EstimateComparison(EstimateProbes.of(estimate), new TokenEstimates(constants).all())
        .found()
        .map(found -> new EstimateReading(true, found.named(), found.words(), found.within()));
  }
}
