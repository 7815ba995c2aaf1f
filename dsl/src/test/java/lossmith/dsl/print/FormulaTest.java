package lossmith.dsl.print;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import java.util.regex.Pattern;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Nodes;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import org.junit.jupiter.api.Test;

/**
 * Formulas as a textbook writes them.
 *
 * <p>Long because each formula stands beside the objective it is of.
 */
final class FormulaTest {
  private static final Detached<Token> A =
      reward().minus(reward().mean(SEQUENCES).per(lossmith.dsl.Axis.SEQUENCE)).as("A").per(TOKEN);

  private static Loss grpo() {
    Term<Token> r = ratio();
    return maximise(
        min(r.times(A), r.clip(Clip.around(0.2, 0.3)).times(A))
            .mean(TOKENS)
            .mean(SEQUENCES)
            .mean(GROUPS));
  }

  @Test
  void grpoInUnicode() {
    assertEquals(
        """
        L = -(1/N) Σ_g (1/G) Σ_i (1/|y_i|) Σ_t min(r·A, clip(r, 0.8, 1.3)·A)
          where r = exp(log π(y_t) - log π_old(y_t))
          where A = reward - (1/G) Σ_i reward\
        """,
        Formula.unicode(grpo()));
  }

  @Test
  void grpoInLatex() {
    assertEquals(
        """
        \\begin{aligned}
        L &= -\\frac{1}{N} \\sum_{g} \\frac{1}{G} \\sum_{i} \\frac{1}{|y_i|} \\sum_{t} \
        \\min\\left(r \\cdot A, \\operatorname{clip}\\left(r, 0.8, 1.3\\right) \\cdot A\\right) \\\\
        \\text{where } r &= \\exp\\left(\\log \\pi(y_t) - \\log \\pi_{\\text{old}}(y_t)\\right) \\\\
        \\text{where } A &= \\text{reward} - \\frac{1}{G} \\sum_{i} \\text{reward}
        \\end{aligned}\
        """,
        Formula.latex(grpo()));
  }

  @Test
  void dapoCountsAllTokens() {
    assertEquals(
        "(1/Σ|y|) Σ_{i,t} H(π)·sg(log π(y_t))",
        Formula.unicode(logProb().stopGradient().times(entropy()).mean(ALL_TOKENS).node()));
  }

  @Test
  void bracketsStandWhereTheyMust() {
    Term<Token> x = logProb();
    assertEquals(
        "beta·(log π(y_t) - log π_ref(y_t)) - (log π_ref(y_t) - log π_old(y_t))",
        Formula.unicode(
            x.minus(referenceLogProb())
                .scaledBy(parameter("beta", 0.1, 0, 1))
                .minus(referenceLogProb().minus(oldLogProb()))
                .node()));
    assertEquals(
        "(1/|y_i|) Σ_t log π(y_t)", Formula.unicode(x.sum(TOKENS).dividedBy(length()).node()));
    assertEquals(
        "Σ_t (log π(y_t) + 1)^2", Formula.unicode(x.shiftedBy(1).square().sum(TOKENS).node()));
  }

  @Test
  void selectionsAreIndicatorsOrCases() {
    Detached<Token> a = given("a", TOKEN);
    assertEquals(
        "1[a > 0]·log π(y_t)",
        Formula.unicode(select(a.positive(), logProb(), constant(0, TOKEN)).node()));
    assertEquals(
        "{a if a ≤ 2; -a otherwise}",
        Formula.unicode(select(a.atMost(constant(2, TOKEN)), a, a.negated()).node()));
  }

  @Test
  void narrowedMeansCountWhatTheyKeep() {
    Detached<Token> a = given("a", TOKEN);
    assertEquals(
        "(1/(Σ_t 1[a > 0])) Σ_t 1[a > 0]·a",
        Formula.unicode(a.mean(TOKENS.where(a.positive())).node()));
  }

