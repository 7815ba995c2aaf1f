package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;

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
