package lossmith.proofs;

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
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.value;

import java.util.stream.Stream;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;

/** Mistakes of factors, of summands, and of what is beside, behind or on the other side. */
final class SideMistakes {
  private SideMistakes() {}

  private static Detached<Sequence> centred() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
  }

  private static Detached<Token> a() {
    return centred().per(TOKEN);
  }

  private static Loss mean(Term<Token> gain) {
    return maximise(gain.mean(ALL_TOKENS));
  }

  private static Loss reinforce(Detached<Sequence> advantage) {
    return mean(logProb().times(advantage.per(TOKEN)));
  }

  private static Term<Token> far() {
    return logProb().minus(referenceLogProb());
  }

  private static Loss penalty(Term<Token> cost) {
    return mean(ratio().times(a()))
        .plus(minimise(cost.mean(ALL_TOKENS).scaledBy(parameter("beta", 0.1, 0, 10))).as("kl"));
  }

  private static Loss both(boolean held) {
    Term<Token> k2 = far().square().scaledBy(0.05);
    Term<Token> gain = ratio().times(a());
    return mean(held ? gain.minus(k2.stopGradient()) : gain.minus(k2));
  }

  /** Shorter than the longest by so much of it. */
  private static Loss shortened(boolean cut) {
    Detached<Sequence> longest = lossmith.dsl.Terms.length().max(SEQUENCES).per(SEQUENCE);
    Detached<Sequence> one = constant(1, SEQUENCE);
    Detached<Sequence> by = cut ? min(longest, one) : max(longest, one);
    Detached<Sequence> share = lossmith.dsl.Terms.length().dividedBy(by).scaledBy(0.1);
    return reinforce(centred().minus(share.minus(share.mean(SEQUENCES).per(SEQUENCE))));
  }

  /** Less the mean of the others, where there are others. */
  private static Loss leaveOneOut(boolean turned) {
    Detached<Sequence> n = groupSize().per(SEQUENCE);
    Detached<Sequence> one = constant(1, SEQUENCE);
    Detached<Sequence> rest = reward().sum(SEQUENCES).per(SEQUENCE).minus(reward());
    Detached<Sequence> left = reward().minus(rest.dividedBy(max(n.shiftedBy(-1), one)));
    Condition<Sequence> compared = turned ? one.above(n) : n.above(one);
    return reinforce(select(compared, left, constant(0, SEQUENCE)));
  }

  private static Loss imitated(boolean off) {
    Term<Token> log = off ? next(logProb(), 0) : logProb();
    Condition<Token> chosen = sign().positive().per(TOKEN);
    return maximise(log.mean(ALL_TOKENS.where(chosen)));
  }

  private static Loss besides(boolean all) {
    Condition<Token> good = reward().positive().per(TOKEN);
    return mean(ratio().times(a()))
        .plus(maximise(logProb().mean(all ? ALL_TOKENS : ALL_TOKENS.where(good))).as("imitation"));
  }

  /** A mask in the place of a clip: what moved too far by its probability is left out. */
  private static Loss trusted(boolean swapped) {
    Parameter low = parameter("clip_low", 0.2, 0, 1);
    Parameter high = parameter("clip_high", 0.3, 0, 100);
    Detached<Token> r = ratio().stopGradient();
    Condition<Token> up = r.above((swapped ? low : high).per(TOKEN).shiftedBy(1));
    Condition<Token> down = r.negated().shiftedBy(1).above((swapped ? high : low).per(TOKEN));
    Condition<Token> kept = a().positive().and(up).or(a().negative().and(down)).not();
    return maximise(ratio().times(a()).mean(ALL_TOKENS.where(kept)));
  }

  private static Loss pair(boolean twice) {
    Parameter beta = parameter("beta", 0.1, 0, 10);
    Term<Group> margin = far().weightedBy(sign().per(TOKEN)).sum(TOKENS).sum(SEQUENCES);
    Term<Group> scaled = margin.scaledBy(beta);
    return maximise((twice ? scaled.scaledBy(beta) : scaled).logSigmoid().mean(GROUPS));
  }

  private static Term<Token> within(Detached<Token> old) {
    return value().minus(old).clip(Clip.between(-0.2, 0.2)).plus(old);
  }

  private static Loss critic(Term<Token> error) {
    return minimise(error.mean(ALL_TOKENS).scaledBy(parameter("value_coef", 0.5, 0, 10)))
        .training(Columns.VALUE);
  }

  private static Term<Token> error() {
    return value().minus(given("return", TOKEN)).square();
  }

  private static Loss clippedCritic(boolean forgotten, boolean off) {
    Detached<Token> old = given("old_value", TOKEN);
    Term<Token> far = within(off ? next(old, 0) : old).minus(given("return", TOKEN));
    return critic(max(error(), forgotten ? far : far.square()));
  }

  private static Loss weighed(boolean swapped) {
    Detached<Token> w = oldLogProb().minus(rolloutLogProb()).exp();
    Condition<Token> near = w.atMost(constant(2, TOKEN));
    Detached<Token> zero = constant(0, TOKEN);
    return mean(
        logProb().times(a()).weightedBy(swapped ? select(near, zero, w) : select(near, w, zero)));
  }

  private static Loss apart(boolean inverted) {
    Detached<Token> old = inverted ? oldLogProb().negated() : oldLogProb();
    Detached<Token> raised = logProb().stopGradient().exp().minus(old.exp());
    Condition<Token> far = raised.above(constant(0.05, TOKEN)).and(a().positive());
    return maximise(ratio().times(a()).mean(ALL_TOKENS.where(far.not())));
  }

  private static Loss taught(Detached<Token> credit) {
    return mean(logProb().times(credit));
  }

  private static Loss bootstrapped(boolean finished) {
    Detached<Sequence> done = given(Columns.FINISHED, SEQUENCE);
    Detached<Sequence> behind = given("next_value", SEQUENCE);
    Detached<Sequence> none = constant(0, SEQUENCE);
    Condition<Sequence> over = done.positive();
    Detached<Sequence> end = finished ? select(over, behind, none) : select(over, none, behind);
    Detached<Token> earned = given(Columns.TOKEN_REWARD, TOKEN);
    Detached<Token> togo = scanBackward(earned, constant(1, TOKEN));
    return mean(logProb().times(togo.plus(end.per(TOKEN)).minus(value().stopGradient())));
  }

  private static Loss capped(Detached<Token> logWeight) {
    return mean(logProb().times(a()).weightedBy(logWeight.exp().clip(Clip.between(0, 2))));
  }

  private static Loss regressed(boolean turned) {
    Detached<Sequence> none = constant(0, SEQUENCE);
    Condition<Sequence> differ = reward().differs(SEQUENCES).per(SEQUENCE);
    Detached<Sequence> goal =
        turned ? select(differ, none, centred()) : select(differ, centred(), none);
    Term<Sequence> h = far().sum(TOKENS).scaledBy(parameter("beta", 0.1, 0, 10));
    return minimise(h.minus(goal).square().mean(ALL_SEQUENCES));
  }

  private static Loss distilled(double less) {
    Term<Vocabulary> apart = logPi().minus(referenceLogPi().shiftedBy(less));
    return minimise(probTimes(logPi(), apart).sum(VOCABULARY).mean(ALL_TOKENS));
  }

  static Stream<RoleMistake> all() {
    Term<Token> k3 = far().negated().expRemainder();
    Term<Token> k2 = far().square().scaledBy(0.5);
    Detached<Token> teacher = referenceLogProb().minus(oldLogProb());
    return Stream.of(
        new RoleMistake(
            "a penalty a thousand times as strong",
            "fixed-factor",
            penalty(k2.scaledBy(1000)),
            penalty(k2)),
        new RoleMistake("a summand that is detached", "dead-summand", both(true), both(false)),
        new RoleMistake(
            "a length that is cut down to 1", "divisor-guard", shortened(true), shortened(false)),
        new RoleMistake(
            "a comparison of the group size the wrong way round",
            "prompt-heard",
            leaveOneOut(true),
            leaveOneOut(false)),
        new RoleMistake(
            "imitation one token off", "whole-responses", imitated(true), imitated(false)),
        new RoleMistake(
            "imitation of what earned nothing", "imitation-chosen", besides(true), besides(false)),
        new RoleMistake(
            "the bounds of a trust region swapped", "bound-sides", trusted(true), trusted(false)),
        new RoleMistake("beta twice in DPO", "comparison-scale", pair(true), pair(false)),
        new RoleMistake(
            "the square of the clipped error forgotten",
            "value-mirror",
            clippedCritic(true, false),
            clippedCritic(false, false)),
        new RoleMistake(
            "the log-ratio turned, as a penalty",
            "penalty-expected",
            penalty(far().negated()),
            penalty(k3)),
        new RoleMistake(
            "a stop-gradient missing in a straight-through penalty",
            "penalty-slope",
            penalty(k2.minus(k2.stopGradient()).plus(k3)),
            penalty(k2.minus(k2.stopGradient()).plus(k3.stopGradient()))),
        new RoleMistake(
            "a sum over the responses to a prompt",
            "response-mean",
            maximise(ratio().times(a()).mean(TOKENS).sum(SEQUENCES).mean(GROUPS)),
            maximise(ratio().times(a()).mean(TOKENS).mean(ALL_SEQUENCES))),
        new RoleMistake(
            "a weight that is dropped where it is near 1",
            "weight-one",
            weighed(true),
            weighed(false)),
        new RoleMistake("a probability upside down", "probability", apart(true), apart(false)),
        new RoleMistake(
            "a teacher that is avoided",
            "reference-credit",
            taught(teacher.negated()),
            taught(teacher)),
        new RoleMistake(
            "the other policy forgotten beside a teacher",
            "worth-log-ratio",
            taught(referenceLogProb()),
            taught(teacher)),
        new RoleMistake(
            "the earlier value of the next token",
            "value-own-place",
            clippedCritic(false, true),
            clippedCritic(false, false)),
        new RoleMistake(
            "a value behind the end of a finished response",
            "nothing-behind",
            bootstrapped(true),
            bootstrapped(false)),
        new RoleMistake(
            "a value that the policy's gradient trains",
            "value-held",
            mean(logProb().times(given("return", TOKEN).minus(value()))).training(Columns.VALUE),
            taught(given("return", TOKEN).minus(value().stopGradient()))),
        new RoleMistake(
            "a detached weight upside down",
            "weight-direction",
            capped(rolloutLogProb().minus(oldLogProb())),
            capped(oldLogProb().minus(rolloutLogProb()))),
        new RoleMistake(
            "k3 of the ratio the other way round",
            "penalty-growth",
            penalty(far().expRemainder()),
            penalty(k3)),
        new RoleMistake(
            "a regression on rewards that are equal",
            "reward-heard",
            regressed(true),
            regressed(false)),
        new RoleMistake(
            "a teacher whose probabilities do not add up to 1",
            "distillation-zero",
            distilled(Math.log(0.5)),
            distilled(0)));
  }
}