  @Test
  void theSlopeOfTheRatioIsTheRatio() {
    Term<Token> logRatio = logProb().minus(oldLogProb());
    var slope = Nodes.unary(UnaryOp.EXP_SLOPE, logRatio.node());
    assertEquals(
        """
        exp(log π(y_t) - log π_old(y_t))
        exp saturates at ±700 (float64), ±80 (float32); its slope is 0 there\
        """,
        Formula.unicode(slope));
    assertEquals(
        """
        r^2
          where r = exp(log π(y_t) - log π_old(y_t))
        exp saturates at ±700 (float64), ±80 (float32); its slope is 0 there\
        """,
        Formula.unicode(Nodes.binary(lossmith.dsl.BinaryOp.TIMES, ratio().node(), slope)));
  }

  @Test
  void columnsOfStatisticsReadAsThePolicy() {
    var columns =
        Nodes.binary(
            lossmith.dsl.BinaryOp.PLUS,
            Nodes.trained("log_prob", Level.Name.TOKEN),
            Nodes.trained("entropy", Level.Name.TOKEN));
    assertEquals("log π(y_t) + H(π)", Formula.unicode(columns));
  }

  @Test
  void symbolsThatMeanTwoThingsArePrimed() {
    Term<Token> x = logProb().as("x");
    assertEquals(
        """
        L = (1/Σ|y|) Σ_{i,t} x·x'
          where x = log π(y_t)
          where x' = H(π)\
        """,
        Formula.unicode(minimise(x.times(entropy().as("x")).mean(ALL_TOKENS))));
  }

  private static final Set<String> ALL = HashSet.of("log_prob", "old_log_prob", "logits", "reward");

  private static String gradient(Loss loss, Surface surface, String input) {
    BoundLoss bound = BoundLoss.of(loss, surface, ALL.addAll(List.of("ref_log_prob", "advantage")));
    return Formula.unicode(input, bound.gradients().get(input).get()).lines().findFirst().get();
  }

  /** DeepSeekMath, eq 21, with the clip's guard: each token's weight is r·A while it is inside. */
  @Test
  void theGradientOfGrpoIsTheRatioTimesTheAdvantageInsideTheClip() {
    assertEquals(
        "∂L/∂log π(y_t) = -(1/(N·G·|y_i|))·1[r·A ≤ clip(r, 0.8, 1.3)·A]·r·A",
        gradient(grpo(), Surface.STATISTICS, "log_prob"));
    assertEquals(
        "∂L/∂z_v = -(1/(N·G·|y_i|))·1[r·A ≤ clip(r, 0.8, 1.3)·A]·r·A·(1[v = y_t] - π(v)) /"
            + " temperature",
        gradient(grpo(), Surface.LOGITS, "logits"));
  }

  /** Williams: the score times the return. */
  @Test
  void theGradientOfReinforceIsTheReturnTimesTheScore() {
    Loss loss = maximise(logProb().times(reward().per(TOKEN)).mean(ALL_TOKENS));
    assertEquals(
        "∂L/∂log π(y_t) = -(1/Σ|y|)·reward", gradient(loss, Surface.STATISTICS, "log_prob"));
    assertEquals(
        "∂L/∂z_v = -(1/Σ|y|)·reward·(1[v = y_t] - π(v)) / temperature",
        gradient(loss, Surface.LOGITS, "logits"));
  }

  /** MiniMax-M1, eq 4: the clipped ratio weights every token. */
  @Test
  void theGradientOfCispoKeepsEveryToken() {
    Detached<Token> a = given("advantage", TOKEN).as("A");
    Loss loss =
        maximise(
            ratio()
                .clip(Clip.around(0.2, 0.3))
                .stopGradient()
                .times(a)
                .times(logProb())
                .mean(ALL_TOKENS));
    assertEquals(
        "∂L/∂log π(y_t) = -(1/Σ|y|)·clip(r, 0.8, 1.3)·A",
        gradient(loss, Surface.STATISTICS, "log_prob"));
  }

  /** Schulman's k3 = e^d - d - 1 with d = log π_ref - log π has slope -(e^d - 1). */
  @Test
  void k3AndItsGradient() {
    Term<Token> d = referenceLogProb().minus(logProb());
    Loss loss = minimise(d.expRemainder().mean(ALL_TOKENS));
    assertEquals(
        "L = (1/Σ|y|) Σ_{i,t} (exp(log π_ref(y_t) - log π(y_t)) - (log π_ref(y_t) - log π(y_t)) -"
            + " 1)",
        Formula.unicode(loss));
    assertEquals(
        "∂L/∂log π(y_t) = -(1/Σ|y|)·(exp(log π_ref(y_t) - log π(y_t)) - 1)",
        gradient(loss, Surface.STATISTICS, "log_prob"));
    BoundLoss bound = BoundLoss.of(loss, Surface.STATISTICS, ALL.add("ref_log_prob"));
    assertEquals(
        "exp(x) - x - 1 holds x within ±700 (float64), ±80 (float32); its slope is 0 beyond",
        Formula.unicode("log_prob", bound.gradients().get("log_prob").get())
            .lines()
            .reduce((first, last) -> last)
            .get()
            .strip());
  }

