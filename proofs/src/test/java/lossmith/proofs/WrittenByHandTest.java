package lossmith.proofs;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.previous;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.scanForward;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.value;
import static lossmith.proofs.WrittenByHandMistakes.a;
import static lossmith.proofs.WrittenByHandMistakes.clipped;
import static lossmith.proofs.WrittenByHandMistakes.mean;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.List;
import java.util.stream.Stream;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Subject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Published objectives in other words than the catalogue has for them: no law blames one. */
final class WrittenByHandTest {
  private static final int CASES = 12;

  private static Detached<Sequence> centred(Detached<Sequence> reward) {
    return reward.minus(reward.mean(SEQUENCES).per(SEQUENCE));
  }

  private static Loss lower(Term<Token> distance) {
    return minimise(distance.mean(ALL_TOKENS));
  }

  private static Term<Token> cross(Term<Vocabulary> p, Term<Vocabulary> q) {
    return expected(p, q.negated());
  }

  /** log(1 + e^−h) for −log σ(h). */
  private static Loss logistic() {
    return minimise(
        logProb()
            .minus(referenceLogProb())
            .sum(TOKENS)
            .weightedBy(sign())
            .sum(SEQUENCES)
            .scaledBy(-0.1)
            .exp()
            .log1p()
            .mean(GROUPS));
  }

  private static Loss rewardModel() {
    return maximise(
            value()
                .mean(TOKENS)
                .weightedBy(sign())
                .sum(SEQUENCES)
                .minus(given("margin", GROUP))
                .logSigmoid()
                .mean(GROUPS))
        .training(Columns.VALUE);
  }

  /** What a token and those behind it earn: all that was earned less what was before. */
  private static Detached<Token> toGo() {
    Detached<Token> earned = given("token_reward", TOKEN);
    Detached<Token> before = previous(scanForward(earned, constant(1, TOKEN)), 0);
    return earned.sum(TOKENS).per(TOKEN).minus(before).minus(given("old_value", TOKEN));
  }

  private static Detached<Sequence> otherRewards() {
    Detached<Sequence> rest = groupSize().per(SEQUENCE).shiftedBy(-1);
    return reward()
        .sum(SEQUENCES)
        .per(SEQUENCE)
        .minus(reward())
        .dividedBy(max(rest, constant(1, SEQUENCE)));
  }

  private static Detached<Token> withinTwoBounds() {
    Detached<Token> w = oldLogProb().minus(rolloutLogProb()).exp();
    return w.times(w.above(constant(0.5, TOKEN)).indicator())
        .times(w.below(constant(5, TOKEN)).indicator());
  }

  @TestFactory
  Stream<DynamicTest> nothingIsSaidOfThem() {
    Detached<Token> turned = a().negated();
    Term<Vocabulary> p = referenceLogPi();
    Term<Vocabulary> q = logPi();
    Term<Vocabulary> m = logAddExp(p, q).shiftedBy(-Math.log(2));
    Detached<Sequence> bounded = reward().clip(Clip.between(-5, 5));
    Detached<Sequence> passed = reward().mean(SEQUENCES).shiftedBy(1e-6).per(SEQUENCE);
    return Stream.of(
        holds(
            "the maximum of what is negated",
            lower(max(ratio().times(turned), ratio().clip(Clip.between(0.8, 1.2)).times(turned)))),
        holds(
            "over a constant length",
            maximise(
                clipped(centred(reward()).per(TOKEN))
                    .sum(TOKENS)
                    .scaledBy(1.0 / 1024)
                    .mean(ALL_SEQUENCES))),
        holds(
            "less the mean of the other rewards",
            maximise(
                logProb().sum(TOKENS).times(reward().minus(otherRewards())).mean(ALL_SEQUENCES))),
        holds("an entropy and a cross-entropy", lower(entropy().negated().plus(cross(q, p)))),
        holds("a cross-entropy to the teacher", lower(cross(p, q))),
        holds(
            "three entropies",
            lower(cross(m, m).minus(cross(p, p).scaledBy(0.5)).minus(cross(q, q).scaledBy(0.5)))),
        holds("log(1 + e^x)", logistic()),
        holds("a reward model with a margin", rewardModel()),
        holds("all that was earned less what was before", mean(clipped(toGo()))),
        holds(
            "a weight times the indicators of its bounds",
            mean(clipped(a()).weightedBy(withinTwoBounds()))),
        holds(
            "likelihood with a weighed divergence",
            maximise(logProb().minus(expected(q, q.minus(p)).scaledBy(0.1)).mean(ALL_TOKENS))),
        holds(
            "half a likelihood and half a distillation",
            maximise(logProb().mean(ALL_TOKENS).scaledBy(0.5))
                .plus(lower(cross(p, q)).scaledBy(0.5).as("distillation"))),
        holds("an advantage of bounded rewards", mean(clipped(centred(bounded).per(TOKEN)))),
        holds(
            "over the share that passed",
            mean(clipped(centred(reward()).dividedBy(passed).per(TOKEN)))));
  }

  /** Which tokens count is said in other words than the catalogue's, with other thresholds. */
  @TestFactory
  Stream<DynamicTest> nothingIsSaidOfSelectionsAndWeights() {
    Detached<Token> d = oldLogProb().minus(rolloutLogProb());
    Detached<Token> w = d.exp();
    Detached<Token> h = entropy().stopGradient();
    return Stream.of(
        selecting(
            "a ratio between two bounds",
            w.atLeast(constant(0.5, TOKEN)).and(w.atMost(constant(2, TOKEN)))),
        selecting(
            "the geometric mean of a response",
            d.mean(TOKENS).abs().atMost(constant(0.01, SEQUENCE)).per(TOKEN)),
        selecting("the size of a log-ratio", d.abs().atMost(constant(0.3, TOKEN))),
        selecting("a squared log-ratio", d.square().atMost(constant(0.3, TOKEN))),
        selecting(
            "the largest of a response",
            d.abs().max(TOKENS).atMost(constant(0.3, SEQUENCE)).per(TOKEN)),
        selecting("more entropy than the mean", h.above(h.mean(ALL_TOKENS).per(TOKEN))),
        selecting("what was unlikely", oldLogProb().below(constant(-1, TOKEN))),
        selecting(
            "rewards that differ", reward().std(SEQUENCES, 0).above(constant(0, GROUP)).per(TOKEN)),
        holds(
            "weights with the mean 1",
            mean(clipped(a()).weightedBy(w.dividedBy(w.mean(ALL_TOKENS).per(TOKEN))))),
        holds(
            "weights that add up to 1",
            maximise(
                clipped(a())
                    .weightedBy(w.dividedBy(w.sum(ALL_TOKENS).per(TOKEN)))
                    .sum(ALL_TOKENS))),
        holds(
            "an entropy near a target",
            mean(clipped(a()))
                .as("policy")
                .plus(
                    minimise(
                            entropy()
                                .mean(ALL_TOKENS)
                                .shiftedBy(-0.5)
                                .square()
                                .scaledBy(parameter("alpha", 0.1, 0, 1)))
                        .as("entropy"))));
  }

  private static DynamicTest selecting(String name, Condition<Token> counts) {
    return holds(name, maximise(clipped(a()).mean(ALL_TOKENS.where(counts))));
  }

  private static DynamicTest holds(String name, Loss loss) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          try (Subject subject = new Subject(name, loss)) {
            assertEquals(
                List.empty(),
                Prover.prove(subject, Laws.ofRoles(subject), CASES, 1)
                    .findings()
                    .map(finding -> finding.law().name())
                    .toList());
          }
        });
  }
}
