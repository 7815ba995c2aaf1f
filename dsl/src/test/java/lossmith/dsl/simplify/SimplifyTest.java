package lossmith.dsl.simplify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.print.Formula;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rewriting does to each shape what its rule says. */
final class SimplifyTest {
  private static final Level.Name TOKEN = Level.Name.TOKEN;
  private static final Node X = Nodes.given("x", TOKEN);
  private static final Node Y = Nodes.given("y", TOKEN);
  private static final Node P = Nodes.compare(CompareOp.BELOW, X, Y);
  private static final Node Q = Nodes.compare(CompareOp.EQUAL, X, number(1));
  private static final Node R = Nodes.compare(CompareOp.AT_MOST, Y, number(2));

  private static Node number(double value) {
    return Nodes.constant(value, TOKEN);
  }

  private static Node zero() {
    return number(0);
  }

  private static Node and(Node a, Node b) {
    return Nodes.logic(true, a, b);
  }

  private static Node or(Node a, Node b) {
    return Nodes.logic(false, a, b);
  }

  private static Node not(Node a) {
    return Nodes.not(a);
  }

  private static Node times(Node a, Node b) {
    return Nodes.binary(BinaryOp.TIMES, a, b);
  }

  private static Node plus(Node a, Node b) {
    return Nodes.binary(BinaryOp.PLUS, a, b);
  }

  private static Node minus(Node a, Node b) {
    return Nodes.binary(BinaryOp.MINUS, a, b);
  }

  private static Node divide(Node a, Node b) {
    return Nodes.binary(BinaryOp.DIVIDE, a, b);
  }

  private static Node negate(Node a) {
    return Nodes.unary(UnaryOp.NEGATE, a);
  }

  /** Both as the same simplifier makes them: equal means the very same node. */
  private static void becomes(Node expected, Node from) {
    Simplify s = new Simplify();
    assertEquals(Formula.unicode(s.of(expected)), Formula.unicode(s.of(from)));
  }

  @Test
  void anInfiniteFactorIsNegatedAsAnyOther() {
    Node infinite = number(Double.POSITIVE_INFINITY);
    becomes(negate(times(infinite, X)), times(number(Double.NEGATIVE_INFINITY), X));
    becomes(infinite, negate(number(Double.NEGATIVE_INFINITY)));
  }

  @Test
  void truthsAreNeutralOrDecide() {
    Node yes = Nodes.truth(true, TOKEN);
    Node no = Nodes.truth(false, TOKEN);
    becomes(P, and(yes, P));
    becomes(P, and(P, yes));
    becomes(no, and(no, P));
    becomes(no, and(P, no));
    becomes(P, or(no, P));
    becomes(P, or(P, no));
    becomes(yes, or(yes, P));
    becomes(yes, or(P, yes));
    becomes(no, not(yes));
    becomes(P, not(not(P)));
  }

  @Test
  void repeatedAndContradictoryConditionsVanish() {
    becomes(P, and(P, P));
    becomes(P, or(P, P));
    becomes(Nodes.truth(false, TOKEN), and(P, not(P)));
    becomes(Nodes.truth(true, TOKEN), or(not(P), P));
    becomes(and(P, Q), and(and(P, Q), P));
    becomes(and(Q, P), and(Q, and(P, Q)));
    becomes(or(P, Q), or(P, or(P, Q)));
    becomes(P, and(or(P, Q), P));
    becomes(P, and(P, or(Q, P)));
    becomes(P, or(and(P, Q), P));
    becomes(P, or(P, and(P, Q)));
    becomes(and(and(P, Q), R), and(and(and(P, Q), R), P));
    becomes(P, or(and(P, Q), and(P, not(Q))));
    becomes(Q, or(and(P, Q), and(not(P), Q)));
  }

  @Test
  void whatOneConditionDecidesTheOtherNeedNotSay() {
    Node no = Nodes.truth(false, TOKEN);
    becomes(or(P, Q), or(P, and(not(P), Q)));
    becomes(and(P, Q), and(P, or(not(P), Q)));
    becomes(Nodes.truth(true, TOKEN), or(or(P, and(not(P), Q)), and(not(P), not(Q))));
    becomes(and(P, or(Q, R)), or(and(P, Q), and(P, R)));
    becomes(or(P, and(Q, R)), and(or(P, Q), or(P, R)));
    becomes(no, and(P, Nodes.compare(CompareOp.BELOW, Y, X)));
    becomes(no, and(P, Nodes.compare(CompareOp.EQUAL, Y, X)));
    becomes(P, and(P, Nodes.compare(CompareOp.AT_MOST, X, Y)));
    becomes(and(not(P), Q), and(and(not(P), Q), not(and(P, R))));
  }

