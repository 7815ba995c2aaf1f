package lossmith.recipes.offpolicy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.Conventions;
import lossmith.recipes.Small;
import org.junit.jupiter.api.Test;

/** Which tokens are kept of two responses to a prompt, of 4 and 3 tokens. */
final class M2poTest {
  private static final double[] OLD = {-1, -2, -0.5, -1.5, -3, -0.25, -0.75};
  private static final Loss LOSS = new M2po().loss(Conventions.paper());

  private static Samples samples(double... logProb) {
    return new SamplesBuilder(new int[] {4, 3}, new int[] {0, 0})
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, OLD)
        .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
        .build();
  }

  /** The sampled log-probabilities, each moved. */
  private static Samples moved(double... d) {
    double[] logProb = OLD.clone();
    Arrays.setAll(logProb, t -> OLD[t] + d[t]);
    return samples(logProb);
  }

  private static int[] kept(double threshold, Samples samples) {
    double[] slopes = Small.gradient(LOSS, samples, HashMap.of("m2_threshold", threshold));
    return Arrays.stream(slopes).mapToInt(g -> g == 0 ? 0 : 1).toArray();
  }

  /**
   * AReaL 4aef98d8d, _apply_m2po_masking(old_logp, prox_logp, loss_mask, m2_threshold), run with
   * PyTorch 2.13 in float64 on two rows of four, the last slot masked.
   */
  @Test
  void tokensAreKeptAsInAReal() {
    Samples samples = samples(-1.1, -1.5, -0.5, -1.2, -3.05, -1.25, -0.95);
    assertArrayEquals(new int[] {0, 0, 1, 0, 0, 0, 0}, kept(0.001, samples));
    assertArrayEquals(new int[] {1, 0, 1, 0, 1, 0, 0}, kept(0.01, samples));
    assertArrayEquals(new int[] {1, 0, 1, 1, 1, 0, 1}, kept(0.04, samples));
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 0, 1}, kept(0.1, samples));
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1}, kept(0.5, samples));
  }

  /** (2 · 0 + 0.25) / 3 is below 0.1, (2 · 0 + 2 · 0.25) / 4 is not: the order would decide. */
  @Test
  void equallyFarTokensStayOrGoTogether() {
    Samples samples = moved(0, 0.5, 0, -0.5, 4, 4, 4);
    assertArrayEquals(new int[] {1, 0, 1, 0, 0, 0, 0}, kept(0.1, samples));
    assertArrayEquals(new int[] {1, 1, 1, 1, 0, 0, 0}, kept(0.13, samples));
  }

  /** Where AReaL keeps the nearest token whatever its distance. */
  @Test
  void nothingIsKeptWhereEveryTokenIsFar() {
    assertArrayEquals(new int[7], kept(0.04, moved(1, 1, 1, 1, 1, 1, -0.25)));
  }

  /** A is ±1; what is dropped counts as 0 in a mean over all tokens. */
  @Test
  void keptTokensShareTheDenominatorOfAll() {
    Samples samples = moved(0, 0, 0, 4, 4, 4, 0);
    assertEquals(-(3 - 1) / 7.0, Small.value(LOSS, samples), 1e-15);
    assertEquals(4 / 7.0, Small.metric(LOSS, "kept", samples), 1e-15);
    assertEquals(16 * 3 / 7.0, Small.metric(LOSS, "m2", samples), 1e-14);
    assertEquals(0, Small.metric(LOSS, "m2_kept", samples));
  }
}
