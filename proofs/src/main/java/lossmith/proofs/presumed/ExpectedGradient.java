package lossmith.proofs.presumed;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/**
 * The gradient of an objective at the first token of a case, averaged exactly over all tokens that
 * could have been sampled there, each twice with opposite rewards, so that a policy gradient beside
 * a penalty cancels.
 */
public final class ExpectedGradient {
  /** What an enumerated sample has; an objective that reads more has no expectation here. */
  private static final Map<String, Level.Name> GIVEN =
      HashMap.of(
          Columns.LOG_PI, Level.Name.VOCABULARY,
          Columns.REFERENCE_LOG_PI, Level.Name.VOCABULARY,
          Columns.REWARD, Level.Name.SEQUENCE,
          Columns.LOG_PROB, Level.Name.TOKEN,
          Columns.OLD_LOG_PROB, Level.Name.TOKEN,
          Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN,
          Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN,
          Columns.ENTROPY, Level.Name.TOKEN);

  private final double[] gradient;
  private final double[] size;
  private final double[] logPi;
  private final double[] logRho;
  private final double temperature;

  private ExpectedGradient(
      double[] gradient, double[] size, double[] logPi, double[] logRho, double temperature) {
    this.gradient = gradient;
    this.size = size;
    this.logPi = logPi;
    this.logRho = logRho;
    this.temperature = temperature;
  }

  /** Σ_v π(v)·∇L(v). */
  public double[] gradient() {
    return gradient;
  }

  /** Σ_v π(v)·|∇L(v)|. */
  public double[] size() {
    return size;
  }

  /** Whether the expectation of an objective that reads these columns can be enumerated. */
  public static boolean enumerable(Seq<Node.Input> columns) {
    return columns.forAll(
        column -> GIVEN.get(column.name()).contains(column.level()) || isOne(column));
  }

  /** A number of the whole batch, and a mask: 1 in an expectation. */
  private static boolean isOne(Node.Input column) {
    return !column.trained()
        && (column.level() == Level.Name.BATCH
            || (column.level() == Level.Name.TOKEN && PresumedRole.isMask(column.name())));
  }

  private static Samples with(Samples samples, Seq<Node.Input> ones) {
    return ones.foldLeft(
        samples,
        (all, column) ->
            all.with(
                column.name(),
                column.level(),
                column.level() == Level.Name.TOKEN ? twice(1) : new double[] {1}));
  }

  /** The expectation, where a case has a token; 0 where the objective has no gradient. */
  public static Option<ExpectedGradient> of(Option<Node> slope, Trial trial) {
    Node none = Nodes.constant(0, Level.Name.VOCABULARY);
    return Option.when(trial.samples().tokens() > 0, () -> of(slope.getOrElse(none), trial));
  }

  private static ExpectedGradient of(Node slope, Trial trial) {
    return of(slope, trial, policy(trial), reference(trial));
  }

  /** log π of the first token of a case. */
  static double[] policy(Trial trial) {
    return LogSoftmax.of(row(trial.samples().grid(BoundLoss.LOGITS).get()), temperature(trial));
  }

  /** log π_ref of the first token of a case. */
  static double[] reference(Trial trial) {
    return row(trial.samples().grid(Columns.REFERENCE_LOG_PI).get());
  }

  private static double temperature(Trial trial) {
    return trial.parameters().getOrElse(Columns.TEMPERATURE, 1.0);
  }

  /**
   * The expectation with other policies beside that of the case, which has a token.
   *
   * @param slope dL/dlogits
   * @param trial the case
   * @param logMu the policy that sampled
   * @param logRho the reference
   */
  static ExpectedGradient of(Node slope, Trial trial, double[] logMu, double[] logRho) {
    double[] z = row(trial.samples().grid(BoundLoss.LOGITS).get());
    double[] logPi = policy(trial);
    double[] gradient = new double[z.length];
    double[] size = new double[z.length];
    Seq<Node.Input> ones = Inputs.of(List.of(slope)).columns().filter(ExpectedGradient::isOne);
    for (int v = 0; v < z.length; v++) {
      Samples pair = with(pair(v, z, logPi, logMu, logRho), ones);
      double[] g = new Reference(pair, trial.parameters()).of(slope);
      for (int u = 0; u < z.length; u++) {
        double both = Math.exp(logPi[v]) * (g[u] + g[z.length + u]);
        gradient[u] += both;
        size[u] += Math.abs(both);
      }
    }
    return new ExpectedGradient(gradient, size, logPi, logRho, temperature(trial));
  }

  /** The gradient of a divergence with respect to the logits. */
  public double[] slope(Claim.Divergence divergence) {
    double kl = 0;
    for (int v = 0; v < logPi.length; v++) {
      kl += Math.exp(logPi[v]) * (logPi[v] - logRho[v]);
    }
    double reverse = kl;
    IntToDoubleFunction at =
        switch (divergence) {
          case REVERSE -> v -> Math.exp(logPi[v]) * (logPi[v] - logRho[v] - reverse);
          case FORWARD -> v -> Math.exp(logPi[v]) - Math.exp(logRho[v]);
          case NONE -> v -> 0;
        };
    double[] slope = new double[logPi.length];
    Arrays.setAll(slope, v -> at.applyAsDouble(v) / temperature);
    return slope;
  }

  /** One token sampled twice, with opposite rewards. */
  public static Samples pair(int v, double[] z, double[] logPi, double[] logMu, double[] logRho) {
    double entropy = -Arrays.stream(logPi).map(x -> Math.exp(x) * x).sum();
    return new SamplesBuilder(new int[] {1, 1}, new int[] {0, 0})
        .sampled(new int[] {v, v})
        .grid(BoundLoss.LOGITS, both(z))
        .grid(Columns.REFERENCE_LOG_PI, both(logRho))
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0})
        .column(Columns.LOG_PROB, Level.Name.TOKEN, twice(logPi[v]))
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, twice(logMu[v]))
        .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, twice(logMu[v]))
        .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, twice(logRho[v]))
        .column(Columns.ENTROPY, Level.Name.TOKEN, twice(entropy))
        .build();
  }

  private static double[] twice(double x) {
    return new double[] {x, x};
  }

  private static Grid both(double[] row) {
    double[] two = Arrays.copyOf(row, 2 * row.length);
    System.arraycopy(row, 0, two, row.length, row.length);
    return Grid.of(two, row.length);
  }

  public static double[] row(Grid grid) {
    double[] first = new double[grid.width()];
    Arrays.setAll(first, v -> grid.get(0, v));
    return first;
  }
}
