package lossmith.bench;

import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.dsl.derivative.Derivative;
import lossmith.dsl.print.Formula;
import lossmith.dsl.schedule.Schedule;
import lossmith.ops.Compile;
import lossmith.ops.CompiledLoss;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is done once per loss: building its terms, binding, deriving, printing, compiling. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SmallParts {
  private static final int VOCABULARY = 32_768;

  /** The recipe. */
  @Param({"grpo", "gspo", "v-mpo"})
  public String name = "grpo";

  private Recipe recipe = Recipes.all().head();
  private Loss loss = build();
  private Samples samples = Workload.samples(loss, 64, VOCABULARY);
  private Set<String> columns = columns();
  private BoundLoss bound = bound();

  /** Finds the recipe. */
  @Setup
  public void find() {
    recipe = Recipes.get(name);
    loss = build();
    samples = Workload.samples(loss, 64, VOCABULARY);
    columns = columns();
    bound = bound();
  }

  private Set<String> columns() {
    return samples.columns().addAll(Workload.gridNames(loss));
  }

  /** The terms of the recipe. */
  @Benchmark
  public Loss build() {
    return recipe.loss(Conventions.paper());
  }

  /** Bound to logits, with its gradients. */
  @Benchmark
  public BoundLoss bound() {
    return BoundLoss.of(loss, Surface.LOGITS, columns.add(BoundLoss.LOGITS));
  }

  /** The derivative of the bound loss alone. */
  @Benchmark
  public Map<String, Node> derivative() {
    return Derivative.of(bound.value());
  }

  /** The passes that it takes. */
  @Benchmark
  public Schedule schedule() {
    return Schedule.of(loss);
  }

  /** The printed formula: a fold over all terms. */
  @Benchmark
  public String formula() {
    return Formula.unicode(loss);
  }

  /** From the terms to a graph that runs, in one piece. */
  @Benchmark
  public int compileWhole() {
    try (CompiledLoss compiled =
        CompiledLoss.of(
            BoundLoss.of(loss, Surface.STATISTICS, columns.add(Columns.LOG_PROB)),
            Precision.FLOAT32,
            "CPU")) {
      return compiled.parameters().size();
    }
  }

  /** From the terms to graphs that run on chunks of rows. */
  @Benchmark
  public int compileFused() {
    try (FusedLoss compiled = Compile.of(loss).vocabulary(VOCABULARY).logits()) {
      long[] groups = LongStream.range(0, samples.size(Level.Name.GROUP)).toArray();
      return compiled.window(Partial.of(samples, groups)).passes();
    }
  }
}
