package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;

/** Random samples that have whatever a loss reads: responses of 64 tokens, two to a prompt. */
final class Workload {
  private static final int LENGTH = 64;

  private static final String ADVANTAGE = "advantage";

  private Workload() {}

  /** What the rivals compute: ratio clipped to 0.8 and 1.28, entropy bonus 0.01, token-mean. */
  static Loss surrogate() {
    var advantage = Terms.given(ADVANTAGE, Axis.TOKEN);
    var ratio = Terms.ratio();
    var clipped = ratio.clip(Clip.around(0.2, 0.28));
    return Terms.maximise(
        Terms.min(ratio.times(advantage), clipped.times(advantage))
            .plus(Terms.entropy().scaledBy(0.01))
            .mean(Over.ALL_TOKENS));
  }

  /** Samples of this many tokens, with every column that the loss reads. */
  static Samples samples(Loss loss, int tokens, int vocabulary) {
    Random random = new Random(1);
    int sequences = Math.max(2, tokens / LENGTH);
    int[] lengths = new int[sequences];
    Arrays.fill(lengths, tokens / sequences);
    lengths[0] += tokens % sequences;
    int[] groups = IntStream.range(0, sequences).map(s -> s / 2).toArray();
    int prompts = groups[sequences - 1] + 1;
    SamplesBuilder builder =
        new SamplesBuilder(lengths, groups)
            .sampled(random.ints(tokens, 0, vocabulary).toArray())
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, between(random, tokens, -11, -10));
    for (Node.Input input : given(loss)) {
      int size =
          switch (input.level()) {
            case TOKEN -> tokens;
            case SEQUENCE -> sequences;
            case GROUP -> prompts;
            default -> 1;
          };
      builder = builder.column(input.name(), input.level(), column(input, random, size));
    }
    return builder.build();
  }

  private static double[] column(Node.Input input, Random random, int size) {
    if (input.name().equals(Columns.SIGN)) {
      return IntStream.range(0, size).mapToDouble(s -> s % 2 == 0 ? 1 : -1).toArray();
    }
    if (input.name().equals(ADVANTAGE)) {
      return between(random, size, -1, 1);
    }
    boolean log = input.name().contains("log_prob");
    return log ? between(random, size, -11, -10) : between(random, size, 0.1, 1.1);
  }

  private static double[] between(Random random, int size, double low, double high) {
    return random.doubles(size, low, high).toArray();
  }

  private static List<Node.Input> inputs(Loss loss) {
    return List.ofAll(
        Inputs.of(loss.parts().values().appendAll(loss.metrics().values()).map(Term::node))
            .columns());
  }

  /** What the logits do not give. */
  private static List<Node.Input> given(Loss loss) {
    return inputs(loss)
        .filter(input -> input.level() != Level.Name.VOCABULARY)
        .filter(input -> !input.trained() || loss.trains().contains(input.name()))
        .filter(input -> !input.name().equals(Columns.OLD_LOG_PROB));
  }

  /** The names of the grids that a loss reads besides the policy's. */
  static Set<String> gridNames(Loss loss) {
    return inputs(loss)
        .filter(input -> input.level() == Level.Name.VOCABULARY)
        .map(Node.Input::name)
        .remove(Columns.LOG_PI)
        .toLinkedSet();
  }

  /** Matrices for those grids. */
  static Map<String, Matrix> grids(Loss loss, int tokens, int vocabulary) {
    return gridNames(loss).toLinkedMap(name -> name, name -> matrix(tokens, vocabulary, -11, -10));
  }

  /** A matrix of random numbers. */
  static Matrix matrix(int rows, int columns, double low, double high) {
    Matrix matrix = Matrix.zeros(Precision.FLOAT32, rows, columns);
    Random random = new Random(rows + 31L * columns);
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        row[c] = (float) (low + (high - low) * random.nextFloat());
      }
      matrix.write(r, row);
    }
    return matrix;
  }
}
