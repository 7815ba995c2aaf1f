package lossmith.recipes.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptiveKlTest {
  private static final AdaptiveKl CONTROLLER = new AdaptiveKl(0.1, 100);

  @Test
  void theCoefficientFollowsTheError() {
    assertEquals(2, CONTROLLER.next(2, 0.1, 50), 1e-15);
    assertEquals(2 * (1 + 0.1 * 0.5), CONTROLLER.next(2, 0.11, 50), 1e-14);
    assertEquals(0.1016, CONTROLLER.next(0.1, 0.3, 8), 1e-15);
  }

  @Test
  void anErrorBeyondAFifthCountsAsAFifth() {
    assertEquals(2 * 1.1, CONTROLLER.next(2, 50, 50), 1e-15);
    assertEquals(2 * 0.9, CONTROLLER.next(2, 0, 50), 1e-15);
  }

  @Test
  void anEstimateBelowZeroIsLegal() {
    assertEquals(0.0984, CONTROLLER.next(0.1, -0.2, 8), 1e-15);
    assertTrue(CONTROLLER.step(0.1, -0.2, 8).reason().isEmpty());
  }

  @Test
  void aCoefficientIsHeldAtZeroAndThatIsSaid() {
    ControlStep held = CONTROLLER.step(0.1, 0, 1000);
    assertEquals(0, held.coefficient());
    assertEquals("clamped to 0: the rule gives -0.1", held.reason().get());
    assertEquals(0, CONTROLLER.next(0.1, 0, 1000));
    ControlStep stays = CONTROLLER.step(0, 50, 8);
    assertEquals(0, stays.coefficient());
    assertTrue(stays.reason().get().startsWith("a coefficient of 0 stays 0"), stays.reason().get());
  }

  @Test
  void aCoefficientIsNeverNegative() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      double coefficient = Math.pow(10, random.nextInt(12) - 8);
      double divergence = random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3);
      double samples = Math.pow(10, random.nextInt(6));
      ControlStep step = CONTROLLER.step(coefficient, divergence, samples);
      double error = Math.max(-0.2, Math.min(0.2, divergence / 0.1 - 1));
      double rule = coefficient * (1 + error * samples / 100);
      assertEquals(Math.max(0, rule), step.coefficient());
      assertEquals(rule < 0, step.reason().isDefined());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, NaN, 8, 1",
    "0.1, Infinity, 8, 1",
    "0.1, -Infinity, 8, 1",
    "-0.1, 0.3, 8, 1",
    "NaN, 0.3, 8, 1",
    "0.1, 0.3, -1, 1",
    "0.1, 0.3, NaN, 1",
    "-1, NaN, -1, 3",
    "1e308, 50, 1e6, 1"
  })
  void whatIsNoNumberOrOutOfRangeIsRefused(
      double coefficient, double divergence, double samples, int problems) {
    var refused =
        assertThrows(
            ProblemException.class, () -> CONTROLLER.step(coefficient, divergence, samples));
    assertEquals(problems, refused.problems().size(), refused.toString());
    assertThrows(
        ProblemException.class,
        () -> assertEquals(0, CONTROLLER.next(coefficient, divergence, samples)));
  }

  @ParameterizedTest
  @CsvSource({"0, -1, 2", "NaN, 100, 1", "0.1, Infinity, 1", "Infinity, NaN, 2"})
  void everyRangeThatIsLeftIsReported(double target, double horizon, int problems) {
    var refused = assertThrows(ProblemException.class, () -> new AdaptiveKl(target, horizon));
    assertEquals(problems, refused.problems().size());
  }
}
