package lossmith.blackbox;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.blackbox.law.BoxProver;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.proofs.Finding;
import org.junit.jupiter.api.Test;

/**
 * Losses that make something of rewards, values and masks: each mistake breaks its law, right ones
 * none.
 */
final class RewardedLossesTest {
  private static final Set<String> COLUMNS =
      HashSet.of(
              Columns.REWARD,
              Columns.TOKEN_REWARD,
              Columns.VALUE,
              TensorBatch.OLD_VALUE,
              TensorBatch.RETURN)
          .addAll(TensorBatch.MASKS)
          .addAll(Columns.LOG_PROBS);

  private static Seq<String> broken(Loss loss) {
    RecipeBox box = RecipeBox.of("asked", loss, COLUMNS).get();
    try (BoxProver prover = new BoxProver(box, List.empty())) {
      Seq<Finding> findings = prover.prove(12, 1, done -> {}).findings();
      return findings.map(finding -> finding.law().name()).toList();
    }
  }

  /** One of several that a mistake breaks. */
  private static void assertBroken(String law, Loss loss) {
    Seq<String> broken = broken(loss);
    assertTrue(broken.contains(law), law + " is not among " + broken);
  }

  private static Loss reinforce(Detached<Sequence> advantage) {
    return maximise(logProb().times(advantage.per(TOKEN)).mean(ALL_TOKENS));
  }

  private static Detached<Sequence> centred(Detached<Sequence> x) {
    return x.minus(x.mean(SEQUENCES).per(SEQUENCE));
  }

  private static Detached<Sequence> normalised(Detached<Sequence> x, double added) {
    return centred(x).dividedBy(x.std(SEQUENCES, 0).shiftedBy(added).per(SEQUENCE));
  }

  @Test
  void whatDividesRewardsIsTheirSpread() {
    assertBroken("reward-scale", reinforce(normalised(reward(), 0.05)));
    Detached<Sequence> least =
        max(reward().std(SEQUENCES, 0).per(SEQUENCE), constant(0.3, SEQUENCE));
    assertEquals(List.of("reward-scale"), broken(reinforce(centred(reward()).dividedBy(least))));
    for (double added : new double[] {1e-8, 1e-6, 1e-4}) {
      assertEquals(List.of(), broken(reinforce(normalised(reward(), added))), "" + added);
    }
    assertEquals(List.of(), broken(reinforce(centred(reward()))), "divided by nothing");
    Detached<Sequence> overBatch =
        centred(reward()).dividedBy(reward().std(ALL_SEQUENCES, 1).shiftedBy(1e-6).per(SEQUENCE));
    assertEquals(List.of(), broken(reinforce(overBatch)), "by that of the batch");
  }

  @Test
  void whatIsNearAKnownEstimateIsThatOne() {
    Detached<Sequence> std = reward().std(SEQUENCES, 0).shiftedBy(1e-6).per(SEQUENCE);
    Detached<Sequence> bracket =
        reward().minus(reward().mean(SEQUENCES).per(SEQUENCE).dividedBy(std));
    assertBroken("advantage-estimate", reinforce(bracket));
  }

  @Test
  void aBatchThatIsThereTwiceIsNoOtherStep() {
    Term<Token> gain = logProb().times(centred(reward()).per(TOKEN));
    assertEquals(List.of("batch-twice"), broken(maximise(gain.sum(ALL_TOKENS))));
    assertBroken("batch-twice", maximise(gain.sum(ALL_TOKENS).scaledBy(1.0 / 512)));
    Detached<lossmith.dsl.Level.Batch> n =
        max(lossmith.dsl.Terms.count(ALL_TOKENS), constant(1, BATCH));
    assertBroken("batch-twice", maximise(gain.mean(ALL_TOKENS).dividedBy(n)));
  }

  @Test
  void theTokensOfAResponseArePushedAlikeOnThePolicy() {
    Detached<Token> a = centred(reward()).per(TOKEN);
    Term<Token> weighed = lossmith.dsl.Terms.ratio().times(logProb()).times(a);
    assertBroken("alike-within", maximise(weighed.mean(ALL_TOKENS)));
    Term<Token> stopped = logProb().weightedBy(lossmith.dsl.Terms.ratio().stopGradient()).times(a);
    assertEquals(List.of(), broken(maximise(stopped.mean(ALL_TOKENS))));
  }

