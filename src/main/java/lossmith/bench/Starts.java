package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.stream.LongStream;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.ops.FusedLoss;
import lossmith.ops.Window;
import lossmith.ops.runtime.TensorFlowRuntime;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;

/** What a loss costs before its second step: from term to runnable graph, and the first step. */
final class Starts {
  private final Loss loss;
  private final BenchSize work;

  Starts(Loss loss, BenchSize work) {
    this.loss = loss;
    this.work = work;
  }

  /**
   * The first loss of the process, in which Java's classes are loaded, then every recipe once: what
   * each further loss costs that was never compiled before.
   */
  Seq<Figure> all() {
    TensorFlowRuntime.start();
    double first = compiling(loss);
    double step = new LogitsFigures(loss, work).firstStep();
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
    long[] groups = LongStream.range(0, samples.size(Level.Name.GROUP)).toArray();
    Partial whole = Partial.of(samples, groups);
    return Measured.once(
        () -> {
          try (FusedLoss fused = LogitsFigures.compiled(one, work)) {
            Window unused = fused.window(whole);
          }
        });
  }
}
