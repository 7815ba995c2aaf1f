package lossmith.proofs;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.Claim;
import lossmith.recipes.Claim.Divergence;
import lossmith.recipes.Conventions;
import lossmith.recipes.KlEstimator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What each estimate of a divergence estimates, in value and gradient, by exact enumeration. */
final class DivergenceEstimatorsTest {
  private static final int V = 5;
  private static final Conventions PAPER = Conventions.paper();

  private static Term<Token> of(KlEstimator estimator) {
    return estimator.of(referenceLogProb(), PAPER);
  }

  private static boolean estimates(Term<Token> penalty, Divergence divergence) {
    Claim claim = new Claim.Estimates(divergence, "");
    try (Subject subject =
        new Subject("kl", minimise(penalty.mean(ALL_TOKENS)), List.of(claim), Option.none())) {
      Law law = ClaimLaws.of(claim);
      return List.range(1, 30)
          .map(seed -> subject.trial(seed, Trial.Kind.ORDINARY))
          .forAll(trial -> law.violations(subject, trial).isEmpty());
    }
  }

  @Example
  void gradientOfK1IsOfNeither() {
    assertTrue(List.of(Divergence.values()).forAll(d -> !estimates(of(KlEstimator.K1), d)));
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

  private static double[] distribution(Random random) {
    double[] p = random.doubles(V, 0.05, 1).toArray();
    double total = Arrays.stream(p).sum();
    return Arrays.stream(p).map(x -> x / total).toArray();
  }

  /** Σ_v sampled(v) · estimate(v), one token of each kind weighed by hand. */
  private static double expected(
      Term<Token> estimate, double[] pi, double[] old, double[] rho, double[] sampled) {
    double sum = 0;
    for (int v = 0; v < V; v++) {
      var one =
          new SamplesBuilder(new int[] {1}, new int[] {0})
              .chosen(new int[] {v})
              .grid(Bound.LOGITS, Grid.of(Arrays.stream(pi).map(Math::log).toArray(), V))
              .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {Math.log(old[v])})
              .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, new double[] {Math.log(rho[v])})
              .build();
      var node =
          Bound.term(
              estimate.mean(ALL_TOKENS),
              Surface.LOGITS,
              HashSet.of(Bound.LOGITS, Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB));
      sum += sampled[v] * new Reference(one, HashMap.empty()).number(node);
    }
    return sum;
  }

  private static double divergence(double[] p, double[] q) {
    double sum = 0;
    for (int v = 0; v < V; v++) {
      sum += p[v] * Math.log(p[v] / q[v]);
    }
    return sum;
  }

  /** k1 and k3 are unbiased on policy; off policy they are when weighed by the ratio. */
  @Property(tries = 60)
  void valuesAreUnbiased(@ForAll long seed) {
    Random random = new Random(seed);
    double[] pi = distribution(random);
    double[] old = distribution(random);
    double[] rho = distribution(random);
    double kl = divergence(pi, rho);
    for (KlEstimator estimator : List.of(KlEstimator.K1, KlEstimator.K3)) {
      assertEquals(kl, expected(of(estimator), pi, old, rho, pi), 1e-12);
      assertEquals(kl, expected(of(estimator).times(ratio()), pi, old, rho, old), 1e-12);
    }
  }
}
