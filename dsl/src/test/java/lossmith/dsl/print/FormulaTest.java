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

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Nodes;
import lossmith.dsl.Term;
import lossmith.dsl.UnaryOp;
import org.junit.jupiter.api.Test;

/** Formulas as a textbook writes them. */
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
        objective = -(1/N) Σ_g (1/G) Σ_i (1/|y_i|) Σ_t min(r·A, clip(r, 0.8, 1.3)·A)
          where r = exp(log π(y_t) - log π_old(y_t))
          where A = reward - (1/G) Σ_i reward""",
        Formula.unicode(grpo()));
  }

  @Test
  void grpoInLatex() {
    assertEquals(
        """
        \\mathrm{objective} = -\\frac{1}{N} \\sum_{g} \\frac{1}{G} \\sum_{i} \\frac{1}{|y_i|} \\sum_{t} \
        \\min\\left(r \\cdot A, \\operatorname{clip}\\left(r, 0.8, 1.3\\right) \\cdot A\\right)
          where r = \\exp\\left(\\log \\pi(y_t) - \\log \\pi_{\\mathrm{old}}(y_t)\\right)
          where A = \\mathrm{reward} - \\frac{1}{G} \\sum_{i} \\mathrm{reward}""",
        Formula.latex(grpo()));
  }

  @Test
  void dapoCountsAllTokens() {
    assertEquals(
        "(1/Σ|y|) Σ_{i,t} sg(log π(y_t))·H(π)",
        Formula.unicode(logProb().stopGradient().times(entropy()).mean(ALL_TOKENS).node()));
  }

  @Test
  void bracketsStandWhereTheyMust() {
    Term<Token> x = logProb();
    assertEquals(
        "(log π(y_t) - log π_ref(y_t))·beta - (log π_ref(y_t) - log π_old(y_t))",
        Formula.unicode(
            x.minus(referenceLogProb())
                .scaledBy(parameter("beta", 0.1, 0, 1))
                .minus(referenceLogProb().minus(oldLogProb()))
                .node()));
    assertEquals(
        "(Σ_t log π(y_t)) / |y_i|", Formula.unicode(x.sum(TOKENS).dividedBy(length()).node()));
    assertEquals(
        "Σ_t (log π(y_t) + 1)^2", Formula.unicode(x.shiftedBy(1).square().sum(TOKENS).node()));
  }

  @Test
  void selectionsAreIndicatorsOrCases() {
    Detached<Token> a = given("a", TOKEN);
    assertEquals(
        "1[0 < a]·log π(y_t)",
        Formula.unicode(select(a.positive(), logProb(), constant(0, TOKEN)).node()));
    assertEquals(
        "{a if a ≤ 2; -a otherwise}",
        Formula.unicode(select(a.atMost(constant(2, TOKEN)), a, a.negated()).node()));
  }

  @Test
  void narrowedMeansCountWhatTheyKeep() {
    Detached<Token> a = given("a", TOKEN);
    assertEquals(
        "(1/(Σ_t 1[0 < a])) Σ_t 1[0 < a]·a",
        Formula.unicode(a.mean(TOKENS.where(a.positive())).node()));
  }

  @Test
  void theSlopeOfTheRatioIsTheRatio() {
    Term<Token> logRatio = logProb().minus(oldLogProb());
    var slope = Nodes.unary(UnaryOp.EXP_SLOPE, logRatio.node());
    assertEquals(
        """
        exp(log π(y_t) - log π_old(y_t))
        exp saturates at ±700 (float64), ±80 (float32); its slope is 0 there""",
        Formula.unicode(slope));
    assertEquals(
        """
        r·r
          where r = exp(log π(y_t) - log π_old(y_t))
        exp saturates at ±700 (float64), ±80 (float32); its slope is 0 there""",
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
        loss = (1/Σ|y|) Σ_{i,t} x·x'
          where x = log π(y_t)
          where x' = H(π)""",
        Formula.unicode(minimise(x.times(entropy().as("x")).mean(ALL_TOKENS))));
  }
}
