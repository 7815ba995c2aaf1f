package lossmith.conform.rollouts;

import io.vavr.collection.Array;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.data.Samples;
import lossmith.ops.Compile;
import lossmith.ops.CompiledLoss;
import lossmith.ops.Evaluation;
import lossmith.ops.memory.Precision;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;

/** Runs every case of a folder of rollouts and expected results. */
public final class Conformance {
  /** The column of the other system's advantages, one number per token. */
  public static final String ADVANTAGE = "advantage";

  /** The column of the other system's picked tokens: 1 where one was picked. */
  public static final String SELECTED = "selected";

  /** Expresses another system's loss. */
  @FunctionalInterface
  public interface OtherSystem {
    /**
     * {@return the loss that the other system calls so under this configuration, if it can be
     * expressed}
     */
    Option<Loss> loss(String name, Map<String, Object> config);
  }

  private final OtherSystem system;
  private final Precision precision;
  private final double tolerance;
  private final RecordedLosses expected;
  private final Samples samples;

  /**
   * Reads a folder.
   *
   * @param folder has rollouts.jsonl or rollouts.parquet, and expected.json
   * @param system expresses the other system's losses
   * @param precision the type of the numbers; differences may be 1e-9 in float64 and 1e-5 in
   *     float32
   */
  public Conformance(Path folder, OtherSystem system, Precision precision) {
    this.system = system;
    this.precision = precision;
    this.tolerance = precision == Precision.FLOAT64 ? 1e-9 : 1e-5;
    this.expected = RecordedLosses.read(folder.resolve("expected.json"));
    Path lines = folder.resolve("rollouts.jsonl");
    Samples read =
        RolloutFile.read(
                Files.exists(lines) ? lines : folder.resolve("rollouts.parquet"), Reading.plain())
            .samples();
    if (read.size(Level.Name.SEQUENCE) != expected.advantages().size()) {
      throw Problem.of(
              "expected",
              expected.advantages().size() + " advantages",
              read.size(Level.Name.SEQUENCE) + ", one per response",
              "the results of these rollouts")
          .exception();
    }
    double[] advantage = new double[read.tokens()];
    Arrays.setAll(
        advantage,
        t -> expected.advantages().get(read.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE)));
    this.samples = read.with(ADVANTAGE, Level.Name.TOKEN, advantage);
  }

  /** {@return the files that are read where a path is given: those of a folder, or itself} */
  public static Seq<Path> files(Path path) {
    return Files.isDirectory(path)
        ? List.of("expected.json", "rollouts.jsonl", "rollouts.parquet").map(path::resolve)
        : List.of(path);
  }

  /**
   * {@return the figures of each case; a case that cannot be expressed has one figure that differs
   * infinitely}
   */
  public Map<String, Seq<Agreement>> run() {
    Map<String, Seq<Agreement>> table = LinkedHashMap.empty();
    for (RecordedLosses.Case one : expected.cases()) {
      table = table.put(one.name(), figures(one));
    }
    return SharedColumns.of(samples, expected, precision, tolerance).merge(table);
  }

  private Seq<Agreement> figures(RecordedLosses.Case one) {
    try {
      return system
          .loss(one.lossName(), one.config())
          .map(loss -> compare(one, loss))
          .getOrElse(() -> inexpressible("cannot be expressed"));
    } catch (ProblemException e) {
      return inexpressible(e.problems().head().toString());
    }
  }

  private Seq<Agreement> inexpressible(String why) {
    return List.of(new Agreement(why, Double.POSITIVE_INFINITY, tolerance));
  }

  private Seq<Agreement> compare(RecordedLosses.Case one, Loss loss) {
    Samples data = one.selected().map(this::picked).getOrElse(samples);
    Evaluation found = evaluate(loss, data, precision);
    double[] g = found.gradients().getOrElse(Columns.LOG_PROB, new double[data.tokens()]);
    double magnitude = Arrays.stream(g).map(Math::abs).sum();
    double largest = Arrays.stream(g).map(Math::abs).max().orElse(0);
    Seq<Agreement> figures =
        one.others().map(other -> Agreement.notCompared(other._1, other._2)).toVector();
    if (!one.numbers().containsKey("loss") && !one.others().containsKey("loss")) {
      figures = figures.append(Agreement.notCompared("loss", "none is expected"));
    }
    for (var number : one.numbers().filterKeys(name -> !name.equals("decision_margin"))) {
      boolean isLoss = number._1.equals("loss");
      double got = isLoss ? found.value() : found.metrics().getOrElse(number._1, Double.NaN);
      double scale = isLoss ? magnitude : number._1.equals("ppo_kl") ? meanLogRatio() : 0;
      figures = figures.append(Agreement.of(number._1, got, number._2, scale, tolerance));
    }
    Map<String, Double> gradient =
        LinkedHashMap.of(
            "l2",
            Math.sqrt(Arrays.stream(g).map(x -> x * x).sum()),
            "sum",
            Arrays.stream(g).sum(),
            "max_abs",
            largest);
    double needed = Arrays.stream(g).filter(x -> Math.abs(x) > tolerance * largest).count();
    double most = Arrays.stream(g).filter(x -> x != 0).count();
    for (double count : one.gradient().get("nonzero")) {
      // An entry that agrees with 0 by the rule may be 0 for one and not for the other.
      double nearest = Math.max(needed, Math.min(count, most));
      figures = figures.append(Agreement.of("grad nonzero", nearest, count, 0, tolerance));
    }
    for (var figure : one.gradient().remove("nonzero")) {
      double scale = figure._1.equals("sum") ? magnitude : 0;
      double got = gradient.getOrElse(figure._1, Double.NaN);
      figures = figures.append(Agreement.of("grad " + figure._1, got, figure._2, scale, tolerance));
    }
    return figures
        .append(
            entries(
                "grad first20", g, Array.range(0, one.first20().size()), one.first20(), largest))
        .append(entries("grad probe", g, expected.probe(), one.probe(), largest));
  }

  /** What an objective is on rollouts with the statistics of the policy as columns. */
  static Evaluation evaluate(Loss loss, Samples samples, Precision precision) {
    try (CompiledLoss compiled = Compile.of(loss).precision(precision).statistics()) {
      return compiled.evaluate(samples);
    }
  }

  private Agreement entries(
      String figure, double[] g, Seq<Integer> at, Seq<Double> wanted, double largest) {
    Seq<Double> got = at.map(t -> t < g.length ? g[t] : Double.NaN);
    return Agreement.of(figure, got, wanted, largest, tolerance);
  }

  private double meanLogRatio() {
    double[] now = samples.column(Columns.LOG_PROB).get();
    double[] old = samples.column(Columns.OLD_LOG_PROB).getOrElse(now);
    double sum = 0;
    for (int t = 0; t < now.length; t++) {
      sum += Math.abs(now[t] - old[t]);
    }
    return sum / now.length;
  }

  private Samples picked(Seq<Integer> tokens) {
    double[] selected = new double[samples.tokens()];
    for (int token : tokens) {
      if (token < 0 || token >= selected.length) {
        throw Problem.of(
                "expected",
                "selected token " + token,
                "a token from 0 to " + (selected.length - 1),
                "the results of these rollouts")
            .exception();
      }
      selected[token] = 1;
    }
    return samples.with(SELECTED, Level.Name.TOKEN, selected);
  }
}
