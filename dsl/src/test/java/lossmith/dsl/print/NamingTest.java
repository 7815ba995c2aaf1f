package lossmith.dsl.print;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.select;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashSet;
import lossmith.dsl.Clip;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import org.junit.jupiter.api.Test;

/** A formula says a long thing once. */
final class NamingTest {
  /** Mitchell's cDPO: both ways round with one margin, which is written once. */
  private static Loss conservative() {
    Term<Group> margin =
        logProb()
            .minus(referenceLogProb())
            .times(given("s", TOKEN))
            .sum(TOKENS)
            .sum(SEQUENCES)
            .scaledBy(parameter("beta", 0.1, 0, 1));
    return maximise(
        margin
            .logSigmoid()
            .scaledBy(0.9)
            .plus(margin.negated().logSigmoid().scaledBy(0.1))
            .mean(GROUPS));
  }

  @Test
  void whatIsLongAndUsedTwiceGetsAName() {
    assertEquals(
        """
        L = -(1/N) Σ_g (0.9·log σ(X) + 0.1·log σ(-X))
          where X = beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s\
        """,
        Formula.unicode(conservative()));
    assertEquals(
        """
        \\begin{aligned}
        L &= -\\frac{1}{N} \\sum_{g} (0.9 \\cdot \\log \\sigma\\left(X\\right) \
        + 0.1 \\cdot \\log \\sigma\\left(-X\\right)) \\\\
        \\text{where } X &= \\beta \\cdot \\sum_{i} \\sum_{t} \
        (\\log \\pi(y_t) - \\log \\pi_{\\text{ref}}(y_t)) \\cdot s
        \\end{aligned}\
        """,
        Formula.latex(conservative()));
  }

  @Test
  void whatIsShortIsWrittenAgain() {
    Term<Token> x = logProb().minus(oldLogProb());
    assertEquals(
        "(log π(y_t) - log π_old(y_t))·tanh(log π(y_t) - log π_old(y_t))",
        Formula.unicode(x.times(x.tanh()).node()));
  }

  @Test
  void aNameIsOneThatNobodyChose() {
    Term<Token> a = given("Y", TOKEN).as("X").times(ratio()).minus(given("Z", TOKEN));
    Term<Token> long1 = a.tanh().shiftedBy(parameter("U", 1, 0, 2)).clip(Clip.around(0.1, 0.2));
    Term<Token> once = min(long1.exp(), long1).plus(long1.tanh());
    assertEquals(
        "min(exp(W), W) + tanh(W)", Formula.unicode(once.node()).lines().findFirst().get());
  }

  /** What its author named is called that everywhere; a name for a name is none. */
  @Test
  void aNameOfTheAuthorIsUsedWhereverThePartStands() {
    Term<Token> x = logProb().minus(oldLogProb());
    Term<Token> twice = x.tanh().plus(x.as("d")).plus(x.as("d").as("e"));
    assertEquals(
        """
        tanh(d) + d + e
          where d = log π(y_t) - log π_old(y_t)
          where e = d\
        """,
        Formula.unicode(twice.node()));
    assertEquals(
        "e\n  where e = log π(y_t) - log π_old(y_t)", Formula.unicode(x.as("d").as("e").node()));
  }

  /** log Z is the logarithm of Z, so that e^(log Z) is Z. */
  @Test
  void aSymbolThatIsALogarithmIsReadAsOne() {
    Term<Token> log = entropy().as("logZ");
    assertEquals("Z·log Z\n  where log Z = H(π)", Formula.unicode(log.times(log.exp()).node()));
  }

  /**
   * dL/dz_v = (G_v − π_v Σ_u G_u) / T with G = ∂L/∂log π: for L = mean Σ_v (π_v − p_v)² it is G_v =
   * 2 π_v (π_v − p_v) / Σ|y|, which stands there twice.
   */
  @Test
  void theSlopeAtLogPiIsNamedWhereTheSoftmaxNeedsItTwice() {
    Term<Vocabulary> pi = Terms.logPi().exp();
    Term<Vocabulary> apart = pi.minus(Terms.referenceLogPi().exp());
    Term<Vocabulary> likely =
        select(
            Terms.referenceLogPi().above(constant(-3, VOCABULARY_ENTRY)),
            apart.square(),
            constant(0, VOCABULARY_ENTRY));
    Loss loss = minimise(likely.sum(VOCABULARY).mean(ALL_TOKENS));
    BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, HashSet.of("logits", "ref_log_pi"));
    assertEquals(
        """
        ∂L/∂z_v = (X - π(v)·Σ_v X) / temperature
          where X = (2/Σ|y|)·1[log π_ref(v) > -3]·π(v)·(π(v) - π_ref(v))
        exp saturates at ±700 (float64), ±80 (float32); its slope is 0 there\
        """,
        Formula.unicode("logits", bound.gradients().get("logits").get()));
  }
}
