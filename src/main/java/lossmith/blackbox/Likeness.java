package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/**
 * How much two losses do alike on the same batches, whatever the size of their gradients. All
 * numbers but the last two are shares, of the slopes that are not 0 in both.
 *
 * @param equal the slopes that are the same number
 * @param proportional those that are, but for a factor that all of their response have
 * @param turned the share of a quarter turn between the two lines of the gradients, and a half more
 *     where they point in opposite directions
 * @param sized how far apart their sizes are: |log| of their quotient, of which 1 is a half
 * @param valued how far apart the sizes of the values are, relative to them
 */
record Likeness(double equal, double proportional, double turned, double sized, double valued) {
  private static final double CLOSE = 1e-6;

  /** What a wrong sign of everything counts: it is one mistake. */
  private static final double OPPOSITE = 0.5;

  /** What no gradient is: nothing of it is alike. */
  private static final Likeness NONE = new Likeness(0, 0, 1, 1, 1);

  /** {@return the mean over batches} */
  static Likeness of(Seq<Answer> left, Seq<Answer> right, Seq<TensorBatch> batches) {
    Seq<Likeness> each =
        IntStream.range(0, batches.size())
            .mapToObj(i -> of(left.get(i), right.get(i), batches.get(i)))
            .collect(List.collector());
    return new Likeness(
        each.map(Likeness::equal).average().getOrElse(0.0),
        each.map(Likeness::proportional).average().getOrElse(0.0),
        each.map(Likeness::turned).average().getOrElse(1.0),
        each.map(Likeness::sized).average().getOrElse(1.0),
        each.map(Likeness::valued).average().getOrElse(1.0));
  }

  private static Likeness of(Answer left, Answer right, TensorBatch batch) {
    return left instanceof Answer.Numbers a && right instanceof Answer.Numbers b && b.finite()
        ? of(a, b, batch)
        : NONE;
  }

  private static Likeness of(Answer.Numbers a, Answer.Numbers b, TensorBatch batch) {
    int slots = batch.size();
    double[] x = joined(a, slots);
    double[] y = joined(b, slots);
    double left = norm(x);
    double right = norm(y);
    double sum = Math.abs(a.loss()) + Math.abs(b.loss());
    double valued = sum == 0 ? 0 : Math.abs(Math.abs(a.loss()) - Math.abs(b.loss())) / sum;
    if (left == 0 || right == 0) {
      double both = left == right ? 1 : 0;
      return new Likeness(both, both, 1 - both, 1 - both, valued);
    }
    double product = IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
    double angle = Math.acos(Math.min(1, Math.abs(product) / (left * right))) / (Math.PI / 2);
    double size = Math.abs(Math.log(left / right));
    int read = 0;
    int equal = 0;
    int proportional = 0;
    for (int row = 0; row < x.length / batch.width(); row++) {
      int from = row * batch.width();
      double factor = factor(x, y, from, batch.width());
      for (int i = from; i < from + batch.width(); i++) {
        if (x[i] != 0 || y[i] != 0) {
          read++;
          equal += close(x[i], y[i]) ? 1 : 0;
          proportional += close(factor * x[i], y[i]) ? 1 : 0;
        }
      }
    }
    return new Likeness(
        (double) equal / read,
        (double) proportional / read,
        angle + (product < 0 ? OPPOSITE : 0),
        size / (1 + size),
        valued);
  }

  /** The slopes by log-probs, and behind them those by entropies and by values. */
  private static double[] joined(Answer.Numbers numbers, int slots) {
    double[] all = Arrays.copyOf(numbers.gradient(Columns.LOG_PROB, slots), 3 * slots);
    System.arraycopy(numbers.gradient(Columns.ENTROPY, slots), 0, all, slots, slots);
    System.arraycopy(numbers.gradient(Columns.VALUE, slots), 0, all, 2 * slots, slots);
    return all;
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
  }

  private static boolean close(double x, double y) {
    return Math.abs(x - y) <= CLOSE * Math.max(Math.abs(x), Math.abs(y));
  }

  /** The quotient that most slopes of a row are about: the middle one of those that there are. */
  private static double factor(double[] x, double[] y, int from, int width) {
    double[] all =
        IntStream.range(from, from + width)
            .filter(i -> x[i] != 0 && y[i] != 0)
            .mapToDouble(i -> y[i] / x[i])
            .sorted()
            .toArray();
    return all.length < 2 ? 1 : all[all.length / 2];
  }

  /**
   * {@return how unlike they are, from 0 to 7.5: what is the same token by token counts most,
   * because a part of a formula that was exchanged leaves all tokens alone that it does not reach}
   */
  double distance() {
    return 2 * (1 - equal) + 2 * (1 - proportional) + turned + sized + valued;
  }
}
