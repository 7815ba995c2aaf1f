package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/** Batches as what makes advantages is given them. */
public final class Rewarded {
  private static final int[] LENGTHS = {3, 1, 2, 4, 2, 1, 3};
  private static final int[] GROUPS = {0, 0, 0, 1, 1, 1, 1};

  private Rewarded() {}

  /**
   * {@return the same with the reward of each response at its last token, and a value for each
   * token}
   *
   * @param batch a batch with a reward per response
   */
  public static TensorBatch of(TensorBatch batch) {
    double[] lp = batch.slots(Columns.LOG_PROB);
    return earning(batch)
        .with(Columns.VALUE, slot -> batch.mask()[slot] == 1 ? 0.1 + lp[slot] / 5 : 0);
  }

  /** {@return the same with the reward of each response at its last token} */
  static TensorBatch earning(TensorBatch batch) {
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    return batch.with(
        Columns.TOKEN_REWARD, slot -> isLast(batch, slot) ? rewards[slot / batch.width()] : 0);
  }

  private static boolean isLast(TensorBatch batch, int slot) {
    int end = (slot / batch.width() + 1) * batch.width();
    return batch.mask()[slot] == 1
        && IntStream.range(slot + 1, end).noneMatch(later -> batch.mask()[later] == 1);
  }

  /** {@return the same with other rewards} */
  public static TensorBatch with(TensorBatch batch, java.util.function.IntToDoubleFunction reward) {
    return of(batch.withResponses(Columns.REWARD, reward));
  }

  /** {@return batches of two prompts, with three and four responses, no two rewards equal} */
  static Seq<TensorBatch> ordinary() {
    return List.range(0, 3)
        .map(
            i -> {
              double[] rewards = new Random(40 + i).doubles(LENGTHS.length, -1, 1).toArray();
              return with(Probes.onPolicy(LENGTHS, GROUPS, i % 2, 30 + i), row -> rewards[row]);
            });
  }

  /** {@return a prompt with these rewards, a response of two tokens each, beside another prompt} */
  public static TensorBatch prompt(double... rewards) {
    int rows = rewards.length + 2;
    int[] lengths = IntStream.range(0, rows).map(row -> 2).toArray();
    int[] groups = IntStream.range(0, rows).map(row -> row < rewards.length ? 0 : 1).toArray();
    return with(
        Probes.onPolicy(lengths, groups, 0, 50),
        row -> row < rewards.length ? rewards[row] : row % 2);
  }
}
