package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/** Batches that ask one question each. */
public final class Probes {
  private Probes() {}

  /**
   * {@return a batch on the policy itself: log-probs between −3 and −0.1, advantages of both signs}
   *
   * @param lengths how many tokens each response has
   * @param groups which prompt each answers
   * @param padding slots beyond the longest
   * @param seed of the numbers
   */
  public static TensorBatch onPolicy(int[] lengths, int[] groups, int padding, long seed) {
    Random random = new Random(seed);
    int tokens = Arrays.stream(lengths).sum();
    double[] logProb = random.doubles(tokens, -3, -0.1).toArray();
    double[] signs =
        IntStream.range(0, lengths.length).mapToDouble(i -> i % 2 == 0 ? 1 : -1).toArray();
    SamplesBuilder built =
        new SamplesBuilder(lengths, groups)
            .column(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
            .column(Columns.ENTROPY, Level.Name.TOKEN, random.doubles(tokens, 0.1, 1.5).toArray())
            .column(Columns.REWARD, Level.Name.SEQUENCE, signs)
            .column(TensorBatch.ADVANTAGE, Level.Name.SEQUENCE, signs);
    for (String other : Columns.LOG_PROBS.remove(Columns.LOG_PROB)) {
      built = built.column(other, Level.Name.TOKEN, logProb);
    }
    double[] rewards = new double[tokens];
    int end = 0;
    for (int i = 0; i < lengths.length; i++) {
      end += lengths[i];
      if (lengths[i] > 0) {
        rewards[end - 1] = signs[i];
      }
    }
    for (String other : List.of(Columns.VALUE, TensorBatch.OLD_VALUE, TensorBatch.RETURN)) {
      built = built.column(other, Level.Name.TOKEN, random.doubles(tokens, -1, 1).toArray());
    }
    Samples samples =
        built
            .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, rewards)
            .column(
                "selected", Level.Name.TOKEN, random.ints(tokens, 0, 2).asDoubleStream().toArray())
            .column(Columns.FINISHED, Level.Name.SEQUENCE, finished(lengths.length))
            .build();
    return TensorBatch.of(samples, padding);
  }

  /** One response of three or more was cut off. */
  private static double[] finished(int responses) {
    double[] values = new double[responses];
    Arrays.setAll(values, row -> row == 2 ? 0 : 1);
    return values;
  }

  /**
   * {@return batches of which each way to divide makes something else; their prompts have pairs}
   */
  static Seq<TensorBatch> unequal() {
    return List.of(
        onPolicy(new int[] {3, 1, 2, 4}, new int[] {0, 0, 1, 1}, 1, 1),
        onPolicy(new int[] {2, 2, 5, 1, 3, 1}, new int[] {0, 0, 1, 1, 2, 2}, 0, 2),
        onPolicy(new int[] {1, 4}, new int[] {0, 0}, 2, 3));
  }

  /** {@return further ones, with a response without tokens and prompts of unequal size} */
  static Seq<TensorBatch> ragged() {
    return List.of(
        onPolicy(new int[] {2, 3, 1, 5}, new int[] {0, 0, 0, 1}, 1, 4),
        onPolicy(new int[] {2, 0, 1, 3}, new int[] {0, 0, 1, 1}, 0, 5));
  }

  /** {@return batches that ordinary ones are not: ragged, of few tokens, of one response} */
  public static Seq<TensorBatch> odd() {
    return ragged()
        .append(token())
        .append(onPolicy(new int[] {12, 30}, new int[] {0, 0}, 3, 7))
        .append(onPolicy(new int[] {2}, new int[] {0}, 0, 8));
  }

  /** {@return two responses to one prompt: one of a single token, and one of two} */
  static TensorBatch token() {
    return onPolicy(new int[] {1, 2}, new int[] {0, 0}, 0, 6);
  }

  /** {@return ordinary batches off the policy, of which no number is special} */
  public static Seq<TensorBatch> offPolicy(double width) {
    return List.range(0, 6)
        .map(
            i -> {
              Random random = new Random(100 + i);
              TensorBatch batch =
                  onPolicy(
                      new int[] {3, 1, 2, 4},
                      new int[] {0, 0, i % 3 == 2 ? 0 : 1, 1},
                      i % 2,
                      10 + i);
              for (String other : Columns.LOG_PROBS.remove(Columns.LOG_PROB)) {
                double[] lp = batch.slots(Columns.LOG_PROB);
                batch = batch.with(other, slot -> recorded(lp[slot], random.nextDouble(), width));
              }
              double[] rewards = random.doubles(4, -1, 1).toArray();
              int wide = batch.width();
              double[] advantages = random.doubles(4, -1.5, 1.5).toArray();
              double[] values = batch.slots(Columns.VALUE);
              batch =
                  batch.with(
                      TensorBatch.OLD_VALUE,
                      slot -> recorded(values[slot], random.nextDouble(), width));
              return Rewarded.earning(batch.withResponses(Columns.REWARD, row -> rewards[row]))
                  .with(TensorBatch.ADVANTAGE, slot -> advantages[slot / wide]);
            });
  }

  /**
   * {@return the same with a reward of 1 or 0 for each response, of which every prompt has both}
   */
  static TensorBatch scored(TensorBatch batch) {
    return batch.withResponses(Columns.REWARD, row -> row % 2);
  }

  private static double recorded(double logProb, double share, double width) {
    return logProb == 0 ? 0 : logProb + width * (2 * share - 1);
  }

  /**
   * {@return a batch in which each response has this advantage: of a loss that is given rewards
   * alone, this reward}
   */
  static TensorBatch advantages(
      BlackBox box, TensorBatch batch, java.util.function.IntToDoubleFunction perRow) {
    return box.reads(TensorBatch.ADVANTAGE)
        ? batch.with(TensorBatch.ADVANTAGE, slot -> perRow.applyAsDouble(slot / batch.width()))
        : Rewarded.earning(batch.withResponses(Columns.REWARD, perRow));
  }

  /**
   * {@return the same without anything to learn from: a loss that is given rewards of tokens or
   * values beside its rewards earns nothing, and expects nothing}
   */
  public static TensorBatch indifferent(BlackBox box, TensorBatch batch) {
    TensorBatch nothing = advantages(box, batch, row -> 0);
    return box.reads(TensorBatch.ADVANTAGE) ? nothing : nothing.with(Columns.VALUE, slot -> 0);
  }
}
