package lossmith.lab;

import io.vavr.Tuple;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeMap;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import lossmith.metric.HeldOut;
import lossmith.score.StudentInterval;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/**
 * What runs of several objectives came to, paired by seed: runs of a seed have the same start, the
 * same prompts in the same order and the same number of tokens, so their difference is the
 * objective's. A run that ended before, because nothing was left to learn from, counts with its
 * last numbers.
 */
public final class Comparison {
  private static final double TAIL = 0.1;
  private static final String ENTROPY = "actor/entropy";
  private static final String LENGTH = "response_length/mean";
  private static final String TOKENS = "training/tokens";

  private final Seq<Arm> arms;

  /** Compares runs. */
  public Comparison(Seq<Arm> arms) {
    this.arms = arms;
  }

  /**
   * A run that is over.
   *
   * @param recipe what trained
   * @param seed of the run
   * @param numbers what it came to, by name
   */
  public record Arm(String recipe, long seed, Map<String, Double> numbers) {
    /**
     * {@return what a run came to: the last measurement on held-out prompts; entropy and length as
     * means over the last tenth of its steps}
     *
     * @param recipe what trained
     * @param seed of the run
     * @param lines its rows, as lines of JSON
     */
    public static Arm read(String recipe, long seed, Path lines) throws IOException {
      Seq<Map<String, Double>> rows = RunRows.read(lines);
      Map<String, Double> found = TreeMap.empty();
      for (Map<String, Double> row : rows) {
        found =
            row.filterKeys(name -> HeldOut.is(name) || name.equals(TOKENS))
                .foldLeft(found, (all, one) -> all.put(one));
      }
      Seq<Map<String, Double>> steps = rows.filter(row -> row.containsKey(ENTROPY));
      Seq<Map<String, Double>> tail = steps.takeRight((int) Math.ceil(TAIL * steps.size()));
      for (String name : new String[] {ENTROPY, LENGTH}) {
        for (double mean : tail.map(row -> row.getOrElse(name, 0.0)).average()) {
          found = found.put(name, mean);
        }
      }
      return new Arm(recipe, seed, found);
    }
  }

  /**
   * What an objective comes to, and by how much it differs from the first one.
   *
   * @param number the name of what is compared
   * @param recipe the objective
   * @param seeds how many runs it has, and the first one with them
   * @param mean over them
   * @param difference the mean of the differences within a seed; none for the first objective
   * @param margin half of its 95 % interval by Student's t; none for fewer than two seeds
   */
  public record Effect(
      String number,
      String recipe,
      int seeds,
      double mean,
      Option<Double> difference,
      Option<Double> margin) {}

  /** {@return all effects, number after number} */
  public Seq<Effect> effects() {
    Seq<String> recipes = arms.map(Arm::recipe).distinct();
    Seq<String> numbers = arms.flatMap(arm -> arm.numbers().keySet()).distinct().sorted();
    return numbers.flatMap(
        number ->
            recipes.flatMap(
                recipe -> effect(number, recipe, recipes.head(), values(number, recipe))));
  }

  /** Numbers by seed. */
  private Map<Long, Double> values(String number, String recipe) {
    return arms.filter(arm -> arm.recipe().equals(recipe))
        .flatMap(arm -> arm.numbers().get(number).map(value -> Tuple.of(arm.seed(), value)))
        .foldLeft(TreeMap.<Long, Double>empty(), (all, one) -> all.put(one));
  }

  private Option<Effect> effect(
      String number, String recipe, String first, Map<Long, Double> values) {
    if (recipe.equals(first)) {
      return Option.when(
          values.nonEmpty(),
          () ->
              new Effect(
                  number,
                  recipe,
                  values.size(),
                  values.values().average().get(),
                  Option.none(),
                  Option.none()));
    }
    Map<Long, Double> base = values(number, first);
    StreamingStatistics differences = new StreamingStatistics();
    StreamingStatistics paired = new StreamingStatistics();
    for (var one : values) {
      for (double before : base.get(one._1)) {
        differences.addValue(one._2 - before);
        paired.addValue(one._2);
      }
    }
    int seeds = (int) differences.getN();
    return Option.when(
        seeds > 0,
        () ->
            new Effect(
                number,
                recipe,
                seeds,
                paired.getMean(),
                Option.some(differences.getMean()),
                Option.when(seeds > 1, () -> StudentInterval.margin(differences))));
  }
}
