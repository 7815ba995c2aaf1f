package lossmith.blackbox.law;

import static lossmith.blackbox.law.BoxLaw.fact;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * Tokens of a response that do not count, such as those of a tool: what a second mask leaves out.
 */
final class LeftOutLaws {
  private LeftOutLaws() {}

  static Seq<BoxLaw> all() {
    return List.of(
        of(
            "left-out",
            "What stands at tokens that a mask leaves out changes nothing",
            "L(x, m) = L(x', m) where x = x' wherever m = 1",
            "a mask that is one token beside what it masks, a sum or mean over all tokens of a"
                + " response, or a recurrence that reads the tokens of a tool",
            LeftOutLaws::changed),
        of(
            "left-out-within",
            "Tokens that a mask leaves out may as well not be there",
            "L(a t b, m = 1 0 1) = L(a b)",
            "they are counted in a denominator, or each of them decays or cuts a return",
            LeftOutLaws::deleted));
  }

  private static BoxLaw of(
      String name, String statement, String formula, String guess, BoxLaw.Check check) {
    return BoxLaw.of(name, statement, formula, guess, check)
        .on(Trial.Kind.ORDINARY)
        .unless(
            (box, seen) ->
                Option.when(
                    masks(box).isEmpty(), () -> "it reads no mask beside that of its slots"));
  }

  private static Seq<String> masks(BlackBox box) {
    return TensorBatch.MASKS.filter(box::reads);
  }

  /** With every other token left out, but for a response that would have none. */
  private static TensorBatch left(Question q) {
    TensorBatch batch = q.batch();
    double[] kept = batch.mask().clone();
    for (int row = 0; row < batch.rows(); row++) {
      int[] slots = counted(batch, row);
      for (int t = 0; t < slots.length && slots.length > 1; t++) {
        kept[slots[t]] = (t + row) % 2 == 1 ? 0 : 1;
      }
    }
    TensorBatch all = batch;
    for (String mask : masks(q.box())) {
      all = all.with(mask, slot -> kept[slot]);
    }
    return all;
  }

  private static int[] counted(TensorBatch batch, int row) {
    return IntStream.range(row * batch.width(), (row + 1) * batch.width())
        .filter(slot -> batch.mask()[slot] == 1)
        .toArray();
  }

  private static double[] kept(Question q, TensorBatch batch) {
    return batch.slots(masks(q.box()).head());
  }

  private static Seq<Violation> changed(Question q, double tolerance) {
    TensorBatch batch = left(q);
    double[] kept = kept(q, batch);
    TensorBatch other = batch;
    Seq<String> columns = batch.slots().keySet().removeAll(TensorBatch.MASKS).toList();
    for (String column : columns) {
      double[] x = batch.slots(column);
      // Each by another amount: a difference of two is another too.
      double by =
          (Columns.LOG_PROBS.contains(column) ? -0.4 : 0.6) - 0.07 * columns.indexOf(column);
      other =
          other.with(
              column, slot -> batch.mask()[slot] == 1 && kept[slot] == 0 ? x[slot] + by : x[slot]);
    }
    return beside(
        "other numbers at tokens left out",
        q,
        batch,
        other,
        tolerance,
        IntStream.range(0, batch.size()).map(i -> kept[i] == 1 ? i : -1).toArray());
  }

  private static Seq<Violation> deleted(Question q, double tolerance) {
    TensorBatch batch = left(q);
    double[] kept = kept(q, batch);
    int[] place = new int[batch.size()];
    Arrays.fill(place, -1);
    int[][] from = new int[batch.rows()][batch.width()];
    for (int row = 0; row < batch.rows(); row++) {
      Arrays.fill(from[row], -1);
      int at = 0;
      for (int slot : counted(batch, row)) {
        if (kept[slot] == 1) {
          place[slot] = row * batch.width() + at;
          from[row][at++] = slot;
        }
      }
    }
    return beside(
        "tokens left out deleted", q, batch, batch.arranged(from, batch.all()), tolerance, place);
  }

  private static Seq<Violation> beside(
      String what,
      Question q,
      TensorBatch batch,
      TensorBatch other,
      double tolerance,
      int[] place) {
    Answer answer = q.box().of(batch);
    if (!(answer instanceof Answer.Numbers numbers)) {
      return fact(((Answer.Failure) answer).text());
    }
    return numbers.finite()
        ? Differing.between(
                what, numbers, q.box().of(other), tolerance * numbers.scale(), slot -> place[slot])
            .take(3)
        : fact("a number that is not finite, where some tokens are left out");
  }
}
