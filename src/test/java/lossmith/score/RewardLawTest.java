package lossmith.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RewardLawTest {
  private static final int STEPS = 120;

  private static double[] falling() {
    double[] entropy = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      entropy[i] = 0.05 + 0.9 * Math.exp(-i / 30.0);
    }
    return entropy;
  }

  /** 2 − 0.5 exp(H), and an error of which half is left a step later. */
  private static double[] rewards(double[] entropy, double size) {
    Random random = new Random(5);
    double[] reward = new double[STEPS];
    double error = 0;
    for (int i = 0; i < STEPS; i++) {
      error = 0.5 * error + size * random.nextGaussian();
      reward[i] = 2 - 0.5 * Math.exp(entropy[i]) + error;
    }
    return reward;
  }

  @Test
  void whereTheLawHoldsTheFirstStepsForecastTheLast() {
    double[] entropy = falling();
    RewardLaw law = RewardLaw.of(entropy, rewards(entropy, 0)).get();
    assertEquals(0.5, law.a().value(), 1e-9);
    assertEquals(2, law.b().low(), 1e-9);
    assertEquals(1.5, law.ceiling(), 1e-9);
    RewardLaw.Early early = law.early().get();
    assertEquals(18, early.steps());
    assertEquals(1.5, early.ceiling(), 1e-9);
    assertEquals(early.measured(), early.forecast(), 1e-5);
  }

  @Test
  void theIntervalHoldsTheTruthAndIsWiderThanOneOfIndependentErrors() {
    double[] entropy = falling();
    RewardLaw law = RewardLaw.of(entropy, rewards(entropy, 0.03)).get();
    assertTrue(law.a().low() < 0.5 && 0.5 < law.a().high(), law.toString());
    assertTrue(law.b().low() < 2 && 2 < law.b().high(), law.toString());
    EntropyFit.Estimate student = law.fit().a();
    assertTrue(law.a().high() - law.a().low() > student.high() - student.low(), law.toString());
  }

  @Test
  void whatCannotBeFittedHasNoLaw() {
    assertTrue(RewardLaw.of(new double[] {0.1, 0.1, 0.1}, new double[] {1, 2, 3}).isEmpty());
    assertTrue(RewardLaw.of(new double[] {0.1, 0.2}, new double[] {1, 2}).isEmpty());
    assertTrue(
        RewardLaw.of(new double[] {0.3, 0.2, 0.1}, new double[] {1, 2, 3}).get().early().isEmpty(),
        "a first step alone");
  }
}