  /** x ≥ y holds where x < y does not, except where one of them is no number. */
  @Test
  void theOppositeOfLessIsNotAtLeast() {
    Node atLeast = Nodes.compare(CompareOp.AT_MOST, Y, X);
    Node kept = Nodes.select(not(P), Nodes.select(atLeast, X, Y), zero());
    String shown = "1[x ≥ y]·{x if y ≤ x; y otherwise}";
    assertEquals(shown, Formula.unicode(new Simplify().of(kept)));
  }

  @Test
  void namesAreSeenThrough() {
    Node above = Nodes.named(and(P, Q), "above");
    Node below = Nodes.named(and(Nodes.compare(CompareOp.BELOW, Y, X), R), "below");
    becomes(below, and(not(above), below));
    becomes(Nodes.truth(false, TOKEN), and(above, below));
    becomes(or(above, not(P)), or(above, and(not(above), not(P))));
  }

  @Test
  void aTermIsWhatItIsWhereItsConditionHolds() {
    Node either = Nodes.select(P, Y, number(1));
    becomes(Nodes.select(P, divide(X, Y), zero()), Nodes.select(P, divide(X, either), zero()));
    becomes(Nodes.select(not(P), X, zero()), Nodes.select(not(P), times(X, either), zero()));
    Node least = Nodes.binary(BinaryOp.MIN, X, Y);
    becomes(Nodes.select(P, times(Y, X), zero()), Nodes.select(P, times(Y, least), zero()));
    Node most = Nodes.binary(BinaryOp.MAX, X, Y);
    becomes(Nodes.select(P, times(X, Y), zero()), Nodes.select(P, times(X, most), zero()));
    Node held = Nodes.clip(Y, number(Double.NEGATIVE_INFINITY), number(2));
    becomes(Nodes.select(R, times(X, Y), zero()), Nodes.select(R, times(X, held), zero()));
    Node sum = plus(Nodes.select(and(P, Q), X, zero()), times(X, Y));
    Node less = plus(Nodes.select(Q, X, zero()), times(X, Y));
    becomes(Nodes.select(P, less, zero()), Nodes.select(P, sum, zero()));
  }

  /** Not through a sum over others, of which the condition of this one says nothing. */
  @Test
  void aConditionSaysNothingOfOtherElements() {
    Node total =
        Nodes.broadcast(
            Nodes.reduce(
                ReduceOp.SUM, Nodes.select(P, X, Y), Level.Name.SEQUENCE, 0, Option.none()),
            TOKEN);
    Node kept = Nodes.select(P, total, zero());
    assertEquals(
        "1[x < y]·Σ_t {x if x < y; y otherwise}", Formula.unicode(new Simplify().of(kept)));
  }

  @ParameterizedTest
  @CsvSource({
    "BELOW, 1, 2, true",
    "BELOW, 2, 2, false",
    "AT_MOST, 2, 2, true",
    "AT_MOST, 3, 2, false",
    "EQUAL, 2, 2, true",
    "EQUAL, 1, 2, false",
  })
  void constantsAreCompared(CompareOp op, double x, double y, boolean truth) {
    becomes(Nodes.truth(truth, TOKEN), Nodes.compare(op, number(x), number(y)));
  }

  @Test
  void comparisonsThatAlwaysComeOutTheSame() {
    becomes(Nodes.truth(false, TOKEN), Nodes.compare(CompareOp.BELOW, X, X));
    becomes(Nodes.truth(true, TOKEN), Nodes.compare(CompareOp.AT_MOST, X, X));
    becomes(Nodes.truth(true, TOKEN), Nodes.compare(CompareOp.EQUAL, X, X));
    Node low = number(Double.NEGATIVE_INFINITY);
    Node high = number(Double.POSITIVE_INFINITY);
    becomes(Nodes.truth(true, TOKEN), Nodes.compare(CompareOp.AT_MOST, low, X));
    becomes(Nodes.truth(true, TOKEN), Nodes.compare(CompareOp.AT_MOST, X, high));
  }

  @Test
  void selections() {
    becomes(X, Nodes.select(Nodes.truth(true, TOKEN), X, Y));
    becomes(Y, Nodes.select(Nodes.truth(false, TOKEN), X, Y));
    becomes(X, Nodes.select(P, X, X));
    becomes(Nodes.select(P, Y, X), Nodes.select(not(P), X, Y));
    becomes(
        Nodes.select(and(P, Q), X, zero()), Nodes.select(P, Nodes.select(Q, X, zero()), zero()));
    becomes(negate(Nodes.select(P, X, zero())), Nodes.select(P, negate(X), zero()));
    Node sum = plus(Nodes.select(and(P, Q), X, zero()), Nodes.select(P, Y, zero()));
    becomes(sum, Nodes.select(P, sum, zero()));
    Node difference = minus(Nodes.select(P, X, zero()), Nodes.select(P, Y, zero()));
    becomes(difference, Nodes.select(or(P, R), difference, zero()));
    becomes(
        Nodes.select(or(and(P, Q), and(not(P), R)), X, zero()),
        plus(Nodes.select(and(P, Q), X, zero()), Nodes.select(and(not(P), R), X, zero())));
  }

