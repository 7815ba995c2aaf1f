package lossmith.proofs;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.value;

import java.util.stream.Stream;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/** Mistakes in what is made of whole distributions, and in what is added up of parts. */
final class DistributionMistakes {
  private DistributionMistakes() {}

  private static Detached<Token> a() {
    return reward().minus(reward().mean(SEQUENCES).per(Axis.SEQUENCE)).per(TOKEN);
  }

  private static Term<Token> surrogate(double low) {
    return min(ratio().times(a()), ratio().clip(Clip.between(low, 1.2)).times(a()));
  }

  private static Loss less(Term<Token> penalty) {
    Term<Token> weighed = penalty.scaledBy(parameter("beta", 0.04, 0, 1e3));
    return maximise(surrogate(0.8).minus(weighed).mean(ALL_TOKENS));
  }

  private static Term<Token> k3() {
    return referenceLogProb().minus(logProb()).expRemainder();
  }

  /** The weights of both in the mixture, and one less the weight of the teacher beside it. */
  private static Loss jensenShannon(double mixed) {
    Term<Vocabulary> teacher = referenceLogPi();
    Term<Vocabulary> mixture =
        logAddExp(teacher.shiftedBy(Math.log(mixed)), logPi().shiftedBy(Math.log(1 - mixed)));
    Term<Token> ofTeacher = expected(teacher, teacher.minus(mixture)).scaledBy(0.3);
    Term<Token> ofPolicy = expected(logPi(), logPi().minus(mixture)).scaledBy(0.7);
    return minimise(ofTeacher.plus(ofPolicy).mean(ALL_TOKENS));
  }

  private static Loss forward(boolean averaged) {
    Term<Vocabulary> each = probTimes(referenceLogPi(), referenceLogPi().minus(logPi()));
    return minimise((averaged ? each.mean(VOCABULARY) : each.sum(VOCABULARY)).mean(ALL_TOKENS));
  }

  private static Term<Token> near() {
    Detached<Token> old = given("old_value", TOKEN);
    return value().clipBetween(old.shiftedBy(-0.2), old.shiftedBy(0.2));
  }

  private static Loss critic(Term<Token> held) {
    Detached<Token> target = given("return", TOKEN);
    Term<Token> error =
        lossmith.dsl.Terms.max(value().minus(target).square(), held.minus(target).square());
    return minimise(error.mean(ALL_TOKENS).scaledBy(0.5)).training(Columns.VALUE);
  }

  private static Term<Vocabulary> softened(Term<Vocabulary> log, boolean again) {
    Term<Vocabulary> half = log.scaledBy(0.5);
    return again ? half.minus(half.exp().sum(VOCABULARY).log().per(VOCABULARY_ENTRY)) : half;
  }

  private static Loss colder(boolean again) {
    Term<Vocabulary> teacher = softened(referenceLogPi(), again);
    Term<Token> divergence = expected(teacher, teacher.minus(softened(logPi(), again)));
    return minimise(divergence.mean(ALL_TOKENS));
  }

  private static Loss weighed(Detached<Token> before) {
    Detached<Token> weight = before.minus(rolloutLogProb()).exp().clip(Clip.between(0, 2));
    return maximise(surrogate(0.8).weightedBy(weight).mean(ALL_TOKENS));
  }

  private static Loss returned(boolean whitened) {
    Detached<Token> old = given("old_value", TOKEN);
    Detached<Token> a = given("return", TOKEN).minus(old);
    Detached<Token> white =
        a.minus(a.mean(ALL_TOKENS).per(TOKEN))
            .dividedBy(a.std(ALL_TOKENS, 0).shiftedBy(1e-8).per(TOKEN));
    Term<Token> error = value().minus(old.plus(whitened ? white : a)).square();
    return minimise(error.mean(ALL_TOKENS).scaledBy(0.5)).training(Columns.VALUE);
  }

  static Stream<RoleMistake> all() {
    Term<Token> ofSampled = probTimes(logProb(), logProb());
    Term<Token> whole = expected(logPi(), logPi());
    return Stream.of(
        new RoleMistake(
            "a divergence that is averaged over the vocabulary",
            "vocabulary-sum",
            forward(true),
            forward(false)),
        new RoleMistake("the entropy of one entry", "entropy-whole", less(ofSampled), less(whole)),
        new RoleMistake(
            "the weights of a mixture swapped",
            "mixture-weights",
            jensenShannon(0.7),
            jensenShannon(0.3)),
        new RoleMistake(
            "the width for one less the width",
            "bound-width",
            maximise(surrogate(0.2).mean(ALL_TOKENS)),
            maximise(surrogate(0.8).mean(ALL_TOKENS))),
        new RoleMistake(
            "a penalty times the advantage", "penalty-weight", less(k3().times(a())), less(k3())),
        new RoleMistake(
            "a temperature over log-probabilities",
            "probabilities-sum",
            colder(false),
            colder(true)),
        new RoleMistake(
            "the policy in the ratio and in the weight beside it",
            "policy-once",
            weighed(logProb().stopGradient()),
            weighed(oldLogProb())),
        new RoleMistake(
            "a value regressed on whitened advantages",
            "value-target",
            returned(true),
            returned(false)),
        new RoleMistake(
            "the mean of -log π for an entropy bonus",
            "entropy-estimate",
            less(logProb()),
            less(whole)),
        new RoleMistake(
            "a value held between fixed numbers",
            "value-shift",
            critic(value().clip(Clip.between(-0.2, 0.2))),
            critic(near())));
  }
}
