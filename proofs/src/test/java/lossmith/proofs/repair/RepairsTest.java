package lossmith.proofs.repair;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.control.Option;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import org.junit.jupiter.api.Test;

/** Four people with a wrong loss learn in one run what is wrong with it. */
final class RepairsTest {
  private static final Claim TOKEN_MEAN = new Claim.OnPolicy("A", x -> x.mean(ALL_TOKENS));

  private static Detached<Token> a() {
    return Advantages.groupNormalised(reward(), Conventions.paper());
  }

  private static Proof prove(Loss loss, Claim... claims) {
    try (Subject subject = new Subject("mine", loss, List.of(claims), Option.none())) {
      return Prover.prove(subject, Laws.of(subject), 20, 1);
    }
  }

  private static void assertMended(Proof proof, String law, String by) {
    assertFalse(proof.holds());
    assertTrue(proof.findings().exists(f -> f.law().name().equals(law)), proof::toString);
    assertTrue(proof.repairs().exists(r -> r.toString().contains(by)), proof::toString);
  }

  @Test
  void cispoWithoutLogProb() {
    Detached<Token> weight = ratio().clip(Clip.around(0.2, 0.2)).stopGradient();
    assertMended(
        prove(maximise(a().times(weight).mean(ALL_TOKENS)), TOKEN_MEAN),
        "declared-inputs",
        "logProb() is missing");
  }

  @Test
  void grpoWithPaddedDenominator() {
    var width = reward().abs().scaledBy(0).shiftedBy(7).mean(Over.ALL_SEQUENCES);
    assertMended(
        prove(maximise(ratio().times(a()).sum(ALL_TOKENS).dividedBy(width)), TOKEN_MEAN),
        "on-policy",
        "divide by the number of summands");
  }

  @Test
  void k1AsLoss() {
    assertMended(
        prove(
            minimise(logProb().minus(referenceLogProb()).mean(ALL_TOKENS)),
            new Claim.Estimates(Claim.Divergence.REVERSE, "")),
        "estimand",
        "k2 for k1");
  }

  @Test
  void ppoWithMissingDetach() {
    Loss loss =
        maximise(logProb().times(a()).times(ratio().clip(Clip.around(0.2, 0.2))).mean(ALL_TOKENS));
    assertMended(prove(loss, TOKEN_MEAN), "on-policy", "stopGradient() is missing");
  }

  @Test
  void withoutAClaimTheFactsAreObserved() {
    Proof mean = prove(maximise(ratio().times(a()).mean(ALL_TOKENS)));
    assertTrue(mean.observed().exists(o -> o.contains("TOKEN_MEAN")), mean::toString);
    Proof distance = prove(minimise(logProb().minus(referenceLogProb()).abs().mean(ALL_TOKENS)));
    assertTrue(distance.observed().exists(o -> o.contains("neither")), distance::toString);
  }

  @Test
  void k1AsLossWithoutAClaim() {
    Term<Token> k1 = logProb().minus(referenceLogProb());
    assertMended(prove(minimise(k1.mean(ALL_TOKENS))), "live-penalty", "k2 for k1");
    Proof beside = prove(maximise(ratio().times(a()).minus(k1.scaledBy(0.04)).mean(ALL_TOKENS)));
    assertMended(beside, "live-penalty", "k2 for k1 at log π(y_t) - log π_ref(y_t)");
    assertTrue(
        beside.repairs().forAll(r -> r.toString().endsWith(" at log π(y_t) - log π_ref(y_t)")),
        beside::toString);
    assertTrue(
        beside.observed().exists(o -> o.contains("0: it teaches nothing")), beside::toString);
  }

  @Test
  void theDivergenceOfAPenaltyBesideAPolicyGradientIsObserved() {
    Term<Token> d = logProb().minus(referenceLogProb());
    Proof k2 = prove(maximise(ratio().times(a()).minus(d.times(d)).mean(ALL_TOKENS)));
    assertTrue(k2.observed().exists(o -> o.contains("the reverse KL")), k2::toString);
  }

  /** What reads as another kind afterwards, of which the broken law says nothing, is not mended. */
  @Test
  void aChangeThatSilencesTheLawIsNoRepair() {
    Proof proof = prove(minimise(logProb().times(a()).mean(ALL_TOKENS)));
    assertTrue(proof.findings().exists(f -> f.law().name().equals("step-size")), proof::toString);
    assertFalse(proof.repairs().exists(r -> r.toString().contains("missing")), proof::toString);
  }

  @Test
  void anAdvantageOfResponsesIsOneToo() {
    Detached<Sequence> of = reward().minus(reward().mean(SEQUENCES).per(Axis.SEQUENCE)).as("A");
    Proof proof =
        prove(maximise(ratio().weightedBy(of.per(Axis.TOKEN)).mean(ALL_TOKENS)), TOKEN_MEAN);
    assertTrue(proof.holds(), proof::toString);
  }

  @Test
  void aPenaltyWithoutGradientHasNoEstimandToName() {
    Proof proof =
        prove(minimise(logProb().stopGradient().minus(referenceLogProb()).mean(ALL_TOKENS)));
    assertFalse(proof.holds());
    assertTrue(proof.observed().isEmpty(), proof::toString);
  }

  @Test
  void aPenaltyThatReadsMoreThanCanBeEnumeratedHasNoEstimandToName() {
    Detached<Token> state = Terms.given("state", Axis.TOKEN);
    Proof proof =
        prove(minimise(logProb().minus(referenceLogProb()).times(state).mean(ALL_TOKENS)));
    assertTrue(proof.observed().isEmpty(), proof::toString);
  }

  /** Who chooses between two errors means both to have a gradient. */
  @Test
  void noRepairHoldsOneSideOfAChoice() {
    Detached<Token> target = Terms.given("return", Axis.TOKEN);
    Term<Token> near = Terms.value().clip(Clip.between(-0.2, 0.2));
    Term<Token> both = Terms.max(Terms.value().minus(target).square(), near.minus(target).square());
    Proof proof = prove(minimise(both.scaledBy(0.5).mean(ALL_TOKENS)).training("value"));
    assertFalse(proof.holds());
    assertTrue(proof.repairs().isEmpty(), proof::toString);
  }

  @Test
  void anotherObjectiveIsNoRepairOfLostDigits() {
    Term<Token> x = referenceLogProb().minus(logProb());
    Proof proof = prove(minimise(x.exp().minus(x).shiftedBy(-1).mean(ALL_TOKENS)));
    assertTrue(proof.isBroken("single-precision"), proof::toString);
    assertTrue(proof.repairs().isEmpty(), proof::toString);
  }
}
