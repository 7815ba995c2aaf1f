package lossmith.ops;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.concurrent.ConcurrentHashMap;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.dsl.sweep.RowPasses;
import lossmith.ops.graph.InputChecks;
import lossmith.ops.hidden.HiddenPass;
import lossmith.ops.hidden.HiddenShape;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.NativeHeap;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.PolicyChecks;
import lossmith.ops.memory.Precision;
import lossmith.ops.rows.LogitsPass;
import lossmith.ops.rows.RowShape;
import org.tensorflow.DeviceSpec;

/**
 * A loss with the memory of a hand-written kernel: the logits are read a few rows at a time, as
 * often as the loss needs ({@link RowPasses}), and nothing else of their size is alive besides the
 * gradient. Any objective; nobody writes a kernel. A batch of fewer tokens than such a chunk has
 * rows, and of few logits in all, is computed whole ({@link OneRun}): the same formula in other
 * operations, so that the last digit may be another.
 *
 * <p>What a loss reads is decided by the loss and the samples: where samples lack an optional
 * column, such as {@code old_log_prob}, the term that stands for it is used, and {@link
 * Evaluation#fallbacks} reports it. It is compiled once for each set of optional columns that
 * samples come with, when they first come. Safe to share between threads.
 */
public final class FusedLoss implements AutoCloseable {
  /** One chunk more in flight than there are processors, so that copying overlaps computing. */
  private static final int EXTRA_CHUNKS = 1;

  private final ByColumns<LossPasses> compiled;
  private final Map<String, Range> parameters;
  private final PolicyChecks checks;
  private final Set<String> layers;

  /** As many tokens as a batch may have that is computed whole. */
  private final int small;

  private final int vocabulary;
  private final Precision precision;
  private final DeviceSpec place;

  private final ConcurrentHashMap<LossPasses, OneRun> runs = new ConcurrentHashMap<>();

  private FusedLoss(
      Compile how,
      PolicyChecks checks,
      Set<String> layers,
      int small,
      int vocabulary,
      DeviceSpec place,
      LossPasses.Passes passes) {
    this.checks = checks;
    this.layers = layers;
    Loss loss = how.loss();
    Map<String, Range> own = CompiledLoss.parameters(loss, Surface.LOGITS);
    this.parameters =
        own.containsKey(Columns.TEMPERATURE)
            ? own
            : own.put(Columns.TEMPERATURE, BoundLoss.TEMPERATURE);
    this.small = small;
    this.vocabulary = vocabulary;
    this.precision = how.precision();
    this.place = place;
    this.compiled =
        ByColumns.of(loss, columns -> LossPasses.of(loss, columns, how.precision(), passes));
  }

  /** Compiles a loss over given logits; numbers per token stay on the CPU. */
  static FusedLoss of(Compile.Rows chunks) {
    Problem.throwAll(
        InputChecks.sizes(
            HashMap.of("vocabulary", (long) chunks.vocabulary(), "rows", (long) chunks.rows())));
    Compile how = chunks.how();
    DeviceSpec place = how.start();
    RowShape shape =
        new RowShape(
            how.precision().type(),
            how.precision().matrices(),
            how.precision().saturation(),
            chunks.rows(),
            chunks.vocabulary(),
            1,
            HashMap.of(Columns.LOG_PI, BoundLoss.LOGITS));
    int parallelism = Runtime.getRuntime().availableProcessors() + EXTRA_CHUNKS;
    return new FusedLoss(
        how,
        PolicyChecks.logits(how.precision(), chunks.vocabulary()),
        HashSet.empty(),
        onCpu(place) ? Math.min(chunks.rows(), OneRun.tokens(chunks.vocabulary())) : 0,
        chunks.vocabulary(),
        place,
        (turn, statistics, gradient) ->
            new LogitsPass(shape, turn, statistics, gradient, parallelism, place));
  }

  /** Compiles a loss over hidden states and an output matrix; numbers per token stay on the CPU. */
  static FusedLoss of(Compile how, Head head, long bytes) {
    DeviceSpec place = how.start();
    HiddenShape shape = HiddenShape.within(head, how.precision(), bytes);
    return new FusedLoss(
        how,
        PolicyChecks.hidden(how.precision(), head),
        head.layers(),
        0,
        head.vocabulary(),
        place,
        (turn, statistics, gradient) -> new HiddenPass(shape, statistics, gradient, place));
  }

