package lossmith.proofs;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.proofs.law.ClaimLaws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;
import lossmith.recipes.Claim.Divergence;
import lossmith.recipes.Conventions;
import lossmith.recipes.surrogate.KlEstimator;
import net.jqwik.api.Example;

/** What each estimate of a divergence estimates, in value and gradient, by exact enumeration. */
final class DivergenceEstimatorsTest {
  private static final Conventions PAPER = Conventions.paper();

  private static Term<Token> of(KlEstimator estimator) {
    return estimator.of(referenceLogProb(), PAPER);
  }

  private static boolean estimates(Term<Token> penalty, Divergence divergence) {
    return holds(penalty, new Claim.Estimates(divergence, ""));
  }

  private static boolean averages(Term<Token> penalty, String sampler) {
    return holds(penalty.as("KL"), new Claim.Averages("KL", Divergence.REVERSE, sampler));
  }

  private static boolean holds(Term<Token> penalty, Claim claim) {
    try (Subject subject =
        new Subject("kl", minimise(penalty.mean(ALL_TOKENS)), List.of(claim), Option.none())) {
      Law law = ClaimLaws.of(claim).single();
      return List.range(1, 30)
          .map(seed -> subject.trial(seed, Trial.Kind.ORDINARY))
          .forAll(trial -> law.violations(subject, trial).isEmpty());
    }
  }

  @Example
  void gradientOfK1IsThatOfNothing() {
    assertTrue(
        List.of(Divergence.values())
            .forAll(d -> estimates(of(KlEstimator.K1), d) == (d == Divergence.NONE)));
  }

  @Example
  void gradientOfK2IsThatOfTheReverse() {
    assertTrue(estimates(of(KlEstimator.K2), Divergence.REVERSE));
  }

  @Example
  void gradientOfK3IsThatOfTheForward() {
    assertTrue(estimates(of(KlEstimator.K3), Divergence.FORWARD));
    assertTrue(!estimates(of(KlEstimator.K3), Divergence.REVERSE));
  }

  @Example
  void straightThroughFormsHaveTheReverseGradient() {
    for (KlEstimator estimator : KlEstimator.values()) {
      assertTrue(
          estimates(estimator.withGradientOfK2(referenceLogProb(), PAPER), Divergence.REVERSE),
          estimator.name());
    }
  }

  @Example
  void scoreCorrectedK3HasTheReverseGradient() {
    Term<Token> score = logProb().minus(logProb().stopGradient()).exp();
    assertTrue(estimates(of(KlEstimator.K3).times(score), Divergence.REVERSE));
  }

  @Example
  void valuesOfK1AndK3AreUnbiasedAndThatOfK2IsNot() {
    assertTrue(averages(of(KlEstimator.K1), Columns.LOG_PROB));
    assertTrue(averages(of(KlEstimator.K3), Columns.LOG_PROB));
    assertFalse(averages(of(KlEstimator.K2), Columns.LOG_PROB));
  }

  @Example
  void whatTheOldPolicySampledIsWeighedByTheRatio() {
    for (KlEstimator estimator : List.of(KlEstimator.K1, KlEstimator.K3)) {
      assertTrue(averages(of(estimator).times(ratio()), Columns.OLD_LOG_PROB));
      assertFalse(averages(of(estimator), Columns.OLD_LOG_PROB));
    }
  }
}
