package lossmith.recipes;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogProb;

import io.vavr.control.Option;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/**
 * LUSPO as TRL runs it at commit f2cd5771: every response weighs as much as it has tokens, but the
 * mean is over all padded slots, so with a KL term or ratios of tokens the padding is in the value
 * and in the gradient. Bind every slot as a token and give TRL's mask as a column.
 *
 * @param ofResponses whether there is one ratio, the geometric mean, for a whole response
 * @param low how far below 1 the ratio may move
 * @param high how far above 1 the ratio may move
 * @param delta the bound from above on the ratio that is not clipped, if there is one
 * @param beta the weight of k3 to the reference; 0 for none
 * @param steps over how many micro-batches gradients are accumulated
 * @param mask 1 where TRL counts a token, 0 elsewhere
 * @param advantage A of each response
 * @param weight what each slot's objective is multiplied by before the KL term, if anything
 */
public record TrlLuspo(
    boolean ofResponses,
    double low,
    double high,
    Option<Double> delta,
    double beta,
    double steps,
    Detached<Token> mask,
    Detached<Sequence> advantage,
    Option<Detached<Token>> weight) {

  /**
   * {@return the loss, logging TRL's {@code clip_ratio/…} and where there is a KL term its mean}
   */
  public Loss loss() {
    Term<Token> r = ratio();
    Detached<Token> a = advantage.per(TOKEN);
    Term<Token> clipped = min(r.times(a), logRatio().exp().clip(Clip.around(low, high)).times(a));
    Term<Token> weighted = weight.map(clipped::weightedBy).getOrElse(clipped);
    Term<Token> kl = Surrogate.k3(referenceLogProb(), Conventions.paper());
    Term<Token> objective = beta == 0 ? weighted : weighted.minus(kl.scaledBy(beta));
    Term<Batch> mean = objective.weightedBy(tokens().per(TOKEN)).mean(ALL_TOKENS);
    Loss loss = logged(maximise(mean.scaledBy(1 / steps)), r.stopGradient(), a);
    return beta == 0 ? loss : loss.log("kl", ofCounted(kl.stopGradient()));
  }

  /** {@return log r of each slot} */
  private Term<Token> logRatio() {
    Term<Token> x = logProb().minus(oldLogProb());
    return ofResponses ? x.weightedBy(mask).sum(TOKENS).weightedBy(perToken()).per(TOKEN) : x;
  }

  private Term<Token> ratio() {
    Term<Token> r = logRatio().exp();
    return delta.map(bound -> r.clip(Surrogate.atMost(bound))).getOrElse(r);
  }

  private Detached<Sequence> tokens() {
    return mask.sum(TOKENS);
  }

  private Detached<Sequence> perToken() {
    Detached<Sequence> one = constant(1, SEQUENCE);
    return one.dividedBy(max(tokens(), one));
  }

  private Loss logged(Loss loss, Detached<Token> r, Detached<Token> a) {
    Condition<Token> below = r.below(constant(1 - low, TOKEN)).and(a.negative());
    Condition<Token> above = r.above(constant(1 + high, TOKEN)).and(a.positive());
    Condition<Sequence> counted = tokens().positive();
    return loss.log("clip_ratio/low_mean", share(below)).log("clip_ratio/high_mean", share(above))
        .log("clip_ratio/region_mean", share(below.or(above)))
        .log("clip_ratio/low_min", ofEach(below).min(ALL_SEQUENCES.where(counted))).log(
        "clip_ratio/high_max", ofEach(above).max(ALL_SEQUENCES.where(counted)));
  }

  /** {@return the share of tokens, or of responses where there is one ratio for each} */
  private Detached<Batch> share(Condition<Token> condition) {
    return ofResponses ? ofEach(condition).mean(ALL_SEQUENCES) : ofCounted(condition.indicator());
  }

  private Detached<Sequence> ofEach(Condition<Token> condition) {
    return condition.indicator().times(mask).sum(TOKENS).times(perToken());
  }

  /** {@return the mean over the slots that TRL counts} */
  public Detached<Batch> ofCounted(Detached<Token> x) {
    Detached<Batch> one = constant(1, BATCH);
    return x.times(mask).sum(ALL_TOKENS).dividedBy(max(mask.sum(ALL_TOKENS), one));
  }
}
