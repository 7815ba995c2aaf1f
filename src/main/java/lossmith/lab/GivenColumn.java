package lossmith.lab;

import io.vavr.collection.Map;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.Matrix;

/** A column that the lab makes where an objective reads it, beside those of every batch. */
interface GivenColumn {
  /**
   * Takes the batch of a step before its updates, for what is drawn once for all of them.
   *
   * @return how many tokens were drawn
   */
  default int begin(TrainingState state, Batch batch) {
    return 0;
  }

  /** How many rows {@link #rows} makes at most of a group of so many responses. */
  default int most(int group) {
    return group;
  }

  /** What an update learns from, of the groups that it is to learn from. */
  default Batch rows(Batch part) {
    return part;
  }

  /** The same samples with the column. */
  Samples with(Samples samples, Update update);

  /** The same samples with the column as it is after a step, of which nothing is learnt. */
  default Samples shown(Samples samples, Update update) {
    return with(samples, update);
  }

  /**
   * What is known in an update.
   *
   * @param state before it; its policy is the one that is updated
   * @param rows the responses that it learns from
   * @param logits of the policy, a row for each of their tokens
   * @param parameters of the objective; one that is not here has its default
   * @param numbers takes what is told of it
   */
  record Update(
      TrainingState state,
      Batch rows,
      Matrix logits,
      Map<String, Double> parameters,
      UpdateNumbers numbers) {
    /** Tells a number of the update. */
    void tell(String column, double number) {
      numbers.add("lossmith/given/" + column, number);
    }
  }
}
