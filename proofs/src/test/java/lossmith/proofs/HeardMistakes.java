package lossmith.proofs;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.trainable;
import static lossmith.dsl.Terms.value;

import java.util.stream.Stream;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;

/** Mistakes by which something that is read has no effect, or enters the wrong way round. */
final class HeardMistakes {
  private HeardMistakes() {}

  private static Detached<Token> a() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE)).per(TOKEN);
  }

  private static Loss mean(Term<Token> gain) {
    return maximise(gain.mean(ALL_TOKENS));
  }

  private static Loss reinforce(Detached<Token> advantage) {
    return mean(logProb().times(advantage));
  }

  private static Detached<Token> v() {
    return value().stopGradient();
  }

  private static Detached<Token> earned() {
    return given(Columns.TOKEN_REWARD, TOKEN);
  }

  /** Two steps ahead, without a recurrence. */
  private static Loss ahead(Detached<Token> less) {
    return reinforce(earned().plus(next(earned().plus(next(v(), 0)), 0)).plus(less));
  }

  private static Loss traced(Detached<Token> bootstrapped) {
    return reinforce(scanBackward(bootstrapped.minus(v()), constant(0.9, TOKEN)));
  }

  /** Dual clip: A is bounded from below where it is negative. */
  private static Loss dual(Condition<Token> bounded) {
    Term<Token> gain = ratio().times(a());
    return mean(select(bounded, max(gain, a().scaledBy(3)), gain));
  }

  private static Loss within(boolean both) {
    Detached<Token> r = oldLogProb().minus(rolloutLogProb()).exp();
    Condition<Token> above = r.atLeast(constant(0.5, TOKEN));
    Condition<Token> below = r.atMost(constant(2, TOKEN));
    Condition<Token> kept = both ? above.and(below) : above.or(below);
    return maximise(logProb().times(a()).mean(ALL_TOKENS.where(kept)));
  }

  /** A response is kept whose policies are near each other. */
  private static Loss near(boolean again) {
    Detached<Token> far = oldLogProb().minus(rolloutLogProb()).square();
    Detached<Sequence> mean = far.mean(TOKENS);
    Detached<Sequence> statistic = again ? mean.dividedBy(length()) : mean;
    Condition<Sequence> kept = statistic.atMost(constant(0.5, SEQUENCE));
    return maximise(logProb().times(a()).mean(ALL_TOKENS.where(kept.per(TOKEN))));
  }

  private static Detached<Vocabulary> q() {
    return given("action_value", VOCABULARY_ENTRY);
  }

  private static Loss pair(Detached<Token> other) {
    Term<Token> far = logProb().minus(other);
    Term<Group> margin = far.weightedBy(sign().per(TOKEN)).sum(TOKENS).sum(SEQUENCES);
    return maximise(margin.scaledBy(parameter("beta", 0.1, 0, 10)).logSigmoid().mean(GROUPS));
  }

  private static Loss critic(double times) {
    Term<Token> error = value().minus(given("return", TOKEN)).abs().scaledBy(times);
    return minimise(error.mean(ALL_TOKENS).scaledBy(parameter("value_coef", 0.5, 0, 10)))
        .training(Columns.VALUE);
  }

  private static Detached<Token> teacher(boolean off) {
    Detached<Token> ref = referenceLogProb();
    return a().plus((off ? next(ref, 0) : ref).minus(oldLogProb()));
  }

  /** A reward model of steps. */
  private static Loss labelled(boolean wrong) {
    Term<Token> q = trainable("step_score", TOKEN);
    Detached<Token> y = given("step_label", TOKEN);
    Term<Token> likelihood =
        q.logSigmoid().times(y).plus(q.negated().logSigmoid().times(y.negated().shiftedBy(1)));
    Term<Batch> mean = likelihood.mean(ALL_TOKENS);
    return (wrong ? minimise(mean) : maximise(mean)).training("step_score");
  }

  /** Each response by how much of its difficulty is in the hard tokens. */
  private static Loss shared(boolean over) {
    Detached<Token> x = given("difficulty", TOKEN).square().shiftedBy(1);
    Detached<Token> hard = select(x.above(constant(1.5, TOKEN)), x, constant(0, TOKEN));
    Detached<Sequence> whole = x.sum(TOKENS);
    Detached<Sequence> some = hard.sum(TOKENS);
    Detached<Sequence> share = over ? some.dividedBy(whole) : some.times(whole);
    return maximise(logProb().times(a()).weightedBy(share.per(TOKEN)).mean(ALL_TOKENS));
  }

  static Stream<RoleMistake> all() {
    Condition<Token> negative = a().negative();
    Term<Token> p = logProb().exp().stopGradient().times(logProb());
    return Stream.of(
        new RoleMistake(
            "a value that is added in an n-step return",
            "value-subtracted",
            ahead(v()),
            ahead(v().negated())),
        new RoleMistake(
            "the value of the next step subtracted",
            "later-values",
            traced(earned().minus(next(v(), 0).scaledBy(0.9))),
            traced(earned().plus(next(v(), 0).scaledBy(0.9)))),
        new RoleMistake(
            "a reward that counts twice",
            "reward-once",
            traced(earned().plus(earned()).plus(next(v(), 0).scaledBy(0.9))),
            traced(earned().plus(next(v(), 0).scaledBy(0.9)))),
        new RoleMistake(
            "rewards less their sum",
            "group-mean",
            reinforce(reward().minus(reward().sum(SEQUENCES).per(SEQUENCE)).per(TOKEN)),
            reinforce(a())),
        new RoleMistake(
            "a dual clip of positive advantages",
            "advantage-heard",
            dual(negative.not()),
            dual(negative)),
        new RoleMistake(
            "the exponential forgotten in a ratio",
            "policy-heard",
            mean(logProb().minus(oldLogProb()).times(a())),
            mean(ratio().times(a()))),
        new RoleMistake(
            "or for and between two bounds", "condition-decides", within(false), within(true)),
        new RoleMistake(
            "a probability that is not detached",
            "imitation-raises",
            mean(logProb().exp().times(logProb())),
            mean(p)),
        new RoleMistake(
            "multiplied by what it is a share of", "sum-divided", shared(false), shared(true)),
        new RoleMistake("a mean divided by the length", "sum-or-mean", near(true), near(false)),
        new RoleMistake(
            "the values of all actions lowered",
            "action-values",
            minimise(expected(logPi(), q()).mean(ALL_TOKENS)),
            maximise(expected(logPi(), q()).mean(ALL_TOKENS))),
        new RoleMistake(
            "values that are not weighed by their probability",
            "action-shift",
            mean(logPi().times(q()).sum(lossmith.dsl.Over.VOCABULARY)),
            mean(expected(logPi(), q()))),
        new RoleMistake(
            "a preference compared with the policy that sampled",
            "preference-reference",
            pair(oldLogProb()),
            pair(referenceLogProb())),
        new RoleMistake(
            "a thousand times an absolute error", "value-tails", critic(1000), critic(1)),
        new RoleMistake(
            "a step that is made less likely the righter it is",
            "likelihood-raised",
            labelled(true),
            labelled(false)),
        new RoleMistake(
            "an unpaired preference that makes every response more likely",
            "label-turns",
            unpaired(0.5),
            unpaired(-1)),
        new RoleMistake(
            "the reference read one token off",
            "token-heard",
            reinforce(teacher(true)),
            reinforce(teacher(false))),
        new RoleMistake(
            "KL-Cov with a penalty that is added", "known-objective", held(true), held(false)));
  }

  private static Condition<Sequence> good() {
    return reward().positive();
  }

  private static Loss unpaired(double bad) {
    Detached<Sequence> side = select(good(), constant(1, SEQUENCE), constant(bad, SEQUENCE));
    Term<Sequence> far = logProb().minus(referenceLogProb()).sum(TOKENS);
    Detached<Sequence> weight =
        select(
            good(),
            parameter("desirable", 1, 0, 10).per(SEQUENCE),
            parameter("undesirable", 1, 0, 10).per(SEQUENCE));
    Term<Sequence> gained = far.tanh().weightedBy(side).sigmoid();
    return maximise(gained.weightedBy(weight).mean(ALL_SEQUENCES));
  }

  /** KL-Cov: what moves the tokens of the highest covariance costs. */
  private static Loss held(boolean wrong) {
    Detached<Token> a = Advantages.groupNormalised(reward(), Conventions.paper());
    Detached<Token> lp = logProb().stopGradient();
    Detached<Token> covariance =
        a.minus(a.mean(ALL_TOKENS).per(TOKEN)).times(lp.minus(lp.mean(ALL_TOKENS).per(TOKEN)));
    Term<Token> moved =
        logProb().minus(oldLogProb()).abs().scaledBy(parameter("kl_coef", 1, 0, 1e6));
    Term<Token> surrogate = logProb().minus(oldLogProb()).exp().times(a);
    return mean(
        select(
            covariance.topFraction(parameter("share", 0.2, 0, 1), 1, ALL_TOKENS),
            wrong ? surrogate.plus(moved) : surrogate.minus(moved),
            surrogate));
  }
}
