package lossmith.proofs;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.ofSampled;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.value;

import java.util.stream.Stream;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;

/** A mistake, the law that notices it, and what was meant: those of bounds, masks and baselines. */
record RoleMistake(String name, String law, Loss wrong, Loss right) {
  private static final Clip BOUNDS = Clip.between(0.8, 1.2);

  private static Detached<Token> a() {
    return Advantages.groupNormalised(reward(), Conventions.paper());
  }

  private static Term<Token> clipped() {
    return min(ratio().times(a()), ratio().clip(BOUNDS).times(a()));
  }

  private static Loss mean(Term<Token> gain) {
    return maximise(gain.mean(ALL_TOKENS));
  }

  private static Loss of(Detached<Sequence> advantage) {
    return mean(logProb().times(advantage.per(TOKEN)));
  }

  private static Loss traced(Detached<Token> error) {
    return mean(logProb().times(scanBackward(error, constant(0.7, TOKEN))));
  }

  private static Loss penalty(Term<Token> cost) {
    Parameter beta = parameter("beta", 0.1, 0, 10);
    return mean(clipped()).plus(minimise(cost.mean(ALL_TOKENS).scaledBy(beta)).as("kl"));
  }

  private static Loss critic(double times) {
    Parameter coefficient = parameter("value_coef", 0.5, 0, 10);
    Term<Token> error = value().minus(given("return", TOKEN)).square().scaledBy(times);
    return minimise(error.mean(ALL_TOKENS).scaledBy(coefficient)).training(Columns.VALUE);
  }

  private static Loss bonus(double times) {
    Term<Batch> h = lossmith.dsl.Terms.entropy().mean(ALL_TOKENS).scaledBy(times);
    return mean(clipped()).plus(maximise(h.scaledBy(parameter("alpha", 0.01, 0, 1))).as("bonus"));
  }

  private static Loss pair(double times) {
    Term<Token> far = logProb().minus(referenceLogProb());
    Term<Group> margin = far.weightedBy(sign().per(TOKEN)).sum(TOKENS).sum(SEQUENCES);
    Parameter beta = parameter("beta", 0.1, 0, 10);
    return maximise(margin.scaledBy(beta).logSigmoid().mean(GROUPS).scaledBy(times));
  }

  private static Condition<Token> counts() {
    return given("loss_mask", TOKEN).positive();
  }

