package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;

/**
 * Zeros that were never recorded: a log-prob of exactly 0, certainty, where another policy close by
 * gives the token less than e^-0.5; or a column of zeros alone.
 */
final class UnrecordedLogProbs implements RolloutCheck {
  /** Policies that are compared do not differ so much from one that is certain. */
  private static final double UNCERTAIN = -0.5;

  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return Columns.LOG_PROBS.flatMap(
        name -> recorded.perToken(name).toList().flatMap(x -> of(recorded, name, x)));
  }

  private static Seq<RolloutFinding> of(Recorded recorded, String name, double[] x) {
    int[] zero = recorded.where(t -> x[t] == 0);
    if (zero.length > 1 && zero.length == x.length) {
      return recorded.of(
          zero,
          RolloutFinding.warning(
              "unrecorded-log-prob",
              name + " is 0 at all " + Counted.tokens(x.length) + ": it was never recorded",
              "record it, or leave the column out (--leave-out " + name + ")"));
    }
    for (String other : Columns.LOG_PROBS.remove(name)) {
      for (double[] y : recorded.perToken(other)) {
        int[] zeros = recorded.where(t -> x[t] == 0 && Recorded.possible(y[t]) && y[t] < UNCERTAIN);
        if (zeros.length > 0) {
          return recorded.of(
              zeros,
              RolloutFinding.warning(
                      "unrecorded-log-prob",
                      name
                          + " is exactly 0 at "
                          + Counted.tokens(zeros.length)
                          + " where "
                          + other
                          + " is below "
                          + UNCERTAIN
                          + ": it was probably never recorded",
                      "record it, or mask those tokens (response_mask 0)")
                  .with("other", y[zeros[0]]));
        }
      }
    }
    return List.empty();
  }
}