  private static boolean onCpu(DeviceSpec place) {
    return place.deviceType() == DeviceSpec.DeviceType.CPU;
  }

  /**
   * {@return the parameters that this loss reads, by name, with default and range; the temperature
   * is one of every loss}
   */
  public Map<String, Range> parameters() {
    return parameters;
  }

  /**
   * {@return loss, parts, metrics and the gradients of inputs other than the policy; the policy's
   * gradient is written to the matrices that the policy names}
   *
   * <p>All that does not fit is reported at once, as a {@link lossmith.dsl.ProblemException}: a
   * missing column, a column at another level, matrices of another shape or type, a parameter that
   * is unknown or out of its range.
   *
   * @param samples the data without the policy's statistics
   * @param policy the policy, with one row per token of the samples
   * @param values parameters by name; one that is not here has its default
   */
  public Evaluation evaluate(Samples samples, Policy policy, Map<String, Double> values) {
    LossPasses passes = compiled.of(name -> isThere(samples, policy, name));
    Problem.throwAll(
        misfits(passes, samples, policy).appendAll(InputChecks.parameters(values, parameters)));
    if (policy instanceof Policy.Logits logits && samples.tokens() <= small) {
      Problem.throwAll(passes.ignored(samples));
      return runs.computeIfAbsent(passes, all -> all.oneRun(precision, vocabulary, small, place))
          .evaluate(samples, logits, values);
    }
    if (policy instanceof Policy.Hidden hidden) {
      hidden.gradient().weight().clear();
      hidden.gradient().bias().forEach(Matrix::clear);
    }
    return passes.evaluate(samples, policy, values);
  }

  /** {@return the same, the parameters in a map of {@code java.util}} */
  public Evaluation evaluate(Samples samples, Policy policy, java.util.Map<String, Double> values) {
    return evaluate(samples, policy, HashMap.ofAll(values));
  }

  /** {@return the same with every parameter at its default} */
  public Evaluation evaluate(Samples samples, Policy policy) {
    return evaluate(samples, policy, HashMap.empty());
  }

  /**
   * {@return this loss over a batch that comes in pieces}
   *
   * @param whole all pieces of the batch, joined: its columns are those that the loss may read
   * @param values parameters by name; one that is not here has its default
   */
  public Window window(Partial whole, Map<String, Double> values) {
    Problem.throwAll(InputChecks.parameters(values, parameters));
    Set<String> choice = choice(whole);
    return new Window(this, compiled.of(choice::contains), choice, values);
  }

  /** {@return the same, the parameters in a map of {@code java.util}} */
  public Window window(Partial whole, java.util.Map<String, Double> values) {
    return window(whole, HashMap.ofAll(values));
  }

  /** {@return the same with every parameter at its default} */
  public Window window(Partial whole) {
    return window(whole, HashMap.empty());
  }

  /**
   * Which optional columns there are in all pieces; grids that some have do not travel with them.
   */
  Set<String> choice(Partial whole) {
    return compiled.choice(name -> whole.piece().level(name).isDefined() || layers.contains(name));
  }

  /** Which optional columns and grids are there. */
  Set<String> choice(Samples samples, Policy policy) {
    return compiled.choice(name -> isThere(samples, policy, name));
  }

  private boolean isThere(Samples samples, Policy policy, String name) {
    return samples.level(name).isDefined()
        || policy.grids().containsKey(name)
        || layers.contains(name);
  }

  /** All that does not fit between samples, policy and what was compiled. */
  Seq<Problem> misfits(LossPasses passes, Samples samples, Policy policy) {
    Set<String> matrices = policy.grids().keySet().addAll(layers);
    return checks.before(samples, policy).appendAll(passes.misfits(samples, matrices));
  }

  /** Frees the graphs. */
  @Override
  public void close() {
    runs.values().forEach(OneRun::close);
    compiled.close();
    NativeHeap.trim();
  }
}
