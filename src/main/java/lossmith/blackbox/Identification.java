package lossmith.blackbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
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
    Option<Nearest> nearest = slopes.isEmpty() ? nearest(box, seen, all) : Option.none();
    return new Identification(
        seen,
        equal.map(BlackBox::name).distinct(),
        equal.isEmpty() ? slopes.map(BlackBox::name).distinct() : List.empty(),
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

  /**
   * The one that is most alike token by token, and of these the one that does most alike. Terms
   * that are more alike alone, as seen, than with an objective are not added to it: they would name
   * any.
   */
  private static Option<Nearest> nearest(BlackBox box, Profile seen, Seq<BlackBox> all) {
    Seq<TensorBatch> batches =
        List.of(0.15, 1.2, 3.0).flatMap(width -> Probes.offPolicy(width).take(3)).toVector();
    Seq<Answer> own = batches.map(box::of).toVector();
    ToDoubleFunction<BlackBox> distance =
        one -> Likeness.of(own, batches.map(one::of).toVector(), batches).distance();
    double alone =
        all.filter(AddedTerms.class::isInstance)
            .headOption()
            .map(one -> distance.applyAsDouble(((AddedTerms) one).alone()))
            .getOrElse(Double.POSITIVE_INFINITY);
    return all.map(one -> new Tuple2<>(one, distance.applyAsDouble(one)))
        .filter(one -> !(one._1 instanceof AddedTerms) || one._2 < alone)
        .sortBy(one -> one._2)
        .take(NEAREST)
        .map(
            one -> {
              Profile does = Profile.of(one._1);
              Seq<String> differences = differences(seen, does);
              double explained =
                  DIFFERENCE * differences.size()
                      + CHOICE * choices(one._1.name())
                      + SHAPE * apart(marks(seen), marks(does));
              return new Tuple2<>(new Nearest(one._1.name(), differences), one._2 + explained);
            })
        .minBy(one -> one._2)
        .map(one -> one._1);
  }

  /** How many of the nearest by their numbers are asked what they do. */
  private static final int NEAREST = 12;

  /** What a difference that is told counts beside the numbers. */
  private static final double DIFFERENCE = 0.2;

  /** What a choice beside the paper's own counts: of conventions, a mean, a parameter, a term. */
  private static final double CHOICE = 0.05;

  /** What it counts that the ratio is bounded elsewhere and by other factors. */
  private static final double SHAPE = 2;

  private static Set<String> marks(Profile profile) {
    return profile.rising().marks().addAll(profile.falling().marks());
  }

  /** The share of all marks that only one has. */
  private static double apart(Set<String> left, Set<String> right) {
    return 1 - (double) left.intersect(right).size() / left.union(right).size();
  }

  /** A term that is added as it is seen explains itself: it counts as so many choices. */
  private static final int ADDED = 10;

  private static int choices(String name) {
    return (int) name.chars().filter(c -> c == ',').count()
        + (name.contains(" under ") ? 1 : 0)
        + ADDED * (int) name.chars().filter(c -> c == '+').count();
  }

  private static Seq<String> differences(Profile seen, Profile other) {
    Map<String, String> expected = other.words();
    return seen.words()
        .toList()
        .filter(word -> !expected.get(word._1).contains(word._2))
        .filter(word -> expected.containsKey(word._1))
        .map(word -> word._1 + " is " + word._2 + " instead of " + expected.get(word._1).get());
  }

  /** {@return the same for a program to read} */
  public ObjectNode json(ObjectMapper mapper) {
    ObjectNode root = mapper.createObjectNode();
    ObjectNode does = root.putObject("seen");
    seen.words().forEach(does::put);
    equal.forEach(root.putArray("equal")::add);
    slopes.forEach(root.putArray("equal_gradient")::add);
    for (Nearest one : nearest) {
      ObjectNode near = root.putObject("nearest").put("name", one.name);
      one.differences.forEach(near.putArray("differences")::add);
    }
    return root;
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
