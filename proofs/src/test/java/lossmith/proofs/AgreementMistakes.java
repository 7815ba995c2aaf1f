package lossmith.proofs;

import static lossmith.dsl.Axis.GROUP;
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
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.scanForward;
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

/** Mistakes that show where policies agree, in what a name says, and in which way a reward goes. */
final class AgreementMistakes {
  private AgreementMistakes() {}

  private static Detached<Sequence> centred(Detached<Sequence> reward) {
    return reward.minus(reward.mean(SEQUENCES).per(SEQUENCE));
  }

  private static Detached<Token> a() {
    return centred(reward()).per(TOKEN);
  }

  private static Loss reinforce(Detached<Token> advantage) {
    return maximise(logProb().times(advantage).mean(ALL_TOKENS));
  }

  private static Loss weighed(Detached<Token> weight) {
    return maximise(logProb().times(a()).weightedBy(weight).mean(ALL_TOKENS));
  }

  private static Detached<Token> drift() {
    return oldLogProb().minus(rolloutLogProb());
  }

  private static Term<Token> apart() {
    return logProb().minus(referenceLogProb());
  }

  private static Loss penalty(Term<Token> cost) {
    Parameter beta = parameter("beta", 0.1, 0, 10);
    return reinforce(a()).plus(minimise(cost.mean(ALL_TOKENS).scaledBy(beta)).as("distance"));
  }

  private static Loss named(String name) {
    Term<Batch> h = entropy().mean(ALL_TOKENS).scaledBy(parameter("alpha", 0.01, 0, 1));
    return reinforce(a()).plus(maximise(h).as(name));
  }

  /** Each response by what it weighs among all. */
  private static Loss shared(boolean over) {
    Detached<Sequence> weight = given("difficulty", SEQUENCE).square().shiftedBy(1);
    Detached<Sequence> mean = weight.mean(ALL_SEQUENCES).per(SEQUENCE);
    Detached<Sequence> share = over ? weight.dividedBy(mean) : weight.times(mean);
    return maximise(logProb().times(a()).weightedBy(share.per(TOKEN)).mean(ALL_TOKENS));
  }

  private static Loss ahead(boolean by) {
    Detached<Group> margin = parameter("margin", 0.5, 0, 10).per(GROUP);
    Term<Group> lead = apart().weightedBy(sign().per(TOKEN)).sum(TOKENS).sum(SEQUENCES);
    return maximise((by ? lead.minus(margin) : lead.plus(margin)).logSigmoid().mean(GROUPS));
  }

  private static Loss critic(boolean below) {
    Detached<Token> quantile = parameter("quantile", 0.7, 0, 1).per(TOKEN);
    Detached<Token> rest = quantile.negated().shiftedBy(1);
    Term<Token> error = value().minus(given("return", TOKEN));
    Detached<Token> weight =
        select(error.stopGradient().negative(), below ? quantile : rest, below ? rest : quantile);
    return minimise(error.abs().weightedBy(weight).mean(ALL_TOKENS)).training(Columns.VALUE);
  }

  private static Detached<Sequence> bonus() {
    return given("bonus", SEQUENCE).scaledBy(parameter("bonus_weight", 0.5, 0, 1));
  }

  private static Loss masked(Condition<Token> counts) {
    return maximise(logProb().times(a()).mean(ALL_TOKENS.where(counts)));
  }

  private static Loss gated(String above, String below) {
    Detached<Token> tau =
        select(
            a().positive(),
            parameter(above, 1, 0.1, 10).per(TOKEN),
            parameter(below, 1.05, 0.1, 10).per(TOKEN));
    Term<Token> gate =
        ratio().shiftedBy(-1).times(tau).sigmoid().times(constant(4, TOKEN).dividedBy(tau));
    return maximise(gate.times(a()).mean(ALL_TOKENS));
  }

  private static Detached<Token> earned() {
    return given(Columns.TOKEN_REWARD, TOKEN);
  }

  private static Loss teacher(boolean again) {
    Term<Batch> kl =
        probTimes(logPi(), logPi().minus(referenceLogPi())).sum(VOCABULARY).mean(ALL_TOKENS);
    return minimise(again ? kl.dividedBy(count(ALL_TOKENS)) : kl);
  }

  static Stream<RoleMistake> all() {
    Clip cap = Clip.between(0.5, 2);
    Detached<Token> mask = given("loss_mask", TOKEN);
    Term<Token> k3 = apart().negated().expRemainder();
    Term<Token> k2 = apart().square().scaledBy(0.5);
    Detached<Token> discount = constant(0.9, TOKEN);
    Term<Token> gain = logProb().times(a());
    Detached<Batch> most = parameter("max_length", 16, 1, 1e6);
    Term<Batch> summed = gain.sum(TOKENS).mean(ALL_SEQUENCES);
    return Stream.of(
        new RoleMistake(
            "a coefficient inside and outside of the mean",
            "coefficient-once",
            penalty(k2.scaledBy(parameter("beta", 0.1, 0, 10))),
            penalty(k2)),
        new RoleMistake(
            "the sum over all tokens",
            "batch-mean",
            maximise(gain.sum(ALL_TOKENS)),
            maximise(gain.mean(ALL_TOKENS))),
        new RoleMistake(
            "multiplied by the longest length",
            "count-divides",
            maximise(summed.times(most)),
            maximise(summed.dividedBy(most))),
        new RoleMistake(
            "the exponential forgotten in a weight",
            "bounds-agreement",
            weighed(drift().clip(cap)),
            weighed(drift().exp().clip(cap))),
        new RoleMistake(
            "the log-ratio for its square", "penalty-minimum", penalty(apart()), penalty(k3)),
        new RoleMistake(
            "a constant that is left in a penalty",
            "penalty-zero",
            penalty(k3.shiftedBy(1)),
            penalty(k3)),
        new RoleMistake("a penalty that is an entropy", "part-named", named("kl"), named("bonus")),
        new RoleMistake(
            "a weight times its own mean", "mean-normalised", shared(false), shared(true)),
        new RoleMistake("a margin that is given away", "margin-asks", ahead(false), ahead(true)),
        new RoleMistake(
            "the weights of a quantile swapped", "quantile-raises", critic(false), critic(true)),
        new RoleMistake(
            "a bonus that is taken away",
            "bonus-rewards",
            reinforce(centred(reward().minus(bonus())).per(TOKEN)),
            reinforce(centred(reward().plus(bonus())).per(TOKEN))),
        new RoleMistake(
            "the tokens that a mask leaves out",
            "mask-selects",
            masked(mask.positive().not()),
            masked(mask.positive())),
        new RoleMistake(
            "the temperatures of both signs swapped",
            "sides-named",
            gated("tau_neg", "tau_pos"),
            gated("tau_pos", "tau_neg")),
        new RoleMistake(
            "rewards added up from the start",
            "reward-causal",
            reinforce(scanForward(earned(), discount)),
            reinforce(scanBackward(earned(), discount))),
        new RoleMistake(
            "a divergence divided by the tokens twice",
            "distillation-size",
            teacher(true),
            teacher(false)));
  }
}
