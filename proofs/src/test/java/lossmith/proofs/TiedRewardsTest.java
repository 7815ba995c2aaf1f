package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Iterator;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.stream.Stream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.Compile;
import lossmith.ops.CompiledLoss;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import lossmith.proofs.subject.Rowwise;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One prompt whose rewards agree to rounding moves no policy: the gradient is 0 at every surface,
 * in float64 and in float32, of every objective that has nothing but the advantage to go by.
 */
final class TiedRewardsTest {
  private static final float SINGLE = 0.3f;
  private static final int ROWS = 4;
  private static final long BUDGET = 1 << 20;
  private static final int WIDTH = Trials.WIDTH;

  /** An ulp of a float64 apart, and an ulp of a float32. */
  private static final Seq<double[]> RECORDED =
      List.of(new double[] {0.1 + 0.2, 0.3}, new double[] {Math.nextUp(SINGLE), SINGLE});

  /**
   * Two float64 less than an ulp of a float32 apart, with the bound between two float32 between.
   */
  private static final double[] STRADDLING = {
    Math.nextDown(SINGLE + 0.5 * Math.ulp(SINGLE)), Math.nextUp(SINGLE + 0.5 * Math.ulp(SINGLE))
  };

  private static final Seq<String> OBJECTIVES =
      List.of("grpo", "dapo", "dr-grpo", "gpg", "gspo", "cispo", "topr")
          .appendAll(
              List.of(
                      "group-normalised",
                      "group-centred",
                      "batch-scaled",
                      "leave-one-out",
                      "optimal-reward-baseline",
                      "pass-rate-normalised",
                      "gpg-scaled",
                      "pass-at-k",
                      "tracked-baseline",
                      "whitened",
                      "each-normalised",
                      "reward-to-go+informative")
                  .map(part -> part + "+token-mean"));

  @TestFactory
  Stream<DynamicTest> movesNoPolicy() {
    return OBJECTIVES
        .toJavaStream()
        .map(name -> DynamicTest.dynamicTest(name, () -> movesNoPolicy(name)));
  }

  private static void movesNoPolicy(String name) {
    Recipe recipe = Recipes.named(name).getOrElse(() -> Composition.of(name));
    try (Subject subject = Subject.of(recipe);
        Single single = new Single(subject)) {
      for (int turn = 0; turn < 2; turn++) {
        for (double[] rewards : RECORDED) {
          Trial trial = tied(subject, rewards, turn);
          float64(subject, trial);
          single.check(trial.samples());
        }
        single.check(tied(subject, STRADDLING, turn).samples());
      }
    }
  }

  /** One prompt with three responses or more, one of which has the first of two rewards. */
  private static Trial tied(Subject subject, double[] rewards, int turn) {
    Trial trial =
        Iterator.range(1, 400)
            .map(seed -> subject.draw(seed, Trial.Kind.ORDINARY))
            .find(
                t ->
                    t.samples().size(Level.Name.SEQUENCE) >= 3
                        && t.samples().size(Level.Name.GROUP) == 1)
            .get();
    double[] given = new double[trial.samples().size(Level.Name.SEQUENCE)];
    Arrays.setAll(given, s -> rewards[s == turn ? 0 : 1]);
    Samples samples =
        trial
            .samples()
            .with(Columns.REWARD, Level.Name.SEQUENCE, given)
            .with("second_reward", Level.Name.SEQUENCE, given);
    return new Trial(trial.seed(), trial.kind(), samples, trial.parameters());
  }

  private static void zero(String where, double[] gradient) {
    assertTrue(gradient.length > 0, where);
    assertArrayEquals(new double[gradient.length], gradient, 0, where);
  }

  private static void float64(Subject subject, Trial trial) {
    zero(
        "statistics",
        subject.on(trial).evaluation(Surface.STATISTICS).gradients().get(Columns.LOG_PROB).get());
    zero(
        "logits",
        subject.on(trial).evaluation(Surface.LOGITS).gradients().get(BoundLoss.LOGITS).get());
    zero("rows", subject.on(trial).rows().gradients().get(BoundLoss.LOGITS).get());
    zero("hidden", subject.hiddenStates().evaluate(trial).gradients().get(BoundLoss.LOGITS).get());
    int[] piece = new int[trial.samples().tokens()];
    Arrays.setAll(piece, t -> t % 2);
    int[] empty = new int[trial.samples().size(Level.Name.SEQUENCE)];
    Seq<Rowwise.Cut> cuts = Rowwise.cuts(trial.samples(), piece, empty, 2);
    zero("window", subject.rowwise().pieces(trial, cuts).gradients().get(BoundLoss.LOGITS).get());
  }

  /** An objective in float32, at each surface. */
  private static final class Single implements AutoCloseable {
    private final CompiledLoss statistics;
    private final FusedLoss rows;
    private final FusedLoss hidden;

    Single(Subject subject) {
      Precision single = Precision.FLOAT32;
      Loss loss = subject.loss();
      statistics = Compile.of(loss).precision(single).statistics();
      rows = Compile.of(loss).precision(single).vocabulary(WIDTH).rows(ROWS).logits();
      hidden = Compile.of(loss).precision(single).hidden(Head.of(WIDTH, WIDTH), BUDGET);
    }

    void check(Samples samples) {
      zero(
          "statistics in float32",
          statistics.evaluate(samples).gradients().get(Columns.LOG_PROB).get());
      Map<String, Matrix> grids =
          samples
              .grids()
              .remove(BoundLoss.LOGITS)
              .toMap(grid -> grid, grid -> Matrix.of(Precision.FLOAT32, samples.grid(grid).get()));
      try (Matrix logits = Matrix.of(Precision.FLOAT32, samples.grid(BoundLoss.LOGITS).get());
          Matrix slope = Matrix.zeros(Precision.FLOAT32, samples.tokens(), WIDTH);
          Matrix weight = Matrix.zeros(Precision.FLOAT32, WIDTH, WIDTH);
          Matrix up = Matrix.zeros(Precision.FLOAT32, samples.tokens(), WIDTH);
          Matrix across = Matrix.zeros(Precision.FLOAT32, WIDTH, WIDTH)) {
        for (int v = 0; v < WIDTH; v++) {
          double[] row = new double[WIDTH];
          row[v] = 1;
          weight.write(v, row);
        }
        var states = new Policy.Layer(logits, weight);
        var policy = new Policy.Hidden(states, new Policy.Layer(up, across)).withGrids(grids);
        var unused =
            List.of(
                rows.evaluate(samples, new Policy.Logits(logits, grids, slope)),
                hidden.evaluate(samples, policy));
        for (int t = 0; t < samples.tokens(); t++) {
          zero("rows in float32", slope.row(t));
          zero("hidden in float32", up.row(t));
        }
      } finally {
        grids.values().forEach(Matrix::close);
      }
    }

    @Override
    public void close() {
      statistics.close();
      rows.close();
      hidden.close();
    }
  }
}
