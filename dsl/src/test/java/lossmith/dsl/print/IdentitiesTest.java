package lossmith.dsl.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Range;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import org.junit.jupiter.api.Test;

/** Identities of school that make a formula as short as the one in the paper. */
final class IdentitiesTest {
  private static final Level.Name TOKEN = Level.Name.TOKEN;
  private static final Node A = Nodes.given("a", TOKEN);
  private static final Node B = Nodes.given("b", TOKEN);
  private static final Node C = Nodes.given("c", TOKEN);
  private static final Node LOG_PI = Nodes.trained("log_pi", Level.Name.VOCABULARY);
  private static final Node LOG_REF = Nodes.given("ref_log_pi", Level.Name.VOCABULARY);

  private static Node plus(Node x, Node y) {
    return Nodes.binary(BinaryOp.PLUS, x, y);
  }

  private static Node minus(Node x, Node y) {
    return Nodes.binary(BinaryOp.MINUS, x, y);
  }

  private static Node times(Node x, Node y) {
    return Nodes.binary(BinaryOp.TIMES, x, y);
  }

  private static Node over(Node x, Node y) {
    return Nodes.binary(BinaryOp.DIVIDE, x, y);
  }

  private static Node number(double x) {
    return Nodes.constant(x, TOKEN);
  }

  private static Node log(Node x) {
    return Nodes.unary(UnaryOp.LOG, x);
  }

  private static void prints(String expected, Node node) {
    assertEquals(expected, Formula.unicode(node));
  }

  @Test
  void whatSummandsShareStandsBeforeTheBracket() {
    prints("a·(b + c)", plus(times(A, B), times(A, C)));
    prints("a·(b - 1)", minus(times(A, B), A));
    prints("(b - c) / a", minus(over(B, A), over(C, A)));
    prints("a·(b + 1)·c", times(plus(times(A, B), A), C));
    prints("a·b + c", plus(times(A, B), C));
  }

  @Test
  void aBigSumStaysInItsSummand() {
    Node sum = Nodes.broadcast(Nodes.reduce(ReduceOp.SUM, A, Level.Name.BATCH, 0, none()), TOKEN);
    prints("b·Σ_{i,t} a + c·Σ_{i,t} a", plus(times(sum, B), times(sum, C)));
  }

  private static Option<Node> none() {
    return Option.none();
  }

  @Test
  void whatStandsOverAndUnderCancels() {
    prints("b", over(times(A, B), A));
    prints("1 / a", over(A, Nodes.unary(UnaryOp.SQUARE, A)));
    prints("b / c", times(over(B, A), over(A, C)));
    prints("a^2·b", times(times(A, B), A));
  }

  @Test
  void whatIsAddedAndTakenAwayIsGone() {
    prints("b", minus(plus(A, B), A));
    prints("0", minus(A, A));
    prints("c·(b - 2)", minus(times(minus(plus(A, B), A), C), times(number(2), C)));
  }

  @Test
  void bracketsAreOpenedWhereSomethingCancels() {
    prints("a - b", minus(plus(A, number(1)), plus(B, number(1))));
    prints("a - (b - c)", minus(A, minus(B, C)));
    prints(
        "a·b - c",
        minus(plus(times(A, plus(B, C)), number(2)), plus(times(A, C), plus(C, number(2)))));
    Node alpha = Nodes.broadcast(Nodes.parameter("alpha", new Range(0.5, 0, 1)), TOKEN);
    Node rest = minus(number(1), alpha);
    prints("alpha·a", minus(plus(times(A, alpha), rest), minus(number(1), alpha)));
    prints("(1 - alpha)·(a + b) + c", plus(plus(times(A, rest), C), times(rest, B)));
  }

  @Test
  void theSignIsWhereItReadsBest() {
    Node less = Nodes.unary(UnaryOp.NEGATE, minus(A, B));
    prints("tanh(b - a)", Nodes.unary(UnaryOp.TANH, less));
    prints("-(a + b)", Nodes.unary(UnaryOp.NEGATE, plus(A, B)));
    Node most = minus(minus(C, A), B);
    prints("c·(a - c + b)", times(C, Nodes.unary(UnaryOp.NEGATE, most)));
    prints("c·(c - a - b)", times(C, most));
    prints("-c·(a + b)", times(C, minus(Nodes.unary(UnaryOp.NEGATE, A), B)));
  }

  @Test
  void aFunctionNeedsNoBracketsUnderAPower() {
    Node held = Nodes.clip(A, number(0), number(2));
    prints("clip(a, 0, 2)^2", Nodes.unary(UnaryOp.SQUARE, held));
    prints("(a + b)^2", Nodes.unary(UnaryOp.SQUARE, plus(A, B)));
    prints("log a", log(A));
    prints("log(a + b)", log(plus(A, B)));
  }