  private static Detached<Sequence> centred() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
  }

  /** R less its mean, over a std by E[R²] − E[R]². */
  private static Detached<Sequence> cancelling() {
    Detached<Sequence> mean = reward().mean(SEQUENCES).per(SEQUENCE);
    Detached<Sequence> square = reward().square().mean(SEQUENCES).per(SEQUENCE);
    Detached<Sequence> variance = max(square.minus(mean.square()), constant(0, SEQUENCE));
    return centred().dividedBy(variance.sqrt().shiftedBy(1e-6));
  }

  private static Loss kept(boolean rejectedToo) {
    Condition<Sequence> accepted = reward().above(constant(-0.5, SEQUENCE));
    Detached<Sequence> mean =
        (rejectedToo ? reward().mean(SEQUENCES) : reward().mean(SEQUENCES.where(accepted)))
            .per(SEQUENCE);
    return of(select(accepted, reward().minus(mean), constant(0, SEQUENCE)));
  }

  private static Loss shaped(double share) {
    Detached<Token> psi = lossmith.dsl.Terms.entropy().stopGradient();
    return mean(logProb().times(a().plus(min(psi, a().abs().scaledBy(share)))));
  }

  private static Loss weighed(Clip cap) {
    return mean(logProb().times(a()).weightedBy(ratio().clip(cap).stopGradient()));
  }

  private static Loss longest(Detached<Batch> besides) {
    Detached<Batch> all = given("batch_tokens", BATCH);
    return maximise(logProb().times(a()).sum(ALL_TOKENS).dividedBy(besides.times(all)));
  }

  private static Loss tempered(boolean twice) {
    Term<Token> again =
        ofSampled(logPi().scaledBy(2)).minus(logPi().scaledBy(2).exp().sum(VOCABULARY).log());
    Parameter temperature = parameter(Columns.TEMPERATURE, 1, 1e-3, 1e3);
    return mean((twice ? again.scaledBy(temperature) : again).times(a()));
  }

  private static Loss logged(String name, Detached<Token> metric) {
    return mean(clipped()).log(name, metric.mean(ALL_TOKENS));
  }

  private static Detached<Token> beyond(Detached<Token> side) {
    Detached<Token> r = ratio().stopGradient();
    return r.above(constant(1.2, TOKEN))
        .and(side.positive())
        .or(r.below(constant(0.8, TOKEN)).and(side.negative()))
        .indicator();
  }

  static Stream<RoleMistake> all() {
    Term<Token> far = logProb().minus(referenceLogProb());
    Detached<Token> v = value().stopGradient();
    Detached<Token> r = given(Columns.TOKEN_REWARD, TOKEN);
    Detached<Token> error = r.plus(next(v, 0).scaledBy(0.9)).minus(v);
    Loss ppo = mean(clipped());
    return Stream.of(
        new RoleMistake(
            "the minimum before the advantage",
            "pull-back",
            mean(min(ratio(), ratio().clip(BOUNDS)).times(a())),
            ppo),
        new RoleMistake(
            "the maximum for the minimum",
            "clip-side",
            mean(max(ratio().times(a()), ratio().clip(BOUNDS).times(a()))),
            ppo),
        new RoleMistake(
            "a log-ratio that is clamped",
            "penalty-far",
            penalty(far.clip(Clip.between(-10, 10)).square().scaledBy(0.5)),
            penalty(far.square().scaledBy(0.5))),
        new RoleMistake(
            "a square without its half",
            "penalty-size",
            penalty(far.square()),
            penalty(far.square().scaledBy(0.5))),
        new RoleMistake(
            "a temperature that scales too", "temperature", tempered(true), tempered(false)),
        new RoleMistake(
            "a mask in the numerator alone",
            "mask-honoured",
            mean(select(counts(), clipped(), constant(0, TOKEN))),
            maximise(clipped().mean(ALL_TOKENS.where(counts())))),
        new RoleMistake(
            "divided by the longest response at hand",
            "whole-batch-denominator",
            longest(max(length().max(ALL_SEQUENCES), constant(1, BATCH))),
            longest(constant(1, BATCH))),
        new RoleMistake(
            "a variance that cancels",
            "baseline-shift",
            of(cancelling()),
            of(centred().dividedBy(reward().std(SEQUENCES, 0).shiftedBy(1e-6).per(SEQUENCE)))),
        new RoleMistake(
            "rejected responses in the baseline", "rejected-baseline", kept(true), kept(false)),
        new RoleMistake("a bonus twice the advantage", "bonus-sign", shaped(2), shaped(0.5)),
        new RoleMistake(
            "the value of the same step",
            "own-value",
            traced(r.plus(v.scaledBy(0.9)).minus(v)),
            traced(error)),
        new RoleMistake(
            "a value after the end",
            "nothing-earned",
            traced(r.plus(next(v, 1).scaledBy(0.9)).minus(v)),
            traced(error)),
        new RoleMistake(
            "an importance weight without a cap",
            "weight-bounded",
            weighed(Clip.between(0, 1e9)),
            weighed(Clip.between(0, 2))),
        new RoleMistake(
            "the product with the advantage is clipped",
            "advantage-scale",
            mean(min(ratio().times(a()), ratio().times(a()).clip(BOUNDS))),
            ppo),
        new RoleMistake(
            "a share that is a sum",
            "metric-share",
            ppo.log("clip_share", beyond(a()).sum(ALL_TOKENS)),
            logged("clip_share", beyond(a()))),
        new RoleMistake(
            "the mean of a log-ratio for that of a ratio",
            "metric-ratio",
            logged("ratio_mean", ratio().log().stopGradient()),
            logged("ratio_mean", ratio().stopGradient())),
        new RoleMistake(
            "a clip fraction of the other sign",
            "metric-clipped",
            logged("clip_fraction", beyond(a().negated())),
            logged("clip_fraction", beyond(a()))),
        new RoleMistake(
            "an advantage whose size is taken",
            "advantage-sign",
            mean(logProb().times(a().abs())),
            mean(logProb().times(a()))),
        new RoleMistake("a quarter of the squared error", "value-size", critic(0.25), critic(0.5)),
        new RoleMistake("a thousand times the entropy", "bonus-size", bonus(1000), bonus(1)),
        new RoleMistake("a thousand times a preference", "pair-size", pair(1000), pair(1)),
        new RoleMistake(
            "e^-d - 1 + d written out",
            "single-precision",
            penalty(far.negated().exp().shiftedBy(-1).plus(far)),
            penalty(far.negated().expRemainder())));
  }
}
