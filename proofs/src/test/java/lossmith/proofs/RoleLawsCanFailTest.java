package lossmith.proofs;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.proofs.law.ClaimLaws;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each law that a role brings is broken here by one wrong thing, in a loss of which nothing is
 * claimed; the same loss without the mistake breaks none.
 *
 * <p>Long because one wrong thing for each law is here, beside what is right.
 */
final class RoleLawsCanFailTest {
  private static final int CASES = 24;

  private static Detached<Token> a() {
    return Advantages.groupNormalised(reward(), Conventions.paper());
  }

  private static Term<Token> clipped(Term<Token> r) {
    return min(r.times(a()), r.clip(Clip.between(0.8, 1.2)).times(a()));
  }

  private static Loss mean(Term<Token> gain) {
    return maximise(gain.mean(ALL_TOKENS));
  }

  private static Loss surrogate() {
    return mean(clipped(ratio()));
  }

  private static Loss beside(Loss part) {
    return surrogate().plus(part);
  }

  private static Parameter beta() {
    return parameter("beta", 0.1, 0, 10);
  }

  private static Loss penalty(Term<Token> term) {
    return beside(minimise(term.mean(ALL_TOKENS).scaledBy(beta())).as("kl"));
  }

  private static Term<Token> k2() {
    return logProb().minus(referenceLogProb()).square().scaledBy(0.5);
  }

  private static Loss bonus(Loss signed) {
    return beside(signed.as("bonus"));
  }

  private static Loss pair(Term<Token> compared, boolean bothSides) {
    Detached<Token> side =
        bothSides ? sign().per(TOKEN) : sign().shiftedBy(1).scaledBy(0.5).per(TOKEN);
    Term<Group> margin = compared.weightedBy(side).sum(TOKENS).sum(SEQUENCES);
    return maximise(margin.scaledBy(beta()).logSigmoid().mean(GROUPS));
  }

  private static Term<Token> logRatio() {
    return logProb().minus(referenceLogProb());
  }

  private static Detached<Sequence> overlong() {
    Detached<Sequence> limit = parameter("limit", 16, 1, 1e6).per(SEQUENCE);
    return length().minus(limit).dividedBy(limit).clip(Clip.between(0, 1));
  }

  private static Loss shaped(Detached<Sequence> reward) {
    return mean(ratio().times(Advantages.groupNormalised(reward, Conventions.paper())));
  }

  private static Loss critic(Term<Token> error) {
    return beside(
        minimise(error.mean(ALL_TOKENS).scaledBy(0.5)).as("value").training(Columns.VALUE));
  }

  private static Detached<Token> target() {
    return given("return", TOKEN);
  }

  private static Detached<Token> weight(Detached<Token> logWeight) {
    return logWeight.clip(Clip.between(-5, 5)).exp();
  }

  private static Detached<Token> drift() {
    return oldLogProb().minus(rolloutLogProb());
  }

  static Stream<RoleMistake> mistakes() {
    return Stream.of(
            plain(),
            RoleMistake.all(),
            NormaliserMistakes.all(),
            AgreementMistakes.all(),
            HeardMistakes.all(),
            SideMistakes.all(),
            DistributionMistakes.all(),
            MultiplierMistakes.all(),
            PreferenceMistakes.all(),
            CreditMistakes.all(),
            EstimateMistakes.all(),
            WrittenByHandMistakes.all())
        .flatMap(Function.identity());
  }