  @Test
  void aNumberStandsOverACount() {
    Node size = Nodes.broadcast(Nodes.count(TOKEN, Level.Name.SEQUENCE, none()), TOKEN);
    prints("(2/|y_i|)·a", over(times(number(2), A), size));
    prints("2/|y_i|", over(number(2), size));
    prints("a - 1/|y_i|", minus(A, over(number(1), size)));
    prints("1 / (0.05·|y_i|)", over(number(1), times(size, number(0.05))));
  }

  @Test
  void numbersAreMultiplied() {
    prints("a·b", times(times(number(0.5), A), times(number(2), B)));
    prints("6·a", times(number(2), times(number(3), A)));
  }

  @Test
  void aSumThatIsAddedNeedsNoBrackets() {
    Node shared = plus(times(C, plus(A, B)), C);
    prints("c·(a + b + 1)", shared);
    prints("c·(1 - (a + b))", minus(C, times(C, plus(A, B))));
  }

  @Test
  void aWeightOfParametersStandsInFront() {
    Node alpha = Nodes.broadcast(Nodes.parameter("alpha", new Range(0.5, 0, 1)), TOKEN);
    Node rest = minus(number(1), alpha);
    prints("alpha·a + (1 - alpha)·b", plus(times(A, alpha), times(B, rest)));
  }

  /** Bradley and Terry: log σ, and σ where it is exponentiated. */
  @Test
  void theLogarithmOfAProbabilityHasNoBracketsAndItsExponentialNoLogarithm() {
    Node logSigmoid = Nodes.unary(UnaryOp.LOG_SIGMOID, A);
    prints("b·log σ(a)", times(logSigmoid, B));
    prints("σ(a)·b", Nodes.binary(BinaryOp.PROB_TIMES, logSigmoid, B));
    prints("(log σ(a))^2", Nodes.unary(UnaryOp.SQUARE, logSigmoid));
    prints("a", Nodes.unary(UnaryOp.EXP, log(A)));
    assertTrue(Formula.latex(logSigmoid).contains("\\log \\sigma\\left(a\\right)"));
  }

  /** Agarwal et al., eq 2: the mixture is β P + (1 − β) π. */
  @Test
  void aMixtureInLogarithmsIsOneOfProbabilities() {
    Node beta = Nodes.parameter("beta", new Range(0.5, 0, 1));
    Node teacher = plus(LOG_REF, entries(log(beta)));
    Node policy = plus(LOG_PI, entries(log(minus(Nodes.constant(1, Level.Name.BATCH), beta))));
    prints(
        "log(beta·π_ref(v) + (1 - beta)·π(v))",
        Nodes.binary(BinaryOp.LOG_ADD_EXP, teacher, policy));
    prints(
        "(1 - beta)·π(v) / (beta·π_ref(v) + (1 - beta)·π(v))",
        Nodes.binary(BinaryOp.SIGMOID_DIFF, policy, teacher));
    prints("log(exp(a) + exp(b))", Nodes.binary(BinaryOp.LOG_ADD_EXP, A, B));
    prints("σ(a - b)", Nodes.binary(BinaryOp.SIGMOID_DIFF, A, B));
  }

  private static Node entries(Node parameter) {
    return Nodes.broadcast(parameter, Level.Name.VOCABULARY);
  }

  @Test
  void aMultipleOfALogarithmIsAPower() {
    Node twice = times(Nodes.constant(2, Level.Name.VOCABULARY), LOG_PI);
    prints("π(v)^2", Nodes.unary(UnaryOp.EXP, twice));
    prints("sg(π(v))", Nodes.unary(UnaryOp.EXP, Nodes.stopGradient(LOG_PI)));
    prints("exp(log π(v) - log π_ref(v))", Nodes.unary(UnaryOp.EXP, minus(LOG_PI, LOG_REF)));
  }

  private static String latex(Node node) {
    String display = Formula.latex(node);
    return display.substring("\\begin{aligned}\n".length(), display.indexOf("\n\\end"));
  }

  @Test
  void theLineOfAFractionIsItsBracket() {
    assertEquals("\\frac{a + b}{c - a}", latex(over(plus(A, B), minus(C, A))));
    assertEquals("\\frac{(a + b) \\cdot c}{a}", latex(over(times(plus(A, B), C), A)));
  }

  @Test
  void lettersWithMarksAreCommandsInLatex() {
    String[][] written = {
      {"ℓ", "\\ell"},
      {"Â", "\\hat{A}"},
      {"d²", "d^{2}"},
      {"M₂", "M_{2}"},
      {"π↓", "\\pi^{\\downarrow}"},
      {"R_θ", "R_{\\theta}"},
    };
    for (String[] one : written) {
      String display = latex(Nodes.named(A, one[0]));
      assertTrue(display.startsWith(one[1] + " \\\\\n"), display);
      assertTrue(Formula.latex(Nodes.named(A, one[0])).chars().allMatch(c -> c < 128), display);
    }
  }
}
