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
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
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
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;

/** Mistakes of normalisers, of what belongs to a token, of bounds and of where a pull ends. */
final class NormaliserMistakes {
  private NormaliserMistakes() {}

  private static Loss of(Detached<Sequence> advantage) {
    return reinforce(advantage.per(TOKEN));
  }

  private static Loss reinforce(Detached<Token> advantage) {
    return maximise(logProb().times(advantage).mean(ALL_TOKENS));
  }

  private static Detached<Sequence> mean() {
    return reward().mean(SEQUENCES).per(SEQUENCE);
  }

  private static Detached<Sequence> std() {
    return reward().std(SEQUENCES, 0).shiftedBy(1e-6).per(SEQUENCE);
  }

  private static Loss clipped(Clip clip) {
    Detached<Token> a = reward().minus(mean()).per(TOKEN);
    return maximise(min(ratio().times(a), ratio().clip(clip).times(a)).mean(ALL_TOKENS));
  }

  private static Clip named(String low, String high) {
    return Clip.around(parameter(low, 0.1, 0, 1), parameter(high, 0.3, 0, 1));
  }

  private static Loss certain(boolean everywhere) {
    Condition<Token> sure = entropy().stopGradient().below(constant(0.8, TOKEN));
    var number = everywhere ? count(ALL_TOKENS) : count(ALL_TOKENS.where(sure));
    Detached<Token> a = reward().minus(mean()).per(TOKEN);
    return maximise(
        logProb().times(a).sum(ALL_TOKENS.where(sure)).dividedBy(max(number, constant(1, BATCH))));
  }

  private static Loss traced(Detached<Token> reward) {
    Detached<Token> v = value().stopGradient();
    Detached<Token> error = reward.plus(next(v, 0).scaledBy(0.9)).minus(v);
    return reinforce(scanBackward(error, constant(0.7, TOKEN)));
  }

  private static Loss teacher(Term<Vocabulary> apart) {
    return minimise(probTimes(logPi(), apart).sum(VOCABULARY).mean(ALL_TOKENS));
  }

  private static Loss critic(boolean min) {
    Detached<Token> goal = given("return", TOKEN);
    Detached<Token> old = given("old_value", TOKEN);
    Term<Token> near = value().minus(old).clip(Clip.between(-0.2, 0.2)).plus(old);
    Term<Token> one = value().minus(goal).square();
    Term<Token> other = near.minus(goal).square();
    Term<Token> both = min ? min(one, other) : max(one, other);
    return minimise(both.scaledBy(0.5).mean(ALL_TOKENS)).training(Columns.VALUE);
  }

  private static Loss penalised(boolean alike) {
    Condition<Token> some = entropy().stopGradient().above(constant(0.5, TOKEN));
    Detached<Token> a = reward().minus(mean()).per(TOKEN);
    Term<Token> apart = logProb().minus(referenceLogProb()).square().scaledBy(0.5);
    Term<Batch> reduced = alike ? apart.mean(ALL_TOKENS.where(some)) : apart.mean(ALL_TOKENS);
    return maximise(logProb().times(a).mean(ALL_TOKENS.where(some)))
        .plus(minimise(reduced.scaledBy(parameter("beta", 0.1, 0, 10))).as("kl"));
  }

  private static Loss bootstrapped(boolean live) {
    Term<Token> ahead =
        live ? next(value(), 0) : next(value(), 0).stopGradient().plus(value().scaledBy(0));
    Term<Token> error =
        value().minus(given(Columns.TOKEN_REWARD, TOKEN)).minus(ahead.scaledBy(0.9));
    return minimise(error.square().scaledBy(0.5).mean(ALL_TOKENS)).training(Columns.VALUE);
  }

  private static Loss counted(double bound) {
    Detached<Token> near = entropy().stopGradient().sigmoid();
    Detached<Token> share = near.above(constant(bound, TOKEN)).indicator();
    return of(reward().minus(mean())).log("sure_share", share.times(near).mean(ALL_TOKENS));
  }

  private static Loss preferred(Term<Sequence> far) {
    Term<Group> margin = far.weightedBy(sign()).sum(SEQUENCES);
    return maximise(margin.scaledBy(parameter("beta", 0.1, 0, 10)).logSigmoid().mean(GROUPS));
  }

