package lossmith.blackbox;

import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.IntConsumer;
import lossmith.dsl.Columns;
import lossmith.recipes.Recipe;

/**
 * Which objective a loss is.
 *
 * @param seen what it is seen to do
 * @param equal the objectives with the same value and gradient up to rounding
 * @param slopes those with the same gradient and another value, where none has both
 * @param nearest where none has, the objective that does most of what is seen, and what it does
 *     otherwise
 */
public record Identification(
    Profile seen, Seq<String> equal, Seq<String> slopes, Option<Nearest> nearest) {
  /** Value and slopes of small batches, computed by two programs in another order. */
  private static final double ROUNDING = 1e-9;

  /**
   * An objective that is not the loss.
   *
   * @param name its name
   * @param differences what the loss does, and the objective does not
   */
  public record Nearest(String name, Seq<String> differences) {}

  /**
   * {@return which objective a loss is}
   *
   * @param box the loss
   * @param recipes what it may be
   * @param progress receives the number of objectives that were compared
   */
  public static Identification of(BlackBox box, Seq<Recipe> recipes, IntConsumer progress) {
    Profile seen = Profile.of(box);
    Seq<TensorBatch> batches = Probes.offPolicy(0.15).appendAll(Probes.offPolicy(1.2)).toVector();
    Seq<Answer> own = batches.map(box::of).toVector();
    Candidates candidates = new Candidates(box, seen);
    Seq<BlackBox> all = List.empty();
    int done = 0;
    for (Recipe recipe : recipes) {
      progress.accept(done++);
      all = all.appendAll(candidates.of(recipe));
    }
    Seq<BlackBox> slopes = all.filter(one -> same(batches, own, one, false)).toVector();
    Seq<BlackBox> equal = slopes.filter(one -> same(batches, own, one, true));
    Option<Nearest> nearest = slopes.isEmpty() ? nearest(seen, batches, own, all) : Option.none();
    return new Identification(
        seen,
        equal.map(BlackBox::name),
        equal.isEmpty() ? slopes.map(BlackBox::name) : List.empty(),
        nearest);
  }

  private static boolean same(
      Seq<TensorBatch> batches, Seq<Answer> own, BlackBox one, boolean value) {
    return batches.zip(own).forAll(pair -> distance(one.of(pair._1), pair._2, value) <= ROUNDING);
  }

  /** The largest difference, relative to the size of the summands. */
  private static double distance(Answer left, Answer right, boolean value) {
    if (!(left instanceof Answer.Numbers a) || !(right instanceof Answer.Numbers b)) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = value ? Math.abs(a.loss() - b.loss()) : 0;
    for (String column : List.of(Columns.LOG_PROB, Columns.ENTROPY)) {
      int slots = a.gradients().get(Columns.LOG_PROB).map(g -> g.length).getOrElse(0);
      double[] x = a.gradient(column, slots);
      double[] y = b.gradient(column, slots);
      for (int i = 0; i < Math.min(x.length, y.length); i++) {
        worst = Math.max(worst, Math.abs(x[i] - y[i]));
      }
    }
    return Double.isNaN(worst) ? Double.POSITIVE_INFINITY : worst / (a.scale() + b.scale());
  }

  /** The one that does the most things alike, and of these the one with the nearest numbers. */
  private static Option<Nearest> nearest(
      Profile seen, Seq<TensorBatch> batches, Seq<Answer> own, Seq<BlackBox> all) {
    Seq<Tuple2<BlackBox, Double>> ranked =
        all.map(
                one ->
                    new Tuple2<>(
                        one,
                        batches
                            .zip(own)
                            .map(pair -> distance(one.of(pair._1), pair._2, false))
                            .sum()
                            .doubleValue()))
            .sortBy(one -> one._2)
            .take(NEAREST);
    return ranked
        .map(one -> new Nearest(one._1.name(), differences(seen, Profile.of(one._1))))
        .minBy(one -> one.differences.size());
  }

  /** How many of the nearest by their numbers are asked what they do. */
  private static final int NEAREST = 24;

  private static Seq<String> differences(Profile seen, Profile other) {
    Map<String, String> expected = other.words();
    return seen.words()
        .toList()
        .filter(word -> !expected.get(word._1).contains(word._2))
        .filter(word -> expected.containsKey(word._1))
        .map(word -> word._1 + " is " + word._2 + ", not " + expected.get(word._1).get());
  }

  @Override
  public String toString() {
    if (equal.nonEmpty()) {
      return "equal to the last digit: " + listed(equal);
    }
    if (slopes.nonEmpty()) {
      return "the gradient of " + listed(slopes) + "\n  with another value";
    }
    return nearest
        .map(
            one ->
                one.differences.isEmpty()
                    ? "nearest: "
                        + one.name
                        + ", which does all that was asked for alike, and is not equal"
                    : "nearest: "
                        + one.name
                        + ", but"
                        + one.differences.map(text -> "\n  " + text).mkString())
        .getOrElse("no objective of the catalogue reads these columns alone");
  }

  private static String listed(Seq<String> names) {
    String more = String.format(Locale.ROOT, "%n  and %d more", names.size() - 5);
    return names.take(5).mkString("\n  and ") + (names.size() > 5 ? more : "");
  }
}
