package lossmith.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.Tuple;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Predicate;
import lossmith.metric.HeldOut;
import lossmith.score.StudentInterval;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/**
 * What several seeds came to step by step, or how far two objectives are apart within each of them.
 * A number has a point where every seed has it, as a mean over some of them would be another mean
 * than that beside it. Seeds that train on so many tokens end at different steps, each of which is
 * measured on held-out prompts: those last measurements together are one point more, at the mean of
 * the ends.
 *
 * @param seeds the numbers of each seed
 */
record SeedCurves(Seq<Seed> seeds) {
  private static final String TOKENS = "training/tokens";

  /**
   * One seed.
   *
   * @param seed which
   * @param rows its numbers by step
   * @param end those of the last step with a measurement on held-out prompts, if there is one
   */
  record Seed(long seed, Map<Double, Map<String, Double>> rows, Option<Map<String, Double>> end) {
    static Seed of(TrainedArm arm) {
      return new Seed(
          arm.seed(),
          arm.rows().toMap(row -> row.get(TrainedArm.STEP).get(), row -> row),
          arm.rows()
              .filter(row -> row.keySet().exists(HeldOut::is))
              .maxBy(row -> row.get(TrainedArm.STEP).get()));
    }

    /** This seed's numbers less another's, at the steps that both have. */
    Seed minus(Seed other) {
      return new Seed(
          seed,
          rows.filterKeys(other.rows::containsKey)
              .map((step, row) -> Tuple.of(step, less(row, other.rows.get(step).get()))),
          end.flatMap(row -> other.end.map(base -> less(row, base))));
    }

    private static Map<String, Double> less(Map<String, Double> row, Map<String, Double> base) {
      return row.filterKeys(base::containsKey)
          .map(
              (name, number) -> {
                double less = base.get(name).get();
                return Tuple.of(name, across(name) ? (number + less) / 2 : number - less);
              });
    }
  }

  /** Of one objective. */
  static SeedCurves of(Seq<TrainedArm> own) {
    return new SeedCurves(own.map(Seed::of));
  }

  /** The differences to another objective within each seed that both have. */
  SeedCurves minus(SeedCurves other) {
    return new SeedCurves(
        seeds.flatMap(seed -> other.seeds.find(one -> one.seed == seed.seed).map(seed::minus)));
  }

  /**
   * Writes the means over the seeds, with the interval of the mean where there are several.
   *
   * @param node what is written to
   * @param names of the numbers
   * @param positive which of them cannot be below 0, nor can their intervals
   */
  void put(ObjectNode node, Seq<String> names, Predicate<String> positive) {
    Seq<Seq<Map<String, Double>>> points = points();
    node.put("seeds", seeds.size());
    node.set("step", PageNumbers.of(points.map(rows -> mean(rows, TrainedArm.STEP))));
    node.set("tokens", PageNumbers.of(points.map(SeedCurves::tokens)));
    ObjectNode metrics = node.putObject("m");
    for (String name : names) {
      Seq<StreamingStatistics> each = points.map(rows -> statistics(rows, name));
      if (each.forAll(one -> one.getN() == 0)) {
        continue;
      }
      ObjectNode metric = metrics.putObject(name);
      metric.set("v", PageNumbers.of(each.map(StreamingStatistics::getMean)));
      if (seeds.size() > 1) {
        double least = positive.test(name) ? 0 : Double.NEGATIVE_INFINITY;
        metric.set(
            "lo", PageNumbers.of(each.map(one -> Math.max(least, one.getMean() - band(one)))));
        metric.set("hi", PageNumbers.of(each.map(one -> one.getMean() + band(one))));
      }
    }
  }

  /** The rows of all seeds at each step that all have, and those of their ends. */
  private Seq<Seq<Map<String, Double>>> points() {
    Seq<Seq<Map<String, Double>>> common =
        seeds
            .headOption()
            .toList()
            .flatMap(first -> first.rows.keySet())
            .filter(step -> seeds.forAll(seed -> seed.rows.containsKey(step)))
            .map(step -> seeds.map(seed -> seed.rows.get(step).get()));
    Seq<Map<String, Double>> ends = seeds.flatMap(Seed::end);
    return (ends.size() < seeds.size() || common.contains(ends)
            ? common
            : common.append(
                ends.map(row -> row.filterKeys(name -> across(name) || HeldOut.is(name)))))
        .sortBy(rows -> mean(rows, TrainedArm.STEP));
  }

  /** Whether it is an axis on which the other numbers are drawn. */
  private static boolean across(String name) {
    return name.equals(TrainedArm.STEP) || name.equals(TOKENS);
  }

  /** The start policy has sampled nothing. */
  private static double tokens(Seq<Map<String, Double>> rows) {
    return mean(rows, TrainedArm.STEP) == 0 ? 0 : mean(rows, TOKENS);
  }

  private static double mean(Seq<Map<String, Double>> rows, String name) {
    return statistics(rows, name).getMean();
  }

  /** Of a number that every seed has; of nothing otherwise. */
  private static StreamingStatistics statistics(Seq<Map<String, Double>> rows, String name) {
    StreamingStatistics found = new StreamingStatistics();
    if (rows.forAll(row -> row.containsKey(name))) {
      rows.flatMap(row -> row.get(name)).forEach(found::addValue);
    }
    return found;
  }

  /** Two numbers have an interval that says nothing: their band goes from one to the other. */
  private static double band(StreamingStatistics found) {
    return found.getN() == 2
        ? (found.getMax() - found.getMin()) / 2
        : StudentInterval.margin(found);
  }
}