  @Test
  void whatIsRejectedIsNotComparedWith() {
    Condition<Sequence> stays = reward().above(constant(-0.5, SEQUENCE));
    Detached<Sequence> none = constant(0, SEQUENCE);
    assertBroken("left-out-rewards", reinforce(select(stays, centred(reward()), none)));
    Detached<Sequence> own = reward().minus(reward().mean(SEQUENCES.where(stays)).per(SEQUENCE));
    assertEquals(List.of(), broken(reinforce(select(stays, own, none))));
  }

  @Test
  void rewardsThatAreGivenAreLearntFrom() {
    Term<Token> gate = logProb().exp().times(reward().scaledBy(0).shiftedBy(1).per(TOKEN));
    assertBroken("rewards-act", maximise(gate.mean(ALL_TOKENS)));
    Detached<Sequence> praised = select(reward().positive(), reward(), constant(0, SEQUENCE));
    assertEquals(List.of(), broken(reinforce(praised)), "of good ones alone, on purpose");
  }

  private static Detached<Token> goal() {
    return given(TensorBatch.RETURN, TOKEN);
  }

  private static Loss critic(Term<Token> error) {
    return minimise(error.mean(ALL_TOKENS)).training(Columns.VALUE);
  }

  @Test
  void valuesArePulledToWhatTheyAreOf() {
    Detached<Token> old = given(TensorBatch.OLD_VALUE, TOKEN);
    Term<Token> error = value().minus(goal());
    Term<Token> held = value().minus(old).clip(Clip.between(-0.2, 0.2)).plus(old).minus(goal());
    assertEquals(List.of(), broken(critic(max(error.square(), held.square()))));
    assertEquals(List.of("value-far"), broken(critic(min(error.square(), held.square()))));
    assertEquals(
        List.of("value-mirror"),
        broken(critic(error.square().plus(error.expRemainder().scaledBy(0.1)))));
    Detached<Token> earned = given(Columns.TOKEN_REWARD, TOKEN);
    Term<Token> next = lossmith.dsl.Terms.next(value(), 0).scaledBy(0.9);
    assertBroken("value-causal", critic(earned.plus(next).minus(value()).square()));
    assertEquals(
        List.of(), broken(critic(earned.plus(next.stopGradient()).minus(value()).square())));
  }

  @Test
  void whatTokensEarnedIsLearntFrom() {
    Detached<Token> earned = given(Columns.TOKEN_REWARD, TOKEN);
    Detached<Token> v = value().stopGradient();
    assertEquals(List.of("later-rewards"), broken(earning(earned.minus(v))));
    for (double end : new double[] {0, 1}) {
      Detached<Token> delta = earned.plus(lossmith.dsl.Terms.next(v, end).scaledBy(0.9)).minus(v);
      assertEquals(
          end == 0 ? List.of() : List.of("nothing-earned"),
          broken(earning(lossmith.dsl.Terms.scanBackward(delta, constant(0.7, TOKEN)))));
    }
  }

  private static Loss earning(Detached<Token> advantage) {
    return maximise(logProb().times(advantage).mean(ALL_TOKENS));
  }

  @Test
  void aBaselineIsNotTrainedByThePolicy() {
    Term<Token> live = value().negated().plus(reward().per(TOKEN)).times(logProb());
    assertBroken(
        "value-own", maximise(live.mean(ALL_TOKENS)).training(Columns.VALUE, Columns.LOG_PROB));
  }

  @Test
  void whatAMaskLeavesOutIsNotThere() {
    Condition<Token> counts = given("token_mask", TOKEN).positive();
    Term<Token> gain = logProb().times(centred(reward()).per(TOKEN));
    Term<Token> kept = select(counts, gain, logProb().scaledBy(0));
    assertEquals(List.of(), broken(maximise(gain.mean(ALL_TOKENS.where(counts)))));
    assertEquals(List.of("left-out-within"), broken(maximise(kept.mean(ALL_TOKENS))));
    Condition<Token> late = lossmith.dsl.Terms.previous(given("token_mask", TOKEN), 0).positive();
    assertBroken("left-out", maximise(gain.mean(ALL_TOKENS.where(late))));
    assertBroken("left-out", critic(value().minus(goal()).square().times(late.indicator())));
  }
}
