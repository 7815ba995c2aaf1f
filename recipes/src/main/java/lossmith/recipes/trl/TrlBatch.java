package lossmith.recipes.trl;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.max;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/**
 * What TRL's losses share: which slots it counts, and what each response is worth.
 *
 * @param mask 1 where TRL counts a slot, 0 elsewhere
 * @param logged 1 where TRL's metrics count a slot. That is the mask, except that GRPOTrainer takes
 *     a batch of one slot per response for one number per response, and counts every one.
 * @param advantage A of each response
 */
public record TrlBatch(Detached<Token> mask, Detached<Token> logged, Detached<Sequence> advantage) {
  /**
   * A batch whose metrics count the slots of the mask.
   *
   * @param mask 1 where TRL counts a slot, 0 elsewhere
   * @param advantage A of each response
   */
  public TrlBatch(Detached<Token> mask, Detached<Sequence> advantage) {
    this(mask, mask, advantage);
  }

  /** {@return A at every slot} */
  public Detached<Token> a() {
    return advantage.per(TOKEN).as("A");
  }

  /** {@return how many slots of a response count} */
  public Detached<Sequence> tokens() {
    return mask.sum(TOKENS);
  }

  /** {@return how many slots of the batch count, at least 1} */
  Detached<Batch> allTokens() {
    return atLeastOne(mask);
  }

  private static Detached<Batch> atLeastOne(Detached<Token> counted) {
    return max(counted.sum(ALL_TOKENS), constant(1, BATCH));
  }

  /** {@return Σ mask·x / max(Σ mask, 1) of each response} */
  Term<Sequence> meanOfEach(Term<Token> x) {
    return x.weightedBy(mask).sum(TOKENS).dividedBy(max(tokens(), constant(1, SEQUENCE)));
  }

  /** {@return Σ mask·x of the batch} */
  Term<Batch> sum(Term<Token> x) {
    return x.weightedBy(mask).sum(ALL_TOKENS);
  }

  /** {@return the mean over the slots that metrics count} */
  public Detached<Batch> mean(Detached<Token> x) {
    return x.times(logged).sum(ALL_TOKENS).dividedBy(atLeastOne(logged));
  }

  /**
   * {@return the loss, logging TRL's {@code clip_ratio/…}: shares of slots, or of responses where
   * there is one ratio for each}
   *
   * @param loss the loss
   * @param level what has a ratio of its own
   * @param below where the ratio is under its lower bound and A negative
   * @param above where the ratio is over its upper bound and A positive
   */
  Loss clips(Loss loss, TrlRatio level, Condition<Token> below, Condition<Token> above) {
    return loss.log("clip_ratio/low_mean", share(level, below))
        .log("clip_ratio/high_mean", share(level, above))
        .log("clip_ratio/region_mean", share(level, below.or(above)))
        .log("clip_ratio/low_min", least(level, below)).log(
        "clip_ratio/high_max", most(level, above));
  }

  /** {@return the share of slots, or of responses} */
  Detached<Batch> share(TrlRatio level, Condition<Token> condition) {
    return level == TrlRatio.SEQUENCE
        ? condition.indicator().mean(TOKENS).mean(ALL_SEQUENCES)
        : mean(condition.indicator());
  }

  private Detached<Batch> least(TrlRatio level, Condition<Token> condition) {
    return level == TrlRatio.SEQUENCE
        ? condition.indicator().mean(TOKENS).min(ALL_SEQUENCES)
        : ofEach(condition).min(ALL_SEQUENCES.where(loggedSlots().positive()));
  }

  private Detached<Batch> most(TrlRatio level, Condition<Token> condition) {
    return level == TrlRatio.SEQUENCE
        ? condition.indicator().mean(TOKENS).max(ALL_SEQUENCES)
        : ofEach(condition).max(ALL_SEQUENCES.where(loggedSlots().positive()));
  }

  private Detached<Sequence> ofEach(Condition<Token> condition) {
    return condition
        .indicator()
        .times(logged)
        .sum(TOKENS)
        .dividedBy(max(loggedSlots(), constant(1, SEQUENCE)));
  }

  private Detached<Sequence> loggedSlots() {
    return logged.sum(TOKENS);
  }
}
