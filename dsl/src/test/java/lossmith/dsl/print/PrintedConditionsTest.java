package lossmith.dsl.print;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.select;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.Axis;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import org.junit.jupiter.api.Test;

/** Conditions, and what stands where they hold. */
final class PrintedConditionsTest {
  @Test
  void aBoundStandsOnTheRight() {
    Term<Token> low = parameter("low", 0.2, 0, 1).per(TOKEN);
    Detached<Token> r = given("r", TOKEN);
    Detached<Token> mean = r.mean(TOKENS).per(TOKEN);
    assertEquals("1[r ≥ 1 - low]", shown(r.atLeast(low.negated().shiftedBy(1).stopGradient())));
    assertEquals("1[r > (1/|y_i|) Σ_t r]", shown(r.above(mean)));
    assertEquals("1[(1/|y_i|) Σ_t r > 0]", shown(mean.positive()));
    assertEquals("1[-1 ≤ r ≤ 1]", shown(r.atMost(one()).and(r.atLeast(one().negated()))));
    assertEquals("1[r > 0 ∧ low < 0]", shown(r.positive().and(low.stopGradient().negative())));
  }

  private static Detached<Token> one() {
    return constant(1, TOKEN);
  }

  private static String shown(Condition<Token> when) {
    return Formula.unicode(when.indicator().node());
  }

  @Test
  void casesInCasesAreOneList() {
    Detached<Token> a = given("a", TOKEN);
    Term<Token> inner = select(a.negative(), a.scaledBy(2), a.square());
    assertEquals(
        "{3·a if a > 0; 2·a if a < 0; a^2 otherwise}",
        Formula.unicode(select(a.positive(), a.scaledBy(3), inner).node()));
  }

  /** A division that is safe where the divisor is 0, for the side that counts. */
  @Test
  void whatIsDividedWhereItMayBeReadsAsADivision() {
    Detached<Token> a = given("a", TOKEN);
    Detached<Token> safe = select(a.positive(), a, one());
    assertEquals(
        "1[a > 0]·b / sqrt(a)",
        Formula.unicode(
            select(a.positive(), given("b", TOKEN).dividedBy(safe.sqrt()), constant(0, TOKEN))
                .node()));
  }

  /** The same where the divisor belongs to the response and the sum to its tokens. */
  @Test
  void whatIsDividedOncePerResponseReadsAsADivisionToo() {
    Detached<Sequence> mean = given("a", TOKEN).mean(TOKENS);
    Detached<Sequence> safe = select(mean.positive(), mean, constant(1, Axis.SEQUENCE));
    Detached<Token> b = given("b", TOKEN);
    assertEquals(
        "1[(1/|y_i|) Σ_t a > 0]·b / ((1/|y_i|) Σ_t a)",
        Formula.unicode(
            select(mean.positive().per(TOKEN), b.dividedBy(safe.per(TOKEN)), constant(0, TOKEN))
                .node()));
    assertEquals(
        "1[(1/|y_i|) Σ_t a ≤ 0]·b",
        Formula.unicode(
            select(
                    mean.positive().per(TOKEN).not(),
                    b.dividedBy(safe.per(TOKEN)),
                    constant(0, TOKEN))
                .node()));
  }
}
