package lossmith.ops;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.Bound;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.sweep.Sweeps;
import org.tensorflow.DeviceSpec;

/**
 * A loss with the memory of a hand-written kernel: the logits are read a few rows at a time, as
 * often as the loss needs ({@link Sweeps}), and nothing else of their size is alive besides the
 * gradient. Any objective; nobody writes a kernel.
 */
public final class FusedLoss implements AutoCloseable {
  static final String GRADIENT = "gradient";
  private static final String CPU = "CPU";

  /** Chunks that run at a time beside one for each processor: one that waits or is copied. */
  private static final int BESIDE = 1;

  private final Sweeps sweeps;
  private final List<Step> steps = new ArrayList<>();
  private final CompiledLoss rest;
  private final PolicyChecks checks;

  /** What a pass reads besides the rows, the pass, and whether XLA has compiled it. */
  private record Step(CompiledLoss carried, Pass pass, AtomicBoolean compiled) {}

  /**
   * Passes over one kind of policy, by what comes out per row and dL/dlogits where it is written.
   */
  private interface Passes {
    Pass of(Turn turn, Map<String, Node> statistics, Option<Node> gradient);
  }

  private FusedLoss(Sweeps sweeps, Precision precision, PolicyChecks checks, Passes passes) {
    this.sweeps = sweeps;
    this.checks = checks;
    Map<String, Node> known = LinkedHashMap.empty();
    for (int i = 0; i < sweeps.stages().size(); i++) {
      Sweeps.Stage stage = sweeps.stages().get(i);
      boolean last = sweeps.oneSweep() && i == sweeps.stages().size() - 1;
      Option<Node> gradient = Option.when(last, sweeps::gradient);
      Map<String, Node> carried = last ? sweeps.carried() : stage.carried();
      Turn turn = i > 0 ? Turn.LATER : last ? Turn.ONLY : Turn.FIRST;
      Pass pass = passes.of(turn, stage.statistics(), gradient);
      steps.add(step(precision, carried.removeAll(known.keySet()), pass));
      known = carried;
    }
    if (!sweeps.oneSweep()) {
      Turn turn = steps.isEmpty() ? Turn.ONLY : Turn.LATER;
      Pass pass = passes.of(turn, LinkedHashMap.empty(), Option.some(sweeps.gradient()));
      steps.add(step(precision, sweeps.carried().removeAll(known.keySet()), pass));
    }
    Map<String, Node> gradients =
        sweeps
            .rest()
            .gradients()
            .filterKeys(name -> !sweeps.oneSweep() || !statistics().contains(name));
    Bound bound = sweeps.rest();
    this.rest =
        CompiledLoss.compile(
            new Bound(bound.surface(), bound.parts(), bound.metrics(), gradients),
            precision,
            CPU,
            HashMap.empty());
  }

  private Set<String> statistics() {
    return sweeps.stages().flatMap(stage -> stage.statistics().keySet()).toSet();
  }

  private static Step step(Precision precision, Map<String, Node> carried, Pass pass) {
    Map<String, Node> none = LinkedHashMap.empty();
    Bound nothing = new Bound(Surface.STATISTICS, none, none, none);
    CompiledLoss compiled = CompiledLoss.compile(nothing, precision, CPU, carried);
    return new Step(compiled, pass, new AtomicBoolean());
  }

  /**
   * Compiles a loss over given logits.
   *
   * @param loss the loss
   * @param precision the type of the numbers
   * @param vocabulary how many entries
   * @param columns the names of the columns and grids that there will be, those of the policy's
   *     statistics not needed
   * @param rows how many rows a chunk has
   * @return the compiled loss
   */
  public static FusedLoss logits(
      Loss loss, Precision precision, int vocabulary, Set<String> columns, int rows) {
    return logits(loss, precision, vocabulary, columns, rows, CPU);
  }

