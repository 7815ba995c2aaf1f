package lossmith.ops;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
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
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.sweep.RowPasses;
import lossmith.ops.graph.Float32Checks;
import lossmith.ops.graph.InputChecks;
import lossmith.ops.memory.NativeHeap;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.PolicyChecks;
import lossmith.ops.memory.Precision;
import lossmith.ops.rows.Pass;
import lossmith.ops.rows.PassOrder;
import lossmith.ops.rows.SoftmaxConstants;
import org.tensorflow.DeviceSpec;

/**
 * A loss as passes over the rows of the logits, for samples that have certain columns: what {@link
 * FusedLoss} runs once it has seen which columns there are.
 */
final class LossPasses implements AutoCloseable {
  private static final String CPU = "CPU";

  private final RowPasses sweeps;
  private final List<Step> steps = new ArrayList<>();
  private final CompiledLoss rest;
  private final Seq<Node.Input> inputs;
  private final Float32Checks float32;

  /** Whether XLA has compiled all passes. */
  private final AtomicBoolean compiled = new AtomicBoolean();

  /** What a pass reads besides the rows, and the pass. */
  private record Step(CompiledNodes carried, Pass pass) {}

  /**
   * Passes over one kind of policy, by what comes out per row and dL/dlogits where it is written.
   */
  interface Passes {
    Pass of(PassOrder turn, Map<String, Node> statistics, Option<Node> gradient);
  }

  /**
   * The passes of a loss.
   *
   * @param loss the loss
   * @param columns the names of the columns and grids that are there
   * @param precision the type of the numbers
   * @param passes makes one pass
   */
  static LossPasses of(Loss loss, Set<String> columns, Precision precision, Passes passes) {
    RowPasses sweeps = RowPasses.of(loss, columns);
    Seq<Node> nodes =
        io.vavr.collection.List.ofAll(loss.parts().values())
            .map(part -> BoundLoss.term(part, Surface.LOGITS, columns))
            .appendAll(
                loss.metrics()
                    .values()
                    .map(metric -> BoundLoss.term(metric, Surface.LOGITS, columns)));
    return new LossPasses(sweeps, nodes, precision, passes);
  }

  private LossPasses(RowPasses sweeps, Seq<Node> nodes, Precision precision, Passes passes) {
    this.sweeps = sweeps;
    this.float32 = new Float32Checks(precision, nodes);
    this.inputs =
        Inputs.of(nodes)
            .columns()
            .filter(input -> !input.name().equals(Columns.LOG_PI))
            .filter(input -> !sweeps.statistics().contains(input.name()));
    Map<String, Node> known = LinkedHashMap.empty();
    for (Sweep sweep : Sweep.of(sweeps)) {
      Pass pass = passes.of(sweep.turn(), sweep.statistics(), sweep.gradient());
      steps.add(step(precision, sweep.carried().removeAll(known.keySet()), pass));
      known = sweep.carried();
    }
    Map<String, Node> gradients =
        sweeps
            .rest()
            .gradients()
            .filterKeys(name -> !sweeps.oneSweep() || !sweeps.statistics().contains(name));
    this.rest = CompiledLoss.of(rest(gradients), precision, CPU);
  }

  private BoundLoss rest(Map<String, Node> gradients) {
    BoundLoss bound = sweeps.rest();
    return new BoundLoss(
        bound.surface(), bound.parts(), bound.metrics(), gradients, bound.fallbacks());
  }

  /** All of it in one run of a session, for batches of at most so many tokens. */
  OneRun oneRun(Precision precision, int vocabulary, int most, DeviceSpec device) {
    Map<String, Node> gradients = sweeps.rest().gradients().removeAll(sweeps.statistics());
    Set<String> grids =
        inputs
            .filter(input -> input.level() == Level.Name.VOCABULARY)
            .map(Node.Input::name)
            .toLinkedSet();
    return new OneRun(sweeps, rest(gradients), grids, precision, vocabulary, most, device);
  }

  /** What stands for columns that are absent, which are ignored where they are there. */
  Seq<Problem> ignored(Samples samples) {
    return rest.ignored(samples);
  }

  private static Step step(Precision precision, Map<String, Node> carried, Pass pass) {
    return new Step(CompiledNodes.of(carried, precision, CPU), pass);
  }

  /** The columns that samples lack, or have at another level. */
  Seq<Problem> columns(Samples samples) {
    return inputs
        .filter(input -> input.level() != Level.Name.VOCABULARY)
        .flatMap(input -> InputChecks.column(samples, input));
  }

  /** All problems of samples, given the further matrices of the policy. */
  Seq<Problem> misfits(Samples samples, Set<String> matrices) {
    return columns(samples)
        .appendAll(
            inputs
                .filter(input -> input.level() == Level.Name.VOCABULARY)
                .flatMap(input -> InputChecks.matrix(input, matrices)))
        .appendAll(float32.problems(samples, inputs));
  }

  /** Loss, parts, metrics and gradients; the policy's gradient is written to its matrices. */
  Evaluation evaluate(Samples samples, Policy policy, Map<String, Double> values) {
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
   * The rest of the loss, once all rows were read, and the columns that the gradient's pass reads.
   */
  record Rest(Evaluation evaluation, Map<String, double[]> carried) {}

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
    Map<String, Double> parameters =
        values.containsKey(Columns.TEMPERATURE)
            ? values
            : values.put(Columns.TEMPERATURE, BoundLoss.TEMPERATURE.initial());
    int[] sampled = samples.sampled().get();
    Step step = steps.get(pass);
    Map<String, double[]> found =
        step.pass().run(policy, sampled, given(carried, samples), parameters);
    if (pass == steps.size() - 1 && !compiled.getAndSet(true)) {
      NativeHeap.trim();
    }
    Problem.throwAll(
        PolicyChecks.after(found.filterKeys(name -> !SoftmaxConstants.isColumn(name))));
    return found;
  }

  /** The rest of the loss, given the statistics and the numbers that their passes read. */
  Rest rest(Samples known, Map<String, double[]> carried, Map<String, Double> values) {
    Evaluation all = rest.evaluate(known, values.filterKeys(rest.parameters()::containsKey));
    if (sweeps.oneSweep()) {
      return new Rest(all, LinkedHashMap.empty());
    }
    Map<String, double[]> cotangents = all.gradients().filterKeys(sweeps.statistics()::contains);
    Evaluation evaluation =
        new Evaluation(
            all.value(),
            all.parts(),
            all.metrics(),
            all.gradients().removeAll(sweeps.statistics()),
            all.extras(),
            all.fallbacks());
    return new Rest(
        evaluation,
        carried
            .merge(carried(passes(), known, values))
            .merge(cotangents.mapKeys(name -> RowPasses.COTANGENT + name)));
  }

  /** What the first pass found of whole rows, of which the later ones need no more. */
  private static Map<String, double[]> normalisers(Samples known) {
    return known
        .columns()
        .filter(SoftmaxConstants::isColumn)
        .toLinkedMap(name -> Tuple.of(name, known.column(name).get()));
  }

  /** What a pass reads besides the rows and besides what the passes before it read. */
  private Map<String, double[]> carried(int pass, Samples known, Map<String, Double> values) {
    CompiledNodes carried = steps.get(pass).carried();
    return carried
        .evaluate(known, values.filterKeys(carried.parameters()::containsKey))
        .merge(normalisers(known));
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
  }
}
