package lossmith.proofs.independent;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.data.Samples;
import lossmith.ops.Compile;
import lossmith.ops.CompiledLoss;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import lossmith.proofs.independent.loops.Given;
import lossmith.proofs.independent.loops.PlainBatch;
import org.jspecify.annotations.Nullable;

/** A loss compiled where the policy enters, each way when it is first asked for. */
final class Compiled implements AutoCloseable {
  /** Rows of a chunk: most batches need several. */
  private static final int ROWS = 4;

  /** More rows than any batch has, which is then computed whole. */
  private static final int ALL = 4096;

  /** Bytes for a chunk of a few rows of hidden states. */
  private static final long BUDGET = 4_000;

  private final Loss loss;
  private @Nullable CompiledLoss statistics;
  private Map<Integer, FusedLoss> rows = LinkedHashMap.empty();
  private Map<Boolean, FusedLoss> hidden = LinkedHashMap.empty();

  /**
   * A loss.
   *
   * @param loss the loss
   */
  Compiled(Loss loss) {
    this.loss = loss.training(); // drawn at random, it may be dead
  }

  /**
   * What it says of a batch.
   *
   * @param place where the policy enters
   * @param numbers the batch; at statistics with those, at hidden states with hidden states
   * @param random what cuts the batch into pieces
   */
  Found at(Place place, PlainBatch numbers, Random random) {
    return switch (place) {
      case STATISTICS -> statistics(numbers);
      case LOGITS -> rows(fused(numbers, ROWS), numbers);
      case WHOLE -> rows(fused(numbers, ALL), numbers);
      case HIDDEN -> hidden(numbers);
      case WINDOW -> CutBatch.window(fused(numbers, ROWS), values(numbers), numbers, random);
    };
  }

  /** Those of the parameters that the loss has, and the temperature. */
  private Map<String, Double> values(PlainBatch numbers) {
    Set<String> read = loss.parameters().map(Parameter::name).toSet().add(Columns.TEMPERATURE);
    return numbers.parameters().filterKeys(read::contains);
  }

  private Found statistics(PlainBatch numbers) {
    Samples samples = Given.columns(numbers);
    CompiledLoss known = statistics;
    if (known == null) {
      known = Compile.of(loss).precision(Precision.FLOAT64).statistics();
      statistics = known;
    }
    Evaluation found =
        known.evaluate(samples, values(numbers).filterKeys(known.parameters()::containsKey));
    return new Found(found.value(), found.gradients());
  }

  private FusedLoss fused(PlainBatch numbers, int chunk) {
    FusedLoss known =
        rows.get(chunk)
            .getOrElse(
                () ->
                    Compile.of(loss)
                        .precision(Precision.FLOAT64)
                        .vocabulary(numbers.vocabulary())
                        .rows(chunk)
                        .logits());
    rows = rows.put(chunk, known);
    return known;
  }

  private Found rows(FusedLoss known, PlainBatch numbers) {
    int tokens = numbers.tokens();
    Map<String, Matrix> grids = Given.matrices(numbers);
    try (Matrix logits = Given.matrix(numbers.logits(), tokens);
        Matrix gradient = Matrix.zeros(Precision.FLOAT64, tokens, numbers.vocabulary())) {
      Evaluation found =
          known.evaluate(
              Given.columns(numbers), new Policy.Logits(logits, grids, gradient), values(numbers));
      return new Found(found.value(), found.gradients().put(PlainBatch.LOGITS, gradient.numbers()));
    } finally {
      grids.values().forEach(Matrix::close);
    }
  }

  private Found hidden(PlainBatch numbers) {
    int tokens = numbers.tokens();
    int width = numbers.of(PlainBatch.HIDDEN).length / tokens;
    boolean bias = numbers.has(PlainBatch.BIAS);
    FusedLoss known = hidden.get(bias).getOrNull();
    if (known == null) {
      Head head = Head.of(numbers.vocabulary(), width);
      known =
          Compile.of(loss)
              .precision(Precision.FLOAT64)
              .hidden(bias ? head.withBias() : head, BUDGET);
      hidden = hidden.put(bias, known);
    }
    Map<String, Matrix> grids = Given.matrices(numbers);
    Map<String, Matrix> layer = layer(numbers);
    Map<String, Matrix> slopes =
        layer
            .mapValues(m -> Matrix.zeros(Precision.FLOAT64, m.rows(), m.columns()))
            .toLinkedMap(entry -> entry);
    try {
      Policy.Hidden policy = new Policy.Hidden(layer(layer), layer(slopes)).withGrids(grids);
      Evaluation found = known.evaluate(Given.columns(numbers), policy, values(numbers));
      return new Found(found.value(), slopes.mapValues(Matrix::numbers).merge(found.gradients()));
    } finally {
      grids.values().forEach(Matrix::close);
      layer.values().forEach(Matrix::close);
      slopes.values().forEach(Matrix::close);
    }
  }

  private static Map<String, Matrix> layer(PlainBatch numbers) {
    Map<String, Matrix> layer =
        LinkedHashMap.of(
            PlainBatch.HIDDEN,
            Given.matrix(numbers.of(PlainBatch.HIDDEN), numbers.tokens()),
            PlainBatch.WEIGHT,
            Given.matrix(numbers.of(PlainBatch.WEIGHT), numbers.vocabulary()));
    return numbers.has(PlainBatch.BIAS)
        ? layer.put(PlainBatch.BIAS, Given.matrix(numbers.of(PlainBatch.BIAS), 1))
        : layer;
  }

  private static Policy.Layer layer(Map<String, Matrix> matrices) {
    Option<Matrix> bias = matrices.get(PlainBatch.BIAS);
    return new Policy.Layer(
        matrices.get(PlainBatch.HIDDEN).get(), matrices.get(PlainBatch.WEIGHT).get(), bias);
  }

  @Override
  public void close() {
    if (statistics != null) {
      statistics.close();
    }
    rows.values().forEach(FusedLoss::close);
    hidden.values().forEach(FusedLoss::close);
  }
}
