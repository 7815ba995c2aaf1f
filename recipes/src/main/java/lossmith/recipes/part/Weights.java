package lossmith.recipes.part;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.correction.RolloutWeights;

/**
 * Detached factors of each token's term: importance weights against the sampling policy, and
 * weights that emphasise some tokens or prompts.
 */
final class Weights {
  private Weights() {}

  /** {@return log π_old − log π_rollout of each token} */
  static Detached<Token> drift() {
    return oldLogProb().minus(rolloutLogProb());
  }

  /** {@return the mean of the tokens of the same segment, such as a turn of an agent} */
  static Detached<Token> ofSegments(Detached<Token> x) {
    Detached<Token> segment = given("segment", TOKEN);
    Detached<Token> size = constant(1, TOKEN).sumByKey(segment, TOKENS);
    return x.sumByKey(segment, TOKENS).dividedBy(size);
  }

  private static Part<Supplier<Detached<Token>>> weight(String name, RolloutWeights weights) {
    return weight(name, () -> weights.of(drift()));
  }

  private static Part<Supplier<Detached<Token>>> weight(
      String name, Supplier<Detached<Token>> make) {
    return Part.of(Part.Kind.WEIGHT, name, () -> make.get().as("w"));
  }

  /** e^x, x clamped to ±5, so that its product with a saturated ratio, e^700, stays finite. */
  private static Detached<Token> unbounded(Detached<Token> x) {
    return x.clip(Clip.between(-5, 5)).exp();
  }

  private static Detached<Token> truncated(Detached<Token> x, double high) {
    return unbounded(x).clip(Clip.atMost(constant(high, BATCH)));
  }

  static Seq<Part<Supplier<Detached<Token>>>> all() {
    return List.of(
        weight("rollout-tis", new RolloutWeights(false, Option.none(), 2, false)),
        weight("rollout-tis-normalised", new RolloutWeights(false, Option.none(), 2, true)),
        weight("rollout-sequence-tis", new RolloutWeights(true, Option.none(), 2, false)),
        weight("rollout-icepop", new RolloutWeights(false, Option.some(0.5), 5, false)),
        weight("rollout-sequence-icepop", new RolloutWeights(true, Option.some(0.5), 5, false)),
        weight("rollout-is", () -> unbounded(drift())),
        weight("rollout-sequence-is", () -> unbounded(drift().sum(TOKENS).per(TOKEN))),
        weight("rollout-geometric-tis", () -> truncated(drift().mean(TOKENS).per(TOKEN), 2)),
        weight("rollout-segment-tis", () -> truncated(ofSegments(drift()), 1.2)),
        weight("length-weighted", () -> overMean(shorter())),
        weight("difficulty-weighted", () -> overMean(harder())),
        filter("policy-filter-power", Weights::squared),
        filter("policy-filter-extremes", Weights::extremes),
        filter("policy-filter-best", Weights::best));
  }

  /** x over its mean over all responses. */
  private static Detached<Token> overMean(Detached<Sequence> x) {
    return x.dividedBy(x.mean(ALL_SEQUENCES).per(SEQUENCE)).per(TOKEN);
  }

  /** 1.5 − (|y| − min) / (max − min), 1.5 where all are as long. */
  private static Detached<Sequence> shorter() {
    Detached<Batch> least = length().min(ALL_SEQUENCES);
    Detached<Batch> range = length().max(ALL_SEQUENCES).minus(least);
    Detached<Batch> over = max(range, constant(1, BATCH));
    Detached<Sequence> above = length().minus(least.per(SEQUENCE));
    return above.dividedBy(over.per(SEQUENCE)).negated().shiftedBy(1.5);
  }

  /** 0.5 + 1.5 · difficulty, the difficulty of the prompt clamped to [0, 1]. */
  private static Detached<Sequence> harder() {
    Detached<Group> difficulty = given("difficulty", GROUP).clip(Clip.between(0, 1));
    return difficulty.scaledBy(1.5).shiftedBy(0.5).per(SEQUENCE);
  }

  /** How often a response is drawn, over the mean over all tokens; 1e-8 keeps all above 0. */
  private static Part<Supplier<Detached<Token>>> filter(
      String name, Supplier<Detached<Sequence>> drawn) {
    return weight(
        name,
        () -> {
          Detached<Token> x = drawn.get().shiftedBy(1e-8).per(TOKEN);
          return x.dividedBy(x.mean(ALL_TOKENS).per(TOKEN));
        });
  }

  private static Detached<Sequence> squared() {
    return reward().square();
  }

  private static Condition<Sequence> isBest() {
    Detached<Group> least = reward().max(SEQUENCES).minus(reward().rounding(SEQUENCES));
    return reward().atLeast(least.per(SEQUENCE));
  }

  private static Detached<Sequence> extremes() {
    Detached<Group> most = reward().min(SEQUENCES).plus(reward().rounding(SEQUENCES));
    Condition<Sequence> worst = reward().atMost(most.per(SEQUENCE));
    return isBest().or(worst).indicator();
  }

  private static Detached<Sequence> best() {
    return select(isBest(), constant(0.4, SEQUENCE), constant(0.1, SEQUENCE));
  }
}
