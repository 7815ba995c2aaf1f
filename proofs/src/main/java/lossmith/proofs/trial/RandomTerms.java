package lossmith.proofs.trial;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.previous;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.scanForward;
import static lossmith.dsl.Terms.select;

import java.util.Random;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;

/**
 * Well-levelled random objectives: every kind that carries gradient occurs, and every function of
 * one number or two.
 */
public final class RandomTerms {
  private final Random random;
  private final boolean vocabulary;

  /**
   * Objectives drawn from a seeded generator.
   *
   * @param random the source
   * @param vocabulary whether terms of the whole vocabulary occur, which need logits
   */
  public RandomTerms(Random random, boolean vocabulary) {
    this.random = random;
    this.vocabulary = vocabulary;
  }

  /** {@return an objective of random shape} */
  public Term<Batch> objective() {
    int depth = 1 + random.nextInt(4);
    return switch (random.nextInt(4)) {
      case 0 -> token(depth).mean(ALL_TOKENS.where(condition(1)));
      case 1 -> token(depth).mean(TOKENS).mean(SEQUENCES).mean(GROUPS);
      case 2 -> sequence(depth).mean(Over.ALL_SEQUENCES);
      default -> token(depth).sum(ALL_TOKENS).scaledBy(0.1);
    };
  }

  /**
   * Clipped surrogates with random bounds, weights, selections and reductions: what must stay
   * finite on any log-ratio.
   */
  public Term<Batch> clippedSurrogate() {
    Clip clip = Clip.around(random.nextDouble(), random.nextDouble());
    Term<Token> r = ratio();
    Detached<Token> a =
        random.nextInt(4) == 0
            ? constant(0, TOKEN)
            : reward().per(TOKEN).shiftedBy(random.nextGaussian());
    Term<Token> surrogate = min(r.times(a), r.clip(clip).times(a));
    Term<Token> masked = select(r.below(constant(2, TOKEN)), surrogate, r.clip(clip).times(a));
    return switch (random.nextInt(3)) {
      case 0 -> surrogate.mean(ALL_TOKENS);
      case 1 -> masked.mean(TOKENS).mean(SEQUENCES).mean(GROUPS);
      default -> r.clip(clip).times(a).mean(ALL_TOKENS.where(r.atMost(constant(3, TOKEN))));
    };
  }

  /** GRPO as printed (Entropy Collapse, eqs 4 and 5). */
  public static Loss grpo() {
    Detached<Sequence> spread = reward().std(SEQUENCES, 1).shiftedBy(1e-6).per(SEQUENCE);
    Detached<Token> a =
        reward().minus(reward().mean(SEQUENCES).per(SEQUENCE)).dividedBy(spread).as("A").per(TOKEN);
    Term<Token> r = ratio();
    Clip clip = Clip.around(0.2, 0.28);
    return maximise(
        min(r.times(a), r.clip(clip).times(a)).mean(TOKENS).mean(SEQUENCES).mean(GROUPS));
  }

  private Term<Token> token(int depth) {
    if (depth == 0) {
      return leaf();
    }
    Term<Token> x = token(depth - 1);
    return switch (random.nextInt(27)) {
      case 0 -> x.plus(token(depth - 1));
      case 1 -> x.minus(token(depth - 1));
      case 2 -> x.times(token(depth - 1));
      case 3 -> x.dividedBy(token(depth - 1).square().shiftedBy(1));
      case 4 -> min(x, token(depth - 1));
      case 5 -> max(x, token(depth - 1));
      case 6 -> x.clip(Clip.around(0.2, 0.3));
      case 7 -> select(condition(depth - 1), x, token(depth - 1));
      case 8 -> x.tanh().exp();
      case 9 -> x.abs();
      case 10 -> x.sigmoid();
      case 11 -> x.logSigmoid();
      case 12 -> x.softplus();
      case 13 -> next(x, 0.5).plus(previous(x, -0.5));
      case 14 -> scanBackward(x, weight());
      case 15 -> scanForward(x, weight());
      case 16 -> logAddExp(x, token(depth - 1));
      case 17 -> x.sortedBy(weight(), TOKENS).plus(x.sumByKey(key(), Over.GROUP_TOKENS));
      case 18 -> x.cumulativeSum(weight(), TOKENS).minus(x.cumulativeSum(key(), ALL_TOKENS));
      case 19 -> x.tanh().expRemainder();
      case 20 -> x.tanh().expm1();
      case 21 -> x.square().shiftedBy(1).log();
      case 22 -> x.square().log1p();
      case 23 -> x.square().shiftedBy(1).sqrt();
      case 24 -> x.square().shiftedBy(1).negated().log1mExp();
      case 25 -> x.times(weight().scaledBy(3).floor());
      default -> sequence(depth - 1).per(TOKEN).times(x.stopGradient());
    };
  }

  private Term<Sequence> sequence(int depth) {
    Term<Token> x = token(Math.max(0, depth - 1));
    return switch (random.nextInt(7)) {
      case 0 -> x.sum(TOKENS);
      case 1 -> x.mean(TOKENS.where(condition(1)));
      case 2 -> x.plus(logProb().square()).std(TOKENS, 1); // no ties: at 0 it has a kink
      case 3 -> x.max(TOKENS);
      case 4 -> x.min(TOKENS).times(reward());
      case 5 -> x.mean(TOKENS).mean(SEQUENCES).per(SEQUENCE).minus(x.mean(TOKENS));
      default -> group(x).per(SEQUENCE).tanh();
    };
  }

  private Term<Group> group(Term<Token> x) {
    return x.mean(Over.GROUP_TOKENS).square().minus(constant(0.5, GROUP));
  }

  private Term<Token> leaf() {
    return switch (random.nextInt(vocabulary ? 6 : 4)) {
      case 0 -> logProb();
      case 1 -> ratio();
      case 2 -> logProb().minus(oldLogProb());
      case 3 -> entropy();
      case 4 -> probTimes(logPi(), entry()).sum(VOCABULARY);
      default -> entry().mean(VOCABULARY);
    };
  }

  private Term<Vocabulary> entry() {
    Term<Vocabulary> x = logPi();
    return switch (random.nextInt(5)) {
      case 0 -> x.square();
      case 1 -> select(lossmith.dsl.Terms.sampled(), x, x.scaledBy(0.5));
      case 2 -> max(x, constant(-1.5, VOCABULARY_ENTRY));
      case 3 -> x.exp().cumulativeSum(x.stopGradient(), VOCABULARY);
      default -> x.exp().times(logProb().per(VOCABULARY_ENTRY));
    };
  }

  private Condition<Token> condition(int depth) {
    return switch (random.nextInt(3)) {
      case 0 -> token(Math.max(0, depth - 1)).above(constant(0.1, TOKEN));
      case 1 -> weight().top(constant(2, SEQUENCE), TOKENS);
      default -> given("old_log_prob", TOKEN).below(logProb()).not();
    };
  }

  private Detached<Token> weight() {
    return logProb().stopGradient().tanh().plus(reward().per(TOKEN).scaledBy(0.3));
  }

  private static Detached<Token> key() {
    return lossmith.dsl.Terms.position();
  }
}
