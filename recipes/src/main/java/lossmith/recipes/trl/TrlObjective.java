package lossmith.recipes.trl;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.select;

import io.vavr.control.Option;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/** What TRL maximises at every slot, as its loss types differ. */
public sealed interface TrlObjective {
  /** {@return the objective of each slot} */
  Term<Token> of(TrlBatch batch, TrlRatio level);

  /** {@return the loss, logging what TRL logs of this objective} */
  Loss logged(Loss loss, TrlBatch batch, TrlRatio level);

  private static Detached<Token> at(double x) {
    return constant(x, TOKEN);
  }

  /**
   * min(r·A, clip(r)·A), with r clamped to a second bound if there is one.
   *
   * @param low how far below 1 the ratio may move
   * @param high how far above 1 the ratio may move
   * @param delta the bound from above on the ratio that is not clipped, if there is one
   */
  record Clipped(double low, double high, Option<Double> delta) implements TrlObjective {
    private Term<Token> ratio(TrlBatch batch, TrlRatio level) {
      Term<Token> r = level.ratio(batch);
      return delta.map(most -> r.clip(Clip.between(Double.NEGATIVE_INFINITY, most))).getOrElse(r);
    }

    @Override
    public Term<Token> of(TrlBatch batch, TrlRatio level) {
      Term<Token> clipped = level.ratio(batch).clip(Clip.around(low, high));
      return min(ratio(batch, level).times(batch.a()), clipped.times(batch.a()));
    }

    @Override
    public Loss logged(Loss loss, TrlBatch batch, TrlRatio level) {
      Detached<Token> r = ratio(batch, level).stopGradient();
      Condition<Token> below = r.below(at(1 - low)).and(batch.a().negative());
      Condition<Token> above = r.above(at(1 + high)).and(batch.a().positive());
      return batch.clips(loss, level, below, above);
    }
  }

  /**
   * sg(min(r, high))·A·log π. TRL's bound is ε_high itself, where the paper has 1 + ε_high.
   *
   * @param high the largest weight
   */
  record Cispo(double high) implements TrlObjective {
    @Override
    public Term<Token> of(TrlBatch batch, TrlRatio level) {
      Detached<Token> weight =
          level.ratio(batch).clip(Clip.between(Double.NEGATIVE_INFINITY, high)).stopGradient();
      return logProb().weightedBy(weight.times(batch.a()));
    }

    @Override
    public Loss logged(Loss loss, TrlBatch batch, TrlRatio level) {
      Detached<Token> r = level.ratio(batch).stopGradient();
      Condition<Token> above = r.above(at(high)).and(batch.a().positive());
      return loss.log("cispo_clip_ratio", batch.share(level, above));
    }
  }

  /**
   * A·4/τ·σ(τ(r − 1)).
   *
   * @param positive τ where A is positive
   * @param negative τ elsewhere
   */
  record Sapo(double positive, double negative) implements TrlObjective {
    @Override
    public Term<Token> of(TrlBatch batch, TrlRatio level) {
      Detached<Token> tau = select(batch.a().positive(), at(positive), at(negative));
      Term<Token> x = level.ratio(batch).shiftedBy(-1);
      return x.times(tau).sigmoid().scaledBy(4).dividedBy(tau).times(batch.a());
    }

    @Override
    public Loss logged(Loss loss, TrlBatch batch, TrlRatio level) {
      return loss;
    }
  }

  /**
   * φ(w)·A·log π with φ(w) = e^λ·w^k·e^(−λw), w the product of a response's ratios (VESPO). The
   * correction for another inference engine enters w, at padded slots too.
   *
   * @param positive k and λ where A is not negative
   * @param negative k and λ where A is negative
   * @param correction the correction's ratio at every slot, or at one slot of a response
   */
  record Vespo(Shape positive, Shape negative, Option<Detached<Sequence>> correction)
      implements TrlObjective {
    private static final double LEAST = Math.log(1e-8);
    private static final double MOST = 20;

    /**
     * The parameters of φ.
     *
     * @param k the exponent of w
     * @param lambda how fast φ falls beyond its peak
     */
    public record Shape(double k, double lambda) {}

    /** {@return the sum of the logarithms of a ratio over all slots, each clamped to its range} */
    public static Detached<Sequence> logs(Detached<Token> ratio) {
      return ratio.log().clip(Clip.between(LEAST, MOST)).sum(TOKENS);
    }

    /** {@return the logarithm of one ratio per response, clamped to its range} */
    public static Detached<Sequence> log(Detached<Sequence> ratio) {
      return ratio.log().clip(Clip.between(LEAST, MOST));
    }

    private Detached<Sequence> phi(TrlBatch batch) {
      Detached<Sequence> policy =
          logProb()
              .stopGradient()
              .minus(oldLogProb())
              .clip(Clip.between(-MOST, MOST))
              .times(batch.mask())
              .sum(TOKENS);
      Detached<Sequence> log =
          correction.map(policy::plus).getOrElse(policy).clip(Clip.between(LEAST, MOST));
      Condition<Sequence> good = batch.advantage().atLeast(constant(0, SEQUENCE));
      Detached<Sequence> k =
          select(good, constant(positive.k(), SEQUENCE), constant(negative.k(), SEQUENCE));
      Detached<Sequence> lambda =
          select(
              good,
              constant(Math.max(positive.lambda(), 1e-4), SEQUENCE),
              constant(Math.max(negative.lambda(), 1e-4), SEQUENCE));
      return lambda.plus(k.times(log)).minus(lambda.times(log.exp())).exp();
    }

    @Override
    public Term<Token> of(TrlBatch batch, TrlRatio level) {
      return logProb().weightedBy(phi(batch).per(TOKEN).times(batch.a()));
    }

    @Override
    public Loss logged(Loss loss, TrlBatch batch, TrlRatio level) {
      return loss.log("vespo/phi_seq_mean", phi(batch).mean(ALL_SEQUENCES));
    }
  }
}