  /**
   * Compiles a loss over given logits for a device; what is one number per token stays on the CPU.
   *
   * @param loss the loss
   * @param precision the type of the numbers
   * @param vocabulary how many entries
   * @param columns the names of the columns and grids that there will be, those of the policy's
   *     statistics not needed
   * @param rows how many rows a chunk has
   * @param device {@code CPU} or {@code GPU:0}; one that is not there is a {@link Problem}
   * @return the compiled loss
   */
  public static FusedLoss logits(
      Loss loss,
      Precision precision,
      int vocabulary,
      Set<String> columns,
      int rows,
      String device) {
    Quiet.start();
    DeviceSpec place = Devices.of(device);
    RowShape shape =
        new RowShape(
            precision.type(),
            precision.matrices(),
            precision.saturation(),
            rows,
            vocabulary,
            1,
            HashMap.of(Columns.LOG_PI, Bound.LOGITS));
    int parallelism = Runtime.getRuntime().availableProcessors() + BESIDE;
    return new FusedLoss(
        Sweeps.of(loss, columns),
        precision,
        PolicyChecks.logits(precision, vocabulary),
        (turn, statistics, gradient) ->
            new LogitsPass(shape, turn, statistics, gradient, parallelism, place));
  }

  /**
   * Compiles a loss over hidden states and an output matrix. The logits of a chunk of rows exist at
   * a time, of their gradient a block of the vocabulary.
   *
   * @param loss the loss
   * @param precision the type of the numbers
   * @param head the output layer
   * @param columns the names of the columns and grids that there will be, those of the policy's
   *     statistics not needed
   * @param budget how many bytes may be taken beside inputs and gradients; one that does not hold a
   *     row of logits is a {@link Problem}
   * @return the compiled loss
   */
  public static FusedLoss hidden(
      Loss loss, Precision precision, Head head, Set<String> columns, long budget) {
    return hidden(loss, precision, head, columns, budget, CPU);
  }

  /**
   * Compiles a loss over hidden states and an output matrix for a device; what is one number per
   * token stays on the CPU.
   *
   * @param loss the loss
   * @param precision the type of the numbers
   * @param head the output layer
   * @param columns the names of the columns and grids that there will be, those of the policy's
   *     statistics not needed
   * @param budget how many bytes may be taken beside inputs and gradients; one that does not hold a
   *     row of logits is a {@link Problem}
   * @param device {@code CPU} or {@code GPU:0}; one that is not there is a {@link Problem}
   * @return the compiled loss
   */
  public static FusedLoss hidden(
      Loss loss, Precision precision, Head head, Set<String> columns, long budget, String device) {
    Quiet.start();
    DeviceSpec place = Devices.of(device);
    HiddenShape shape = HiddenShape.within(head, precision, budget);
    return new FusedLoss(
        Sweeps.of(loss, columns.addAll(head.layers())),
        precision,
        PolicyChecks.hidden(precision, head),
        (turn, statistics, gradient) -> new HiddenPass(shape, statistics, gradient, place));
  }

  /**
   * {@return loss, parts, metrics and gradients of what is not a statistic of the policy; the
   * policy's gradient is left where the policy says}
   *
   * @param samples the data without the policy's statistics
   * @param policy the policy, with one row per token of the samples
   * @param values parameters by name; one that is not here has its default
   */
  public Evaluation evaluate(Samples samples, Policy policy, Map<String, Double> values) {
    check(samples, policy);
    if (policy instanceof Policy.Hidden hidden) {
      hidden.gradient().weight().clear();
      hidden.gradient().bias().forEach(Matrix::clear);
    }
    Samples known = samples;
    Map<String, double[]> carried = LinkedHashMap.empty();
    for (int pass = 0; pass < passes(); pass++) {
      carried = carried.merge(carried(pass, known, values));
      Map<String, double[]> found = run(pass, samples, policy, carried, values);
      known = found.foldLeft(known, (all, c) -> all.with(c._1, Level.Name.TOKEN, c._2));
    }
    Rest whole = rest(known, carried, values);
    if (!sweeps.oneSweep()) {
      run(passes(), samples, policy, whole.carried(), values);
    }
    return whole.evaluation();
  }

