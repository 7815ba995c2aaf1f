package lossmith.proofs.law;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Nodes;
import lossmith.dsl.Term;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.stated.Plain;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Narrowing;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.critic.PpoActorCritic;
import lossmith.recipes.policy.Grpo;
import org.junit.jupiter.api.Test;

/** The laws of the entropy tell a wrong entropy from the right one, and know the exceptions. */
final class EntropyLawsTest {
  private static final Loss GRPO = new Grpo().loss(Conventions.paper());

  private static boolean holds(Law law, Subject subject) {
    return List.range(1, 20)
        .map(seed -> subject.trial(seed, Trial.Kind.ORDINARY))
        .forAll(trial -> law.violations(subject, trial).isEmpty());
  }

  private static boolean claimed(Term<Token> h) {
    Claim claim = new Claim.Entropy("H");
    Loss loss = maximise(logProb().plus(h.as("H")).mean(ALL_TOKENS));
    try (Subject subject = new Subject("bonus", loss, List.of(claim), Option.none())) {
      return holds(ClaimLaws.of(claim).single(), subject);
    }
  }

  @Test
  void anEntropyHasItsValueAndItsGradient() {
    assertTrue(claimed(entropy()));
    assertTrue(!claimed(logProb().negated()), "what one token says of it");
    assertTrue(!claimed(entropy().stopGradient()), "without a gradient");
    assertTrue(!claimed(entropy().scaledBy(1 / Math.log(2))), "in bits");
  }

  @Test
  void aStepChangesTheEntropyAndNothingLikeIt() {
    try (Subject subject = new Subject("grpo", GRPO)) {
      assertTrue(holds(EntropyLaws.step(), subject));
      assertTrue(!holds(EntropyLaws.step(entropy().scaledBy(1.01)), subject));
      assertTrue(!holds(EntropyLaws.step(logProb().negated()), subject));
    }
  }

  /** An objective whose gradient at the logits is another's, negated. */
  private static Subject negated(Loss loss) {
    UnaryOperator<BoundLoss> none = UnaryOperator.identity();
    return new Subject(
        "negated",
        loss,
        List.empty(),
        Option.none(),
        Narrowing.NONE,
        b ->
            b.surface() == Surface.LOGITS
                ? new BoundLoss(
                    b.surface(),
                    b.parts(),
                    b.metrics(),
                    b.gradients().mapValues(g -> Nodes.unary(UnaryOp.NEGATE, g)))
                : b,
        none);
  }

  @Test
  void aStepToTheOtherSideBreaksTheSign() {
    try (Subject right = new Subject("grpo", GRPO);
        Subject wrong = negated(GRPO)) {
      assertTrue(holds(EntropyLaws.sign(), right));
      assertTrue(!holds(EntropyLaws.sign(), wrong));
    }
  }

  @Test
  void aBonusTakenAwayBreaksItsGradient() {
    Loss bonus = new PpoActorCritic().loss(Conventions.paper());
    try (Subject right = new Subject("ppo-actor-critic", bonus);
        Subject wrong = negated(bonus)) {
      assertTrue(holds(EntropyLaws.gradient(), right));
      assertTrue(!holds(EntropyLaws.gradient(), wrong));
    }
  }

  @Test
  void anotherMeanIsNoNaturalGradientOfThatMean() {
    Claim.OnPolicy sums = new Claim.OnPolicy("A", x -> x.sum(ALL_TOKENS));
    try (Subject subject = new Subject("grpo", GRPO)) {
      assertTrue(!holds(NaturalGradientLaw.of(sums), subject));
    }
  }

  private static Samples one(double... pi) {
    double[] z = Arrays.stream(pi).map(Math::log).toArray();
    return new SamplesBuilder(new int[] {1}, new int[] {0})
        .sampled(new int[] {0})
        .grid(BoundLoss.LOGITS, Grid.of(z, z.length))
        .build();
  }

  private static double h(double... pi) {
    var node = BoundLoss.term(entropy(), Surface.LOGITS, HashSet.of(BoundLoss.LOGITS));
    return new Reference(one(pi), HashMap.empty()).of(node)[0];
  }

  /** What a negative sample of the first entry leaves. */
  private static double[] punished(double... pi) {
    double[] after = new double[pi.length];
    Arrays.setAll(after, v -> pi[v] * Math.exp(1e-2 * (pi[v] - (v == 0 ? 1 : 0))));
    double total = Arrays.stream(after).sum();
    return Arrays.stream(after).map(p -> p / total).toArray();
  }

  private static double covariance(double... pi) {
    return EntropyLaws.ofScore(new Plain(one(pi), HashMap.empty()), 0, 0);
  }

  @Test
  void negativeSampleOfTheDominantTokenRaisesEntropy() {
    double[] pi = {0.8, 0.1, 0.1};
    assertTrue(covariance(pi) > 0);
    assertTrue(h(punished(pi)) > h(pi));
  }

  /** Not always: a negative sample of a rare token lowers entropy, and a third token loses mass. */
  @Test
  void negativeSampleOfARareTokenLowersIt() {
    double[] pi = {0.01, 0.98, 0.01};
    assertTrue(covariance(pi) < 0);
    assertTrue(h(punished(pi)) < h(pi));
    assertTrue(punished(pi)[2] < pi[2]);
  }
}
