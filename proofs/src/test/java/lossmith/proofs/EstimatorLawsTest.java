package lossmith.proofs;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.proofs.trial.Trial.Kind.ORDINARY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.law.ClaimLaws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.RandomSamples;
import lossmith.proofs.trial.RandomTerms;
import lossmith.proofs.trial.Trials;
import lossmith.recipes.Claim;
import lossmith.recipes.advantage.Gae;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.Returns;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Recurrences against their definition, baselines against theirs, on ragged batches. */
final class EstimatorLawsTest {
  private static final Detached<Token> R = given(Columns.TOKEN_REWARD, TOKEN);
  private static final Detached<Token> V = given(Columns.VALUE, TOKEN);

  private static Samples samples(long seed) {
    return Trials.samples(new Random(seed), ORDINARY);
  }

  private static double[] of(Detached<?> term, Samples samples) {
    return new Reference(samples, HashMap.empty()).of(term.node());
  }

  private static boolean last(Samples samples, int t) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    return t + 1 == of.length || of[t + 1] != of[t];
  }

  /** Whatever γ and λ; what is not GAE, the museum shows. */
  @Property
  void gaeIsItsRecurrence(@ForAll long seed) {
    Random random = new Random(seed);
    double gamma = random.nextDouble();
    double lambda = random.nextDouble();
    Claim claim = new Claim.Gae("A", Columns.TOKEN_REWARD, Columns.VALUE, gamma, lambda);
    Loss loss = maximise(logProb().weightedBy(Gae.of(R, V, gamma, lambda)).mean(ALL_TOKENS));
    try (Subject subject = new Subject("gae", loss, List.of(claim), Option.none())) {
      Law law = ClaimLaws.of(claim).single();
      assertEquals(List.empty(), law.violations(subject, subject.draw(seed, ORDINARY)));
    }
  }

  @Property
  void withLambdaOneItIsReturnMinusValue(@ForAll long seed) {
    Samples samples = samples(seed);
    Detached<Token> returns = Returns.of(R, 0.9);
    assertArrayEquals(of(returns.minus(V), samples), of(Gae.of(R, V, 0.9, 1), samples), 1e-12);
  }

  @Property
  void returnsAreTheirRecurrence(@ForAll long seed) {
    Samples samples = samples(seed);
    double[] r = samples.column(Columns.TOKEN_REWARD).get();
    double[] expected = new double[r.length];
    for (int t = r.length - 1; t >= 0; t--) {
      expected[t] = r[t] + (last(samples, t) ? 0 : 0.7 * expected[t + 1]);
    }
    assertArrayEquals(expected, of(Returns.of(R, 0.7), samples), 1e-12);
  }

  @Property
  void leaveOneOutSumsToZeroAndIgnoresAShift(@ForAll long seed) {
    Samples samples = samples(seed);
    double[] a = of(LeaveOneOut.of(Terms.reward()), samples);
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    double[] sums = new double[samples.size(Level.Name.GROUP)];
    int[] sizes = new int[sums.length];
    for (int s = 0; s < groups.length; s++) {
      sums[groups[s]] += a[s];
      sizes[groups[s]]++;
    }
    for (int g = 0; g < sums.length; g++) {
      if (sizes[g] > 1) {
        assertEquals(0, sums[g], 1e-12);
      }
    }
  }

  /** A stopped gradient keeps the value of any term, and nothing flows through it. */
  @Property
  void stopGradientKeepsTheValueAndKillsTheGradient(@ForAll long seed) {
    var term = new RandomTerms(new Random(seed), false).objective();
    Samples samples = RandomSamples.of(new Random(seed), 0.6);
    Reference reference = new Reference(samples, HashMap.empty());
    var columns = samples.columns().addAll(samples.grids());
    var surface = lossmith.dsl.bind.Surface.STATISTICS;
    double live = reference.number(lossmith.dsl.bind.BoundLoss.term(term, surface, columns));
    double held =
        reference.number(lossmith.dsl.bind.BoundLoss.term(term.stopGradient(), surface, columns));
    assertEquals(live, held);
    assertEquals(0, Flow.of(term.stopGradient().node()).reached().size());
  }
}
