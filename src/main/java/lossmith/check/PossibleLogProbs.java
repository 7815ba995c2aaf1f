package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import lossmith.dsl.Columns;

/**
 * Log-probs that no sampled token can have: above 0, infinite, missing, marks of a program that had
 * none, a floor at which a program held them.
 */
final class PossibleLogProbs implements RolloutCheck {
  /** A smaller log-prob is rare: one sampled token in three million. */
  private static final double RARE = -15;

  /** A smallest number that stands in so many places was put there. */
  private static final int OFTEN = 3;

  /** So many marks are named. */
  private static final int NAMED = 3;

  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return Columns.LOG_PROBS.flatMap(
        name -> recorded.perToken(name).toList().flatMap(x -> of(recorded, name, x)));
  }

  private static Seq<RolloutFinding> of(Recorded recorded, String name, double[] x) {
    boolean usual = true;
    for (double one : x) {
      usual &= one <= 0 && Recorded.possible(one);
    }
    Seq<RolloutFinding> floor = floor(recorded, name, x);
    return usual
        ? floor
        : missing(recorded, name, x)
            .appendAll(positive(recorded, name, x))
            .appendAll(marks(recorded, name, x))
            .appendAll(floor);
  }

  private static Seq<RolloutFinding> missing(Recorded recorded, String name, double[] x) {
    int[] none = recorded.where(t -> Double.isNaN(x[t]));
    int[] infinite = recorded.where(t -> x[t] == Double.NEGATIVE_INFINITY);
    return recorded
        .of(
            none,
            RolloutFinding.error(
                "missing-log-prob",
                name + " is NaN or null at " + Counted.tokens(none.length) + " of the policy",
                "write the number, or mask tokens that are not the policy's (response_mask 0)"))
        .appendAll(
            recorded.of(
                infinite,
                RolloutFinding.error(
                    "infinite-log-prob",
                    name
                        + " is -infinity at "
                        + Counted.tokens(infinite.length)
                        + ": a token that was sampled had a probability",
                    "look for a top-k or top-p filter that was applied before the log-softmax")));
  }

  private static Seq<RolloutFinding> positive(Recorded recorded, String name, double[] x) {
    int[] above = recorded.where(t -> x[t] > Recorded.ROUNDING);
    int[] rounded = recorded.where(t -> x[t] > 0 && x[t] <= Recorded.ROUNDING);
    double largest = largest(x, above);
    return recorded
        .of(
            above,
            RolloutFinding.error(
                    "positive-log-prob",
                    name
                        + " is above 0 at "
                        + Counted.tokens(above.length)
                        + ", up to "
                        + Counted.number(largest)
                        + ": no probability is above 1",
                    "write log-probs (not their negatives, not logits); mask what was padded")
                .with("largest", largest))
        .appendAll(
            recorded.of(
                rounded,
                RolloutFinding.note(
                        "rounded-log-prob",
                        name
                            + " is above 0 by rounding at "
                            + Counted.tokens(rounded.length)
                            + ", up to "
                            + Counted.number(largest(x, rounded)))
                    .with("largest", largest(x, rounded))));
  }

  private static double largest(double[] x, int[] tokens) {
    return Arrays.stream(tokens).mapToDouble(t -> x[t]).max().orElse(0);
  }

  private static Seq<RolloutFinding> marks(Recorded recorded, String name, double[] x) {
    int[] marks = recorded.where(t -> Recorded.isMark(x[t]));
    Map<Double, Integer> counts = new HashMap<>();
    for (int t : marks) {
      Integer unused = counts.merge(x[t], 1, Integer::sum);
    }
    Seq<Map.Entry<Double, Integer>> often =
        List.ofAll(counts.entrySet()).sortBy(one -> -one.getValue());
    String named =
        often
            .take(NAMED)
            .map(one -> Counted.number(one.getKey()) + " (" + one.getValue() + ")")
            .mkString(", ");
    return recorded.of(
        marks,
        RolloutFinding.error(
                "sentinel",
                name
                    + " holds a mark in place of a number at "
                    + Counted.tokens(marks.length)
                    + ": "
                    + named
                    + (often.size() > NAMED ? ", …" : ""),
                "mask those tokens (response_mask 0), or record their log-probs")
            .with("value", often.headOption().map(Map.Entry::getKey).getOrElse(0.0)));
  }

  /** How many of the tokens differ in what stands before: those of equal responses are one. */
  private static long contexts(Recorded recorded, double[] x, int[] tokens) {
    return Arrays.stream(tokens)
        .mapToDouble(t -> t == recorded.start(recorded.response(t)) ? 0 : x[t - 1])
        .distinct()
        .count();
  }

  private static Seq<RolloutFinding> floor(Recorded recorded, String name, double[] x) {
    double lowest = 0;
    for (double one : x) {
      lowest = one < lowest && Recorded.possible(one) ? one : lowest;
    }
    return floor(recorded, name, x, lowest);
  }

  private static Seq<RolloutFinding> floor(
      Recorded recorded, String name, double[] x, double lowest) {
    int[] there = lowest > RARE ? new int[0] : recorded.where(t -> x[t] == lowest);
    return contexts(recorded, x, there) < OFTEN
        ? List.empty()
        : recorded.of(
            there,
            RolloutFinding.warning(
                    "log-prob-floor",
                    name
                        + " is never below "
                        + Counted.number(lowest)
                        + " and exactly that at "
                        + Counted.tokens(there.length)
                        + ": it was held there, as by log(p + 1e-8)",
                    "record log-softmax itself")
                .with("floor", lowest));
  }
}
