package lossmith.proofs.meant;

import io.vavr.Tuple2;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** In which unit a metric is, and of how much of the batch. */
final class MetricUnitLaws {
  private static final double TWICE = 2;

  private static final Set<String> STDS = HashSet.of("std", "stddev", "stdev", "deviation");

  private static final Set<String> AVERAGES =
      HashSet.of("mean", "avg", "average", "length", "lengths", "reward", "entropy", "kl", "ratio");

  /** Words that make a number one of the whole batch. */
  private static final Set<String> TOTALS =
      HashSet.of("total", "sum", "count", "num", "number", "n", "max", "min", "tokens");

  private MetricUnitLaws() {}

  /** A std is in the unit of what it is of, a variance in the square of it. */
  static PartLaws.Presumed unit() {
    return law(
        "metric-unit",
        "a metric that is called a std is in the unit of what it is of: with twice the rewards it"
            + " is twice as large, and a variance four times",
        "std(2R) = 2·std(R)",
        STDS,
        (metric, trial) -> {
          Seq<String> read = columns(metric);
          if (!read.equals(List.of(Columns.REWARD))) {
            return List.empty();
          }
          double once = number(metric, trial);
          double twice =
              number(metric, PartLaws.changed(trial, Columns.REWARD, reward -> TWICE * reward));
          return is(twice, TWICE * TWICE * once)
              ? List.of("with twice the rewards it is four times as large: it is a variance")
              : List.empty();
        });
  }

  /** What is reported beside batches of other sizes is an average. */
  static PartLaws.Presumed ofTheBatch() {
    return law(
        "metric-batch",
        "a metric that is not called a sum or a number of something is an average: with every"
            + " prompt twice it stays as it is",
        "m(x ∪ x) = m(x)",
        AVERAGES,
        (metric, trial) -> {
          double once = number(metric, trial);
          double twice = number(metric, PartLaws.with(trial, Batches.twice(trial.samples())));
          return is(twice, TWICE * once)
              ? List.of("with every prompt twice it is twice as large: it is a sum over the batch")
              : List.empty();
        });
  }

  private static boolean is(double x, double y) {
    return Math.abs(y) > 1e-6 && Math.abs(x - y) <= 1e-6 * Math.abs(y);
  }

  private static double number(Node metric, Trial trial) {
    return new Reference(trial.samples(), trial.parameters()).number(metric);
  }

  private static Seq<String> columns(Node metric) {
    return Graph.only(Node.Input.class, Graph.below(List.of(metric)))
        .map(Node.Input::name)
        .distinct();
  }

  @FunctionalInterface
  private interface Check {
    Seq<String> of(Node metric, Trial trial);
  }

  private static PartLaws.Presumed law(
      String name, String statement, String formula, Set<String> called, Check check) {
    return new PartLaws.Presumed(
        new Law(
                name,
                statement,
                formula,
                1e-6,
                "two orders of summation",
                (subject, trial, tolerance) ->
                    named(subject, called)
                        .flatMap(
                            metric ->
                                check.of(metric._2, trial).map(said -> metric._1 + ": " + said))
                        .map(Violation.Fact::new))
            .on(Trial.Kind.ORDINARY),
        subject -> subject.loss().metrics().keySet().exists(metric -> isCalled(metric, called)));
  }

  private static Seq<Tuple2<String, Node>> named(Subject subject, Set<String> called) {
    return List.ofAll(subject.bound(Surface.STATISTICS).metrics())
        .filter(metric -> isCalled(metric._1, called));
  }

  private static boolean isCalled(String metric, Set<String> called) {
    Seq<String> words = List.of(metric.split("[^a-z0-9]+", -1));
    return words.exists(called::contains) && !words.exists(TOTALS::contains);
  }
}