  /** What opens closes, and names that are not ASCII are commands. */
  @Test
  void latexIsBalanced() {
    Detached<Token> a = given("long_name", TOKEN);
    Term<Token> cases = select(a.above(entropy().stopGradient()), logProb(), a.scaledBy(1e-8));
    Loss loss = maximise(min(cases, ratio().times(a)).dividedBy(a.exp()).mean(ALL_TOKENS));
    for (String latex : List.of(Formula.latex(grpo()), Formula.latex(loss))) {
      assertEquals(count(latex, "\\{"), count(latex, "\\}"), latex);
      assertEquals(count(latex, "\\\\left\\("), count(latex, "\\\\right\\)"), latex);
      assertEquals(count(latex, "\\\\begin\\{"), count(latex, "\\\\end\\{"), latex);
      assertEquals(0, count(latex, "[^\\x00-\\x7f]"), latex);
    }
  }

  private static long count(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }

  @Test
  void boundsReadOnePlusAndOneMinus() {
    Clip clip = Clip.around(parameter("low", 0.2, 0, 1), parameter("high", 0.2, 0, 1));
    assertEquals(
        "clip(r, 1 - low, 1 + high)",
        Formula.unicode(ratio().clip(clip).node()).lines().findFirst().get());
  }

  @Test
  void numbersReadAsTheirAuthorWroteThem() {
    Detached<Token> a = given("a", TOKEN);
    assertEquals("0.1·a", Formula.unicode(a.scaledBy(1 - 0.9).node()));
    assertEquals("a + log(2)", Formula.unicode(a.shiftedBy(Math.log(2)).node()));
    assertEquals("a + log(0.5)", Formula.unicode(a.shiftedBy(Math.log(0.5)).node()));
    assertEquals("a - log(1.001)", Formula.unicode(a.shiftedBy(-Math.log(1.001)).node()));
    assertEquals("a + 0.3333333333333333", Formula.unicode(a.shiftedBy(1.0 / 3).node()));
    assertTrue(Formula.latex(a.shiftedBy(Math.log(2)).node()).contains("\\log\\left(2\\right)"));
  }

  @Test
  void zeroAddsNothing() {
    Detached<Token> a = given("a", TOKEN);
    assertEquals("a", Formula.unicode(a.shiftedBy(0).node()));
    assertEquals("1 / a", Formula.unicode(constant(1, TOKEN).dividedBy(a.shiftedBy(0)).node()));
    assertEquals("0", Formula.unicode(constant(0, TOKEN).shiftedBy(0).node()));
  }

  @Test
  void aChainOfBoundsIsOneRelation() {
    Detached<Token> a = given("a", TOKEN);
    Detached<Token> low = given("low", TOKEN);
    assertEquals(
        "1[low < a ≤ 3]·a",
        Formula.unicode(
            select(a.above(low).and(a.atMost(constant(3, TOKEN))), a, constant(0, TOKEN)).node()));
  }

  @Test
  void aScanIsItsRecurrence() {
    Detached<Token> gamma = parameter("gamma", 0.9, 0, 1).per(TOKEN);
    assertEquals(
        """
        S_t
          where S_t = a + gamma·S_{t+1}\
        """,
        Formula.unicode(Terms.scanBackward(given("a", TOKEN), gamma).node()));
  }

  @Test
  void probabilitiesAreNotExponentialsOfLogarithms() {
    assertEquals("π_old(y_t)", Formula.unicode(oldLogProb().exp().node()));
    assertEquals(
        "Σ_v π(v)·log π_ref(v)",
        Formula.unicode(Terms.expected(Terms.logPi(), Terms.referenceLogPi()).node()));
  }
}
