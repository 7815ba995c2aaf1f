package lossmith.proofs.trial;

import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/**
 * Small ragged batches: empty and one-token responses, a group of one, ties between rewards;
 * log-ratios up to the given size.
 */
public final class RandomSamples {
  private static final int WIDTH = 4;

  private RandomSamples() {}

  /** {@return a batch drawn from a seeded generator} */
  public static Samples of(Random random, double largestLogRatio) {
    int[] lengths = {1 + random.nextInt(3), 0, 1, 2 + random.nextInt(2)};
    int tokens = Arrays.stream(lengths).sum();
    double[] logits = random.doubles((long) tokens * WIDTH, -2, 2).toArray();
    int[] sampled = random.ints(tokens, 0, WIDTH).toArray();
    double[] logProb = random.doubles(tokens, -3, -0.05).toArray();
    double[] old = new double[tokens];
    Arrays.setAll(old, t -> logProb[t] + (2 * random.nextDouble() - 1) * largestLogRatio);
    return new SamplesBuilder(lengths, new int[] {0, 0, 0, 1})
        .sampled(sampled)
        .grid("logits", Grid.of(logits, WIDTH))
        .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
        .column(Columns.ENTROPY, Level.Name.TOKEN, random.doubles(tokens, 0, 1.4).toArray())
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0, 1, random.nextInt(2)})
        .build();
  }
}