  /** The ratio is cut off at a number, or at the parameter that the metric reads. */
  private static Loss reported(boolean number) {
    Parameter most = parameter("clip_high", 1.2, 1, 2);
    Clip bounds = Clip.between(constant(0.8, BATCH), number ? constant(1.2, BATCH) : most);
    Detached<Token> a = reward().minus(mean()).per(TOKEN);
    Detached<Token> above =
        ratio().stopGradient().above(most.per(TOKEN)).and(a.positive()).indicator();
    return maximise(min(ratio().times(a), ratio().clip(bounds).times(a)).mean(ALL_TOKENS))
        .log("ratio_above", above.mean(ALL_TOKENS));
  }

  static Stream<RoleMistake> all() {
    Detached<Sequence> normalised = reward().minus(mean()).dividedBy(std());
    Detached<Token> r = given(Columns.TOKEN_REWARD, TOKEN);
    Term<Vocabulary> apart = logPi().minus(referenceLogPi());
    return Stream.of(
        new RoleMistake(
            "the reward of the greedy response added",
            "baseline-subtracted",
            of(reward().plus(given("greedy_reward", SEQUENCE))),
            of(reward().minus(given("greedy_reward", SEQUENCE)))),
        new RoleMistake(
            "an advantage times the number of responses",
            "batch-scale",
            of(reward().minus(mean()).times(count(ALL_SEQUENCES).per(SEQUENCE))),
            of(reward().minus(mean()))),
        new RoleMistake(
            "a mean that is added",
            "centred",
            of(reward().plus(mean())),
            of(reward().minus(mean()))),
        new RoleMistake(
            "the variance for the std",
            "standardised",
            of(reward().minus(mean()).dividedBy(std().square())),
            of(normalised)),
        new RoleMistake(
            "a std without a mean",
            "standardised-shift",
            of(reward().dividedBy(std())),
            of(normalised)),
        new RoleMistake(
            "the mean of all prompts and the std of one",
            "one-level",
            of(reward().minus(reward().mean(ALL_SEQUENCES).per(SEQUENCE)).dividedBy(std())),
            of(normalised)),
        new RoleMistake(
            "log-probabilities off by one",
            "every-token",
            maximise(next(logProb(), 0).times(normalised.per(TOKEN)).mean(ALL_TOKENS)),
            of(normalised)),
        new RoleMistake(
            "low for high",
            "bounds-named",
            clipped(named("clip_high", "clip_low")),
            clipped(named("clip_low", "clip_high"))),
        new RoleMistake(
            "divided by the number of all", "count-of-the-sum", certain(true), certain(false)),
        new RoleMistake(
            "no lower bound",
            "clip-both-sides",
            clipped(Clip.atMost(constant(1.2, BATCH))),
            clipped(Clip.between(0.8, 1.2))),
        new RoleMistake(
            "the reward of the next token", "own-reward", traced(next(r, 0)), traced(r)),
        new RoleMistake(
            "the teacher left out of a divergence from it",
            "at-rest",
            teacher(logPi().plus(referenceLogPi())),
            teacher(apart)),
        new RoleMistake(
            "a penalty of all tokens", "one-selection", penalised(false), penalised(true)),
        new RoleMistake(
            "a target that learns", "value-causal", bootstrapped(true), bootstrapped(false)),
        new RoleMistake("a share that is always 0", "metric-varies", counted(2), counted(0)),
        new RoleMistake(
            "a parameter that bounds nothing and is reported all the same",
            "metric-parameters",
            reported(true),
            reported(false)),
        new RoleMistake(
            "the smallest reward for the mean of all",
            "baseline-between",
            of(reward().minus(reward().min(SEQUENCES).per(SEQUENCE))),
            of(reward().minus(mean()))),
        new RoleMistake(
            "the least likely token for all of a response",
            "tokens-together",
            preferred(logProb().minus(referenceLogProb()).min(TOKENS)),
            preferred(logProb().minus(referenceLogProb()).sum(TOKENS))),
        new RoleMistake("the smaller of two errors", "value-far", critic(true), critic(false)));
  }
}
