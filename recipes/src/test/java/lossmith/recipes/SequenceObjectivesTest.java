package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.policy.Gspo;
import lossmith.recipes.policy.GspoSequence;
import lossmith.recipes.policy.Luspo;
import org.junit.jupiter.api.Test;

class SequenceObjectivesTest {
  private static final Conventions PAPER = Conventions.paper();

  /** One prompt, responses of two tokens and of one, A = (1, −1); log-ratios as given. */
  private static Samples twoAndOne(double first, double second, double third) {
    return new SamplesBuilder(new int[] {2, 1}, new int[] {0, 0})
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {-1, -2, -3})
        .column(
            Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1 + first, -2 + second, -3 + third})
        .build();
  }

  @Test
  void gspoWeighsResponsesEqually() {
    Loss loss = new GspoSequence().loss(PAPER);
    Samples samples = twoAndOne(0, 0, 0);
    assertEquals(0, Small.value(loss, samples), 1e-15);
    assertArrayEquals(new double[] {-0.25, -0.25, 0.5}, Small.gradient(loss, samples), 1e-15);
  }

  @Test
  void luspoWeighsResponsesByTheirTokens() {
    Loss loss = new Luspo().loss(PAPER);
    Samples samples = twoAndOne(0, 0, 0);
    assertEquals(-0.5, Small.value(loss, samples), 1e-15);
    assertArrayEquals(new double[] {-0.5, -0.5, 0.5}, Small.gradient(loss, samples), 1e-15);
  }

  @Test
  void theRatioOfAResponseIsTheGeometricMeanAndIsClippedAsAWhole() {
    Loss loss = new GspoSequence().loss(PAPER);
    // ratios (4, 1/4): the mean log-ratio is 0, so nothing is clipped
    Samples cancelling = twoAndOne(Math.log(4), -Math.log(4), 0);
    assertArrayEquals(new double[] {-0.25, -0.25, 0.5}, Small.gradient(loss, cancelling), 1e-15);
    // ratios (2, 1): s = √2 is above 1 + 4e-4 and A > 0
    Samples beyond = twoAndOne(Math.log(2), 0, 0);
    assertEquals(-(1.0004 - 1) / 2, Small.value(loss, beyond), 1e-15);
    assertArrayEquals(new double[] {0, 0, 0.5}, Small.gradient(loss, beyond), 1e-15);
  }

  @Test
  void onlyVerlCapsTheLogRatioOfAResponseAtTen() {
    // A = −1, log s = 12: min(s·A, 1.0004·A) = −e^12 over two responses
    Samples far = twoAndOne(0, 0, 12);
    assertEquals(Math.exp(12) / 2, Small.gradient(new Gspo().loss(PAPER), far)[2], 1e-9);
    // verl's A is −0.5/(√½ + 1e-6); its clamp has slope 0
    Loss verl = new Gspo().loss(Conventions.verl());
    double a = 0.5 / (Math.sqrt(0.5) + 1e-6);
    assertEquals(0, Small.gradient(verl, far)[2], 0);
    double first = a * 2 / (2 + 1e-8);
    double second = -a * Math.exp(10) / (1 + 1e-8);
    assertEquals(-(first + second) / 2, Small.value(verl, far), 1e-10);
  }
}
