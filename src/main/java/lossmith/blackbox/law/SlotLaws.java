package lossmith.blackbox.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.blackbox.Answer;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a batch means whichever slots its numbers stand in. */
final class SlotLaws {
  private SlotLaws() {}

  static Seq<BoxLaw> all() {
    return List.of(
        BoxLaw.of(
            "masked",
            "What stands in slots that do not count changes nothing",
            "L(x, m) = L(x', m) where x = x' wherever m = 1",
            "a sum or mean over all slots: multiply by the mask, and divide by its sum",
            (q, allowed) -> masked(q, allowed, SlotLaws::garbage)),
        BoxLaw.of(
                "masked-nan",
                "Not even what is no number, in slots that do not count",
                "L(x, m) = L(x', m) where x' is NaN wherever m = 0",
                "a product with the mask, 0·NaN = NaN: select with torch.where before exp",
                (q, allowed) -> masked(q, allowed, slot -> Double.NaN))
            .on(Trial.Kind.ORDINARY, Trial.Kind.TIED),
        BoxLaw.of(
            "padding",
            "More padding changes nothing",
            "L of width T = L of width T + 3",
            "the width of the tensor in a denominator: divide by the sum of the mask",
            SlotLaws::padded),
        BoxLaw.of(
            "masked-within",
            "Slots within a response that do not count change nothing",
            "L(a t b, m = 1 0 1) = L(a b)",
            "a length or a position taken from the slots: take it from the mask",
            SlotLaws::within),
        BoxLaw.of(
            "responses-reordered",
            "The order of responses changes nothing",
            "L(x) = L(x permuted)",
            "groups found by position (view(-1, G)), or a shift along the batch",
            SlotLaws::reordered),
        BoxLaw.of(
                "prompts-renumbered",
                "The numbers of prompts change nothing",
                "L(group) = L(7 − group)",
                "group ids taken for positions",
                SlotLaws::renumbered)
            .on(Trial.Kind.ORDINARY)
            .reading(TensorBatch.GROUP),
        BoxLaw.of(
                "micro-batches",
                "Parts of a batch add up to it",
                "L(a ∪ b) = L(a) + L(b), the number of all tokens and responses given",
                "a mean over the micro-batch, or a statistic of it, where the whole batch is meant:"
                    + " divide by the numbers that are given",
                SlotLaws::added)
            .unless(
                (box, seen) ->
                    Option.when(
                        !box.knowsWhole(), () -> "it is not told how large the whole batch is")));
  }

  private static Seq<Violation> beside(
      String what, Question q, double tolerance, TensorBatch other, int[] place) {
    return q.answer() instanceof Answer.Numbers numbers && numbers.finite()
        ? Differing.between(
            what, numbers, q.box().of(other), tolerance * numbers.scale(), slot -> place[slot])
        : List.empty();
  }

  /** What stands in a slot that does not count. */
  static double garbage(int slot) {
    return -0.7 - slot % 3;
  }

  private static Seq<Violation> masked(Question q, double tolerance, IntToDoubleFunction garbage) {
    TensorBatch batch = q.batch();
    if (batch.tokens() == batch.size()) {
      return List.empty();
    }
    int[] same = IntStream.range(0, batch.size()).toArray();
    return beside("other numbers in masked slots", q, tolerance, batch.masked(garbage), same);
  }

  private static Seq<Violation> padded(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    int wide = batch.width() + 3;
    int[][] from =
        IntStream.range(0, batch.rows())
            .mapToObj(
                row ->
                    IntStream.range(0, wide)
                        .map(t -> t < batch.width() ? row * batch.width() + t : -1)
                        .toArray())
            .toArray(int[][]::new);
    return arranged("three slots more a row", q, tolerance, from, batch.all());
  }

  private static Seq<Violation> within(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    Random random = new Random(q.trial().seed());
    int wide = batch.width() + 2;
    int[][] from =
        IntStream.range(0, batch.rows())
            .mapToObj(
                row -> {
                  int first = random.nextInt(batch.width());
                  return IntStream.range(0, wide)
                      .map(
                          t ->
                              t < first
                                  ? row * batch.width() + t
                                  : t < first + 2 ? -1 : row * batch.width() + t - 2)
                      .toArray();
                })
            .toArray(int[][]::new);
    return arranged("two masked slots within each row", q, tolerance, from, batch.all());
  }

  private static Seq<Violation> reordered(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    int[] taken = IntStream.range(0, batch.rows()).map(row -> batch.rows() - 1 - row).toArray();
    return arranged("rows in reverse", q, tolerance, batch.places(taken), taken);
  }

  private static Seq<Violation> arranged(
      String what, Question q, double tolerance, int[][] from, int[] taken) {
    int[] place = new int[q.batch().size()];
    Arrays.fill(place, -1);
    int wide = from[0].length;
    for (int row = 0; row < from.length; row++) {
      for (int t = 0; t < wide; t++) {
        if (from[row][t] >= 0) {
          place[from[row][t]] = row * wide + t;
        }
      }
    }
    return beside(what, q, tolerance, q.batch().arranged(from, taken), place);
  }

  private static Seq<Violation> renumbered(Question q, double tolerance) {
    int[] same = IntStream.range(0, q.batch().size()).toArray();
    return beside("other ids of prompts", q, tolerance, q.batch().renumbered(7), same);
  }

  private static Seq<Violation> added(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    int last = batch.group()[batch.rows() - 1];
    int[] first = IntStream.range(0, batch.rows()).filter(r -> batch.group()[r] != last).toArray();
    int[] rest = IntStream.range(0, batch.rows()).filter(r -> batch.group()[r] == last).toArray();
    boolean one = !q.box().reads(Columns.REWARD) && first.length == 0 && batch.rows() > 1;
    int[] left = one ? new int[] {0} : first;
    int[] right = one ? IntStream.range(1, batch.rows()).toArray() : rest;
    if (left.length == 0
        || batch.rows(left).tokens() == 0
        || batch.rows(right).tokens() == 0
        || !(q.answer() instanceof Answer.Numbers whole)
        || !whole.finite()
        || !(q.box().of(batch.rows(left)) instanceof Answer.Numbers a)
        || !(q.box().of(batch.rows(right)) instanceof Answer.Numbers b)) {
      return List.empty();
    }
    double allowed = tolerance * whole.scale();
    return Violation.between("L in two parts", whole.loss(), a.loss() + b.loss(), allowed)
        .appendAll(slopes(batch, whole, a, left, allowed))
        .appendAll(slopes(batch, whole, b, right, allowed));
  }

  private static Seq<Violation> slopes(
      TensorBatch batch, Answer.Numbers whole, Answer.Numbers part, int[] rows, double allowed) {
    int[] places = Arrays.stream(batch.places(rows)).flatMapToInt(Arrays::stream).toArray();
    double[] left = whole.gradient(Columns.LOG_PROB, batch.size());
    double[] right = part.gradient(Columns.LOG_PROB, places.length);
    return List.range(0, places.length)
        .filter(i -> batch.mask()[places[i]] == 1)
        .flatMap(
            i ->
                Violation.between(
                    "dL/dlog_prob[" + places[i] + "] in two parts",
                    left[places[i]],
                    right[i],
                    allowed));
  }
}