  /**
   * {@return this loss over batches that come in pieces}
   *
   * @param values parameters by name; one that is not here has its default
   */
  public Window window(Map<String, Double> values) {
    return new Window(this, values);
  }

  /** What is left of the loss once all rows were read, and what the gradient's pass reads of it. */
  record Rest(Evaluation evaluation, Map<String, double[]> carried) {}

  void check(Samples samples, Policy policy) {
    Problem.throwAll(checks.before(samples, policy));
  }

  /** How many passes give statistics. */
  int passes() {
    return sweeps.stages().size();
  }

  /** Whether the gradient is written in the last of the passes that give statistics. */
  boolean oneSweep() {
    return sweeps.oneSweep();
  }

  /** One pass over the rows of some tokens, given what it reads besides them. */
  @CanIgnoreReturnValue
  Map<String, double[]> run(
      int pass,
      Samples samples,
      Policy policy,
      Map<String, double[]> carried,
      Map<String, Double> values) {
    Map<String, Double> settings =
        values.containsKey(Columns.TEMPERATURE)
            ? values
            : values.put(Columns.TEMPERATURE, Bound.TEMPERATURE.initial());
    int[] chosen = samples.chosen().get();
    Step step = steps.get(pass);
    Map<String, double[]> found =
        step.pass().run(policy, chosen, given(carried, samples), settings);
    if (!step.compiled().getAndSet(true)) {
      NativeHeap.trim();
    }
    Problem.throwAll(PolicyChecks.after(found.filterKeys(name -> !Normaliser.isColumn(name))));
    return found;
  }

  /** What is left of the loss, the statistics and what their passes read known. */
  Rest rest(Samples known, Map<String, double[]> carried, Map<String, Double> values) {
    Evaluation all = rest.evaluate(known, rest.own(values));
    if (sweeps.oneSweep()) {
      return new Rest(all, LinkedHashMap.empty());
    }
    Map<String, double[]> cotangents = all.gradients().filterKeys(statistics()::contains);
    Evaluation evaluation =
        new Evaluation(
            all.value(),
            all.parts(),
            all.metrics(),
            all.gradients().removeAll(statistics()),
            all.extras());
    return new Rest(
        evaluation,
        carried
            .merge(carried(passes(), known, values))
            .merge(cotangents.mapKeys(name -> Sweeps.COTANGENT + name)));
  }

  /** What the first pass found of whole rows, of which the later ones need no more. */
  private static Map<String, double[]> normalisers(Samples known) {
    return known
        .columns()
        .filter(Normaliser::isColumn)
        .toLinkedMap(name -> Tuple.of(name, known.column(name).get()));
  }

  /** What a pass reads besides the rows and besides what the passes before it read. */
  private Map<String, double[]> carried(int pass, Samples known, Map<String, Double> values) {
    CompiledLoss carried = steps.get(pass).carried();
    Map<String, double[]> found = carried.evaluate(known, carried.own(values)).extras();
    return found.merge(normalisers(known));
  }

  /** What the first passes read besides the rows, a number per token. */
  Map<String, double[]> carriedBefore(int passes, Samples known, Map<String, Double> values) {
    Map<String, double[]> all = LinkedHashMap.empty();
    for (int pass = 0; pass < passes; pass++) {
      all = all.merge(carried(pass, known, values));
    }
    return all;
  }

  private static Map<String, double[]> given(Map<String, double[]> columns, Samples samples) {
    Map<String, double[]> tokens =
        samples
            .columns()
            .filter(name -> samples.level(name).contains(Level.Name.TOKEN))
            .toMap(name -> name, name -> samples.column(name).get());
    return columns.merge(tokens);
  }

  /** Frees the graphs. */
  @Override
  public void close() {
    steps.forEach(
        step -> {
          step.carried().close();
          step.pass().close();
        });
    rest.close();
    NativeHeap.trim();
  }
}
