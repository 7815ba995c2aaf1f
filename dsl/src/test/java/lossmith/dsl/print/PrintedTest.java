package lossmith.dsl.print;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import org.junit.jupiter.api.Test;

/** What a value of the algebra prints as where it is looked at: its formula and its type. */
final class PrintedTest {
  @Test
  void aTermSaysWhetherItIsLive() {
    Term<Token> logProb = logProb();
    assertEquals("log π(y_t)   Term<Token>, live", logProb.toString());
    assertEquals("reward   Detached<Sequence>", reward().toString());
    Term<Token> spread = reward().per(Axis.TOKEN);
    assertEquals("reward   Detached<Token>", spread.toString());
    // The sum of two terms of which the compiler does not know that they are detached.
    assertEquals(
        "reward + log π_old(y_t)   Term<Token>, without gradient",
        spread.plus(oldLogProb()).toString());
    assertEquals("beta   Parameter = 0.1 in [0, 1]", parameter("beta", 0.1, 0, 1).toString());
  }

  @Test
  void symbolsAreToldBelow() {
    assertEquals(
        """
        r·H(π)   Term<Token>, live
          where r = exp(log π(y_t) - log π_old(y_t))\
        """,
        ratio().times(entropy()).toString());
    assertEquals(
        """
        r > 1   Condition<Token>
          where r = exp(log π(y_t) - log π_old(y_t))\
        """,
        ratio().above(constant(1, Axis.TOKEN)).toString());
  }

  @Test
  void aLossSaysEachPartAndWhatItTrains() {
    Loss two =
        maximise(logProb().mean(ALL_TOKENS))
            .as("surrogate")
            .plus(minimise(entropy().mean(ALL_TOKENS)).as("low"));
    assertEquals(
        """
        L_surrogate = -(1/Σ|y|) Σ_{i,t} log π(y_t)
        L_low = (1/Σ|y|) Σ_{i,t} H(π)   Loss, trains policy\
        """,
        two.toString());
    assertTrue(two.training().toString().endsWith("Loss, trains nothing"), two::toString);
  }

  @Test
  void boundsPrintAsAnInterval() {
    assertEquals("[0.8, 1.28]", Clip.around(0.2, 0.28).toString());
  }

  @Test
  void reductionsPrintAsTheyAreWritten() {
    assertEquals("ALL_TOKENS", ALL_TOKENS.toString());
    assertEquals(
        "ALL_TOKENS.where(log π(y_t) < 0)", ALL_TOKENS.where(logProb().negative()).toString());
  }

  @Test
  void manySymbolsAreCounted() {
    Term<Token> all =
        List.range(0, 14)
            .map(i -> logProb().scaledBy(i + 2).tanh().as("x_" + i))
            .reduce(Term::plus);
    List<String> lines = List.of(all.toString().split("\n", -1));
    assertEquals(12, lines.size(), all::toString);
    assertEquals("  … and 4 symbols more", lines.last());
    assertFalse(lines.init().tail().exists(line -> !line.startsWith("  where ")), all::toString);
  }
}
