package lossmith.proofs.subject;

import io.vavr.collection.Map;
import java.util.stream.IntStream;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.ops.Compile;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;

/**
 * An objective over hidden states whose logits are those of the case: the output matrix moves every
 * unit to another entry, so that the gradient of the hidden states is that of the logits, moved.
 */
public final class HiddenStates implements AutoCloseable {
  private static final int WIDTH = Trials.WIDTH;

  /** Bytes for a chunk of four rows or fewer. */
  private static final long BUDGET = 4_000;

  private final FusedLoss loss;

  /** A loss; one of which something is dead is looked at as it is, as a value. */
  HiddenStates(Loss loss) {
    this.loss =
        Compile.of(loss.training())
            .precision(Precision.FLOAT64)
            .hidden(Head.of(WIDTH, WIDTH), BUDGET);
  }

  /** Which hidden unit is the logit of an entry. */
  private static int unit(int entry) {
    return (entry + 2) % WIDTH;
  }

  /**
   * Value, and the gradients of the logits and of the output matrix by {@link BoundLoss#LOGITS} and
   * {@code weight}.
   */
  public Evaluation evaluate(Trial trial) {
    Samples samples = trial.samples();
    int tokens = samples.tokens();
    Map<String, Matrix> grids =
        samples
            .grids()
            .remove(BoundLoss.LOGITS)
            .toMap(name -> name, name -> Matrix.of(Precision.FLOAT64, samples.grid(name).get()));
    try (Matrix hidden = Matrix.zeros(Precision.FLOAT64, tokens, WIDTH);
        Matrix weight = Matrix.zeros(Precision.FLOAT64, WIDTH, WIDTH);
        Matrix up = Matrix.zeros(Precision.FLOAT64, tokens, WIDTH);
        Matrix across = Matrix.zeros(Precision.FLOAT64, WIDTH, WIDTH)) {
      for (int t = 0; t < tokens; t++) {
        double[] row = new double[WIDTH];
        for (int v = 0; v < WIDTH; v++) {
          row[unit(v)] = samples.grid(BoundLoss.LOGITS).get().get(t, v);
        }
        hidden.write(t, row);
      }
      for (int v = 0; v < WIDTH; v++) {
        double[] row = new double[WIDTH];
        row[unit(v)] = 1;
        weight.write(v, row);
      }
      Policy.Hidden policy =
          new Policy.Hidden(new Policy.Layer(hidden, weight), new Policy.Layer(up, across))
              .withGrids(grids);
      Evaluation found = loss.evaluate(samples, policy, trial.parameters());
      double[] logits =
          IntStream.range(0, tokens)
              .mapToObj(up::row)
              .flatMapToDouble(row -> IntStream.range(0, WIDTH).mapToDouble(v -> row[unit(v)]))
              .toArray();
      return new Evaluation(
          found.value(),
          found.parts(),
          found.metrics(),
          found.gradients().put(BoundLoss.LOGITS, logits).put("weight", across.numbers()),
          found.extras(),
          found.fallbacks());
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }

  /** Σ_t dL/dz_t ⊗ h_t, from the gradient at the logits. */
  public static double[] weight(Samples samples, double[] logits) {
    double[] matrix = new double[WIDTH * WIDTH];
    for (int t = 0; t < samples.tokens(); t++) {
      for (int v = 0; v < WIDTH; v++) {
        for (int u = 0; u < WIDTH; u++) {
          matrix[v * WIDTH + unit(u)] +=
              logits[t * WIDTH + v] * samples.grid(BoundLoss.LOGITS).get().get(t, u);
        }
      }
    }
    return matrix;
  }

  /** Whether the logits of a case can come out of a matrix product: all are finite. */
  public static boolean reach(Trial trial) {
    return Double.isFinite(total(trial));
  }

  /** Σ |logits| of a case. */
  public static double total(Trial trial) {
    double total = 0;
    for (int t = 0; t < trial.samples().tokens(); t++) {
      for (int v = 0; v < WIDTH; v++) {
        total += Math.abs(trial.samples().grid(BoundLoss.LOGITS).get().get(t, v));
      }
    }
    return total;
  }

  @Override
  public void close() {
    loss.close();
  }
}
