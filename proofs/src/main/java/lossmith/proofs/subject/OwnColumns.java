package lossmith.proofs.subject;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.proofs.trial.Trial.Kind;
import lossmith.proofs.trial.Trials;

/**
 * The columns that an objective reads and that generated batches lack, such as {@code
 * given("advantage", SEQUENCE)}. They are drawn at random, at the level at which the objective
 * reads them and from the range that their name suggests ({@link Domain}). A column that batches
 * have at another level is replaced.
 */
final class OwnColumns {
  /** Columns of the policy, and positions: every batch has or computes them; never drawn here. */
  private static final Set<String> POLICY =
      HashSet.of(
          Columns.LOG_PI, Columns.LOG_PROB, Columns.ENTROPY, Columns.POSITION, BoundLoss.LOGITS);

  private final Map<String, Level.Name> levels;

  /**
   * Finds the columns that an objective reads and a generated batch lacks.
   *
   * @param loss the objective
   * @param drawn a generated batch, with the columns that are drawn for every objective
   */
  OwnColumns(Loss loss, Samples drawn) {
    this.levels =
        reads(loss)
            .filter(input -> !POLICY.contains(input.name()) && !has(drawn, input))
            .toLinkedMap(Node.Input::name, Node.Input::level);
  }

  /** The columns that an objective reads. */
  static Seq<Node.Input> reads(Loss loss) {
    return Inputs.of(
            List.<Node>ofAll(loss.parts().values().map(part -> part.node()))
                .appendAll(loss.metrics().values().map(metric -> metric.node())))
        .columns();
  }

  private static boolean has(Samples samples, Node.Input input) {
    return input.level() == Level.Name.VOCABULARY
        ? samples.grids().contains(input.name())
        : samples.level(input.name()).contains(input.level());
  }

  /** The domain of each column in words, by name. */
  Map<String, String> inWords() {
    return levels.isEmpty()
        ? LinkedHashMap.empty()
        : levels.toLinkedMap(own -> own._1, own -> "per " + own._2 + ", " + Domain.of(own._1));
  }

  /**
   * Adds these columns to a batch; the same batch always gets the same numbers.
   *
   * @param samples the batch, with logits
   * @param kind what sort of data
   */
  Samples in(Samples samples, Kind kind) {
    Samples all = samples;
    for (var own : levels) {
      Random random = new Random(31L * seed(samples) + own._1.hashCode());
      Domain domain = Domain.of(own._1);
      double[] values = new double[samples.size(own._2)];
      Arrays.setAll(values, i -> domain.draw(random, kind));
      if (domain == Domain.LOG_PROBABILITY && own._2 == Level.Name.TOKEN) {
        double[] policy = policy(samples);
        Arrays.setAll(values, t -> Math.min(0, policy[t] - Trials.logRatio(random, kind)));
      }
      all =
          own._2 == Level.Name.VOCABULARY
              ? all.with(own._1, Grid.of(rows(values, domain), Trials.WIDTH))
              : all.without(own._1).with(own._1, own._2, values);
    }
    return all;
  }

  /** log π of each sampled token, around which an objective's own log-prob columns are drawn. */
  private static double[] policy(Samples samples) {
    Grid logits = samples.grid(BoundLoss.LOGITS).get();
    int[] sampled = samples.sampled().get();
    double[] policy = new double[logits.rows()];
    for (int t = 0; t < policy.length; t++) {
      double[] row = new double[logits.width()];
      int token = t;
      Arrays.setAll(row, v -> logits.get(token, v));
      policy[t] = LogSoftmax.of(row, 1)[sampled[t]];
    }
    return policy;
  }

  /** A number that tells batches apart. */
  static int seed(Samples samples) {
    Grid logits = samples.grid(BoundLoss.LOGITS).get();
    int seed = logits.rows();
    for (int i = 0; i < logits.rows() * logits.width(); i++) {
      seed = 31 * seed + Double.hashCode(logits.get(i / logits.width(), i % logits.width()));
    }
    return seed;
  }

  /** Normalises rows of probabilities, or of log-probs, so that the probabilities sum to 1. */
  static double[] rows(double[] values, Domain domain) {
    boolean logs = domain == Domain.LOG_PROBABILITY;
    if (!logs && domain != Domain.SHARE) {
      return values;
    }
    double[] rows = new double[values.length];
    for (int from = 0; from < values.length; from += Trials.WIDTH) {
      double[] row = Arrays.copyOfRange(values, from, from + Trials.WIDTH);
      double[] p = LogSoftmax.of(row, 1);
      for (int v = 0; v < Trials.WIDTH; v++) {
        rows[from + v] = logs ? p[v] : Math.exp(p[v]);
      }
    }
    return rows;
  }
}
