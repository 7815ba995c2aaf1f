package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;

class AdaptiveKlTest {
  private static final AdaptiveKl CONTROLLER = new AdaptiveKl(0.1, 100);

  @Test
  void theCoefficientFollowsTheError() {
    assertEquals(2, CONTROLLER.next(2, 0.1, 50), 1e-15);
    assertEquals(2 * (1 + 0.1 * 0.5), CONTROLLER.next(2, 0.11, 50), 1e-14);
  }

  @Test
  void anErrorBeyondAFifthCountsAsAFifth() {
    assertEquals(2 * 1.1, CONTROLLER.next(2, 50, 50), 1e-15);
    assertEquals(2 * 0.9, CONTROLLER.next(2, 0, 50), 1e-15);
  }

  @Test
  void everyRangeThatIsLeftIsReported() {
    var refused = assertThrows(ProblemException.class, () -> new AdaptiveKl(0, -1));
    assertEquals(2, refused.problems().size());
  }
}
