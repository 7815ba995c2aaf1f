package lossmith.bench;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.Matrix;
import lossmith.ops.Policy;
import lossmith.ops.Precision;
import lossmith.ops.Quiet;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Recipes;

/** What a loss costs before its second step: from term to runnable graph, and the first step. */
final class Starts {
  private final Loss loss;
  private final Work work;

  Starts(Loss loss, Work work) {
    this.loss = loss;
    this.work = work;
  }

  /**
   * The first loss of the process, in which Java's classes are loaded, then every recipe once: what
   * each further loss costs that was never compiled before.
   */
  Seq<Figure> all() {
    Quiet.start();
    double first = compiling(loss);
    double step = firstStep();
    Seq<Recipe> recipes = Recipes.all();
    double compile =
        Measured.median(recipes.map(r -> r.loss(Conventions.paper())).map(this::compiling));
    return List.of(
        Figure.plain(
                "compile: term to runnable graph",
                compile,
                "ms",
                "logits; median of "
                    + recipes.size()
                    + " recipes, each compiled for the first time")
            .atMost(100),
        Figure.plain(
            "compile, the first loss of a process",
            first,
            "ms",
            "once, the library loaded, Java's classes not"),
        Figure.plain("first step, XLA compiling", step, "ms", "once, after that").atMost(1500));
  }

  private double compiling(Loss one) {
    Samples samples = Workload.samples(one, work.rows(), work.vocabulary());
    return Measured.once(() -> LogitsFigures.compiled(one, work, samples).close());
  }

  private double firstStep() {
    Samples samples = Workload.samples(loss, work.rows(), work.vocabulary());
    try (FusedLoss fused = LogitsFigures.compiled(loss, work, samples);
        Matrix logits = Workload.matrix(work.rows(), work.vocabulary(), -4, 4);
        Matrix gradient = Matrix.zeros(Precision.FLOAT32, work.rows(), work.vocabulary())) {
      Policy policy = new Policy.Logits(logits, HashMap.empty(), gradient);
      return Measured.once(
          () -> {
            Evaluation unused = fused.evaluate(samples, policy, HashMap.empty());
          });
    }
  }
}