  private static Stream<RoleMistake> plain() {
    Term<Token> wrongRatio = logRatio().exp();
    Detached<Token> share = count(TOKENS).dividedBy(count(ALL_TOKENS).per(SEQUENCE)).per(TOKEN);
    return Stream.of(
        new RoleMistake("no advantage", "presumption", mean(ratio()), surrogate()),
        new RoleMistake(
            "a penalty with the sign turned",
            "towards-the-reference",
            penalty(k2().negated()),
            penalty(k2())),
        new RoleMistake(
            "an entropy bonus with the sign turned",
            "entropy-bonus",
            bonus(minimise(entropy().mean(ALL_TOKENS).scaledBy(beta()))),
            bonus(maximise(entropy().mean(ALL_TOKENS).scaledBy(beta())))),
        new RoleMistake(
            "an importance weight turned over",
            "importance-weight",
            mean(clipped(ratio()).weightedBy(weight(drift().negated()))),
            mean(clipped(ratio()).weightedBy(weight(drift())))),
        new RoleMistake(
            "a ratio against the reference",
            "sampling-policy",
            mean(clipped(wrongRatio)),
            surrogate()),
        new RoleMistake(
            "a thousand times too much", "step-size", surrogate().scaledBy(1000), surrogate()),
        new RoleMistake(
            "an overlong punishment that is added",
            "length-shaping",
            shaped(reward().plus(overlong())),
            shaped(reward().minus(overlong()))),
        new RoleMistake(
            "DPO with the reference added",
            "log-ratio",
            pair(logProb().plus(referenceLogProb()), true),
            pair(logRatio(), true)),
        new RoleMistake(
            "a value regressed on the advantage",
            "value-scale",
            critic(value().minus(a()).square()),
            critic(value().minus(target()).square())),
        new RoleMistake(
            "a value regressed on the advantage of a mean",
            "value-shift",
            critic(
                value()
                    .minus(reward().minus(reward().mean(ALL_SEQUENCES).per(SEQUENCE)).per(TOKEN))
                    .square()),
            critic(value().minus(target()).square())),
        new RoleMistake(
            "a value error that is raised",
            "value-minimum",
            critic(value().minus(target()).square().negated()),
            critic(value().minus(target()).square())),
        new RoleMistake(
            "minimised for maximised",
            "step-size",
            minimise(clipped(ratio()).mean(ALL_TOKENS)),
            surrogate()),
        new RoleMistake(
            "divided by the tokens twice",
            "step-size",
            maximise(clipped(ratio()).mean(ALL_TOKENS).dividedBy(count(ALL_TOKENS))),
            surrogate()),
        new RoleMistake(
            "each response by its share of the tokens",
            "step-size",
            maximise(clipped(ratio()).weightedBy(share).mean(ALL_TOKENS)),
            surrogate()),
        new RoleMistake(
            "a reward that lowers",
            "reward-raises",
            mean(logProb().times(a().negated().as("A"))),
            mean(logProb().times(a()))),
        new RoleMistake(
            "a coefficient squared",
            "coefficient",
            beside(minimise(k2().mean(ALL_TOKENS).scaledBy(beta()).scaledBy(beta())).as("kl")),
            penalty(k2())),
        new RoleMistake(
            "the rejected response is left out",
            "pair-order",
            pair(logRatio(), false),
            pair(logRatio(), true)),
        new RoleMistake(
            "the chosen response for the rejected one",
            "pair-order",
            pair(logRatio().negated(), true),
            pair(logRatio(), true)),
        new RoleMistake(
            "a divergence over the vocabulary that is raised",
            "towards-the-reference",
            maximise(expected(logPi(), logPi().minus(referenceLogPi())).mean(ALL_TOKENS)),
            minimise(expected(logPi(), logPi().minus(referenceLogPi())).mean(ALL_TOKENS))));
  }

  /** Without a search for repairs and for the smallest batch, which a proof adds. */
  private static Set<String> broken(Loss loss, Predicate<Law> asked) {
    try (Subject subject = new Subject("of nobody's claim", loss)) {
      Seq<Trial> trials = subject.trials(1, CASES).toList();
      return Laws.ofRoles(subject)
          .filter(asked)
          .filter(
              law ->
                  trials
                      .filter(law::applies)
                      .take(law.scope() == Law.Scope.OBJECTIVE ? 1 : law.most())
                      .exists(trial -> law.violations(subject, trial).nonEmpty()))
          .map(Law::name)
          .toSet();
    }
  }

  @TestFactory
  Stream<DynamicTest> eachLawIsBrokenByOneWrongThing() {
    return mistakes()
        .map(
            mistake ->
                DynamicTest.dynamicTest(
                    mistake.name(),
                    () -> {
                      assertTrue(
                          broken(mistake.wrong(), law -> law.name().equals(mistake.law()))
                              .nonEmpty(),
                          () -> "only " + broken(mistake.wrong(), law -> true));
                      assertEquals(HashSet.empty(), broken(mistake.right(), law -> true));
                    }));
  }

  /** Two right parts together, each in its role. */
  @Test
  void aPenaltyAndABonusTogetherBreakNothing() {
    Loss both =
        penalty(k2())
            .plus(
                maximise(entropy().mean(ALL_TOKENS).scaledBy(parameter("alpha", 0.01, 0, 1)))
                    .as("bonus"));
    assertEquals(HashSet.empty(), broken(both, law -> true));
  }

  /** What a claim says of a penalty it says of that part, whatever else has a gradient. */
  @Test
  void aClaimOfAPenaltyHoldsBesideAnEntropyBonus() {
    Loss bonus =
        maximise(entropy().mean(ALL_TOKENS).scaledBy(parameter("alpha", 0.01, 0, 1))).as("bonus");
    assertEquals(List.empty(), claimed(penalty(k2()).plus(bonus)));
    Term<Token> k3 = logRatio().negated().expRemainder();
    assertEquals(List.of("estimand"), claimed(penalty(k3).plus(bonus)));
  }

  private static Seq<String> claimed(Loss loss) {
    Claim claim = new Claim.Estimates(Claim.Divergence.REVERSE, "beta");
    try (Subject subject = new Subject("mine", loss, List.of(claim), Option.none())) {
      return Prover.prove(subject, ClaimLaws.of(claim), CASES, 1)
          .findings()
          .map(finding -> finding.law().name());
    }
  }

  /** What is known to need a deviation is broken without it: a law of no teeth would not be. */
  @Test
  void everyRoleLawIsBrokenByOneOfTheMistakes() {
    Set<String> broken = HashSet.ofAll(mistakes().map(RoleMistake::law).toList());
    assertEquals(broken, HashSet.ofAll(Laws.ofRoles().map(Law::name)), "a mistake for each law");
  }
}