  @Test
  void aClipWhoseInsideIsKnownIsItsArgument() {
    Node clip = Nodes.clip(X, number(0.5), number(1.5));
    Node inside =
        and(
            Nodes.compare(CompareOp.AT_MOST, number(0.5), X),
            Nodes.compare(CompareOp.AT_MOST, X, number(1.5)));
    becomes(
        and(Nodes.compare(CompareOp.BELOW, X, Y), inside),
        and(Nodes.compare(CompareOp.BELOW, clip, Y), inside));
    becomes(
        and(inside, Nodes.compare(CompareOp.BELOW, Y, X)),
        and(inside, Nodes.compare(CompareOp.BELOW, Y, clip)));
  }

  @Test
  void arithmetic() {
    becomes(X, plus(X, zero()));
    becomes(X, plus(zero(), X));
    becomes(X, minus(X, zero()));
    becomes(negate(X), minus(zero(), X));
    becomes(zero(), minus(X, X));
    becomes(minus(X, Y), plus(X, negate(Y)));
    becomes(minus(Y, X), plus(negate(X), Y));
    becomes(plus(X, Y), minus(X, negate(Y)));
    becomes(zero(), times(X, zero()));
    becomes(X, times(number(1), X));
    becomes(X, times(X, number(1)));
    becomes(negate(times(X, Y)), times(negate(X), Y));
    becomes(negate(times(X, Y)), times(X, negate(Y)));
    becomes(times(number(6), X), times(number(2), times(number(3), X)));
    becomes(times(number(2), X), times(X, number(2)));
    becomes(X, negate(negate(X)));
    becomes(Nodes.unary(UnaryOp.ABS, X), Nodes.unary(UnaryOp.ABS, negate(X)));
    becomes(Nodes.unary(UnaryOp.SQUARE, X), Nodes.unary(UnaryOp.SQUARE, negate(X)));
    becomes(number(5), plus(number(2), number(3)));
    becomes(number(1), Nodes.unary(UnaryOp.EXP, zero()));
    Node over = Nodes.binary(BinaryOp.DIVIDE, X, Y);
    becomes(
        Nodes.binary(BinaryOp.DIVIDE, plus(X, Y), Y),
        plus(over, Nodes.binary(BinaryOp.DIVIDE, Y, Y)));
    becomes(Nodes.binary(BinaryOp.DIVIDE, times(X, X), Y), times(over, X));
    becomes(Nodes.binary(BinaryOp.DIVIDE, times(X, X), Y), times(X, over));
    becomes(Nodes.binary(BinaryOp.DIVIDE, X, times(Y, X)), Nodes.binary(BinaryOp.DIVIDE, over, X));
    becomes(X, Nodes.binary(BinaryOp.DIVIDE, X, number(1)));
    becomes(negate(over), Nodes.binary(BinaryOp.DIVIDE, negate(X), Y));
    becomes(X, Nodes.binary(BinaryOp.MIN, X, X));
  }

  @Test
  void oneHotRowsAreSummedInClosedForm() {
    Level.Name entry = Level.Name.VOCABULARY;
    Node spread = Nodes.broadcast(X, entry);
    Node two = Nodes.constant(2, entry);
    Node of = Nodes.binary(BinaryOp.TIMES, two, Nodes.unary(UnaryOp.TANH, spread));
    Node row = Nodes.select(Nodes.sampled(), of, Nodes.constant(0, entry));
    becomes(
        times(number(2), Nodes.unary(UnaryOp.TANH, X)),
        Nodes.reduce(ReduceOp.SUM, row, TOKEN, 0, Option.none()));
    becomes(
        negate(X),
        Nodes.reduce(
            ReduceOp.SUM,
            negate(Nodes.select(Nodes.sampled(), spread, Nodes.constant(0, entry))),
            TOKEN,
            0,
            Option.none()));
  }

  @Test
  void aProductWithAProbabilityIsTakenWhereTheProbabilityIsNotZero() {
    Level.Name entry = Level.Name.VOCABULARY;
    Node u = Nodes.given("u", entry);
    Node a = Nodes.given("a", entry);
    Node weighted = Nodes.binary(BinaryOp.PROB_TIMES, u, a);
    Simplify s = new Simplify();
    Node product = Nodes.binary(BinaryOp.PROB_TIMES, u, Nodes.binary(BinaryOp.TIMES, a, u));
    assertEquals(s.of(product), s.of(Nodes.binary(BinaryOp.TIMES, weighted, u)));
    Node twice = Nodes.binary(BinaryOp.TIMES, Nodes.constant(2, entry), weighted);
    Node expected = Nodes.binary(BinaryOp.TIMES, Nodes.constant(2, entry), product);
    assertEquals(s.of(expected), s.of(Nodes.binary(BinaryOp.TIMES, twice, u)));
  }
}
