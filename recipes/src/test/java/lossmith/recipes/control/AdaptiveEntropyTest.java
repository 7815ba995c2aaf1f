package lossmith.recipes.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TRL's controller, by its source: target 0.2, steps of 0.005, coefficients in [0, 1]. */
final class AdaptiveEntropyTest {
  private static final AdaptiveEntropy CONTROL = AdaptiveEntropy.trl();

  @Test
  void stepsTowardsTheTarget() {
    assertEquals(0.015, CONTROL.next(0.01, 0.1), 1e-15);
    assertEquals(0.015, CONTROL.next(0.01, 0.2), 1e-15);
    assertEquals(0.005, CONTROL.next(0.01, 0.3), 1e-15);
  }

  @Test
  void staysWithinItsBounds() {
    assertEquals(0, CONTROL.next(0.002, 0.3));
    assertEquals(1, CONTROL.next(0.998, 0.1));
  }

  @Test
  void saysWhereItIsHeld() {
    assertEquals("clamped to 0.0: the rule gives -0.003", CONTROL.step(0.002, 0.3).reason().get());
    assertEquals("clamped to 1.0: the rule gives 1.003", CONTROL.step(0.998, 0.1).reason().get());
    assertTrue(CONTROL.step(0.01, 0.3).reason().isEmpty());
    AdaptiveEntropy within = new AdaptiveEntropy(0.2, 0.5, 0.1, 0.4);
    assertEquals(0.4, within.next(0.1, 0));
    assertEquals(0.1, within.next(0.4, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "0.01, NaN, 1",
    "0.01, Infinity, 1",
    "0.01, -0.1, 1",
    "-0.01, 0.1, 1",
    "NaN, 0.1, 1",
    "1.5, 0.3, 1",
    "Infinity, -Infinity, 2"
  })
  void whatIsNoNumberOrOutOfRangeIsRefused(double coefficient, double entropy, int problems) {
    var next = assertThrows(ProblemException.class, () -> CONTROL.step(coefficient, entropy));
    assertEquals(problems, next.problems().size(), next.toString());
    var applied =
        assertThrows(
            ProblemException.class, () -> assertEquals(0, CONTROL.applied(coefficient, entropy)));
    assertEquals(problems, applied.problems().size(), applied.toString());
  }

  /** An entropy of 0 may come out a little below it. */
  @Test
  void roundingIsNoMistake() {
    assertEquals(0.015, CONTROL.next(0.01, -1e-7), 1e-15);
  }

  @ParameterizedTest
  @CsvSource({"NaN, 0.1, 0, 1", "0.2, Infinity, 0, 1", "0.2, 0.1, NaN, 1", "0.2, 0.1, 0, NaN"})
  void settingsAreNumbers(double target, double step, double low, double high) {
    assertThrows(ProblemException.class, () -> new AdaptiveEntropy(target, step, low, high));
  }

  @Test
  void isAppliedOnlyBelowTheTarget() {
    assertEquals(0.01, CONTROL.applied(0.01, 0.2));
    assertEquals(0, CONTROL.applied(0.01, 0.21));
  }

  @Test
  void namesEveryWrongSetting() {
    ProblemException wrong =
        assertThrows(ProblemException.class, () -> new AdaptiveEntropy(-1, 0, -2, -3));
    assertEquals(4, wrong.problems().size());
  }
}
