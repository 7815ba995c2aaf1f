package lossmith.proofs.independent.loops;

import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;

/** Plain arrays as what a compiled loss is given. */
public final class Given {
  private static final Set<String> POLICY =
      HashSet.of(PlainBatch.LOGITS, PlainBatch.HIDDEN, PlainBatch.WEIGHT, PlainBatch.BIAS);

  private Given() {}

  /** The columns alone, without grids. */
  public static Samples columns(PlainBatch numbers) {
    return built(numbers).piece();
  }

  /** The columns, the grids and the logits. */
  public static Samples whole(PlainBatch numbers) {
    SamplesBuilder built = built(numbers).grid(PlainBatch.LOGITS, grid(numbers, numbers.logits()));
    for (String name : grids(numbers)) {
      built = built.grid(name, grid(numbers, numbers.of(name)));
    }
    return built.build();
  }

  private static SamplesBuilder built(PlainBatch numbers) {
    Layout layout = numbers.layout();
    SamplesBuilder built =
        new SamplesBuilder(layout.lengths(), layout.prompts())
            .ids(layout.ids())
            .positions(layout.positions())
            .sampled(layout.sampled());
    for (var column : numbers.levels()) {
      if (column._2 != Level.Name.VOCABULARY && !column._1.equals(Columns.POSITION)) {
        built = built.column(column._1, column._2, numbers.of(column._1));
      }
    }
    return built;
  }

  /** The names of what is known of every entry of the vocabulary, the policy left out. */
  static Set<String> grids(PlainBatch numbers) {
    return numbers
        .levels()
        .filterValues(level -> level == Level.Name.VOCABULARY)
        .keySet()
        .removeAll(POLICY);
  }

  private static Grid grid(PlainBatch numbers, double[] values) {
    return new Grid(
        numbers.tokens(), numbers.vocabulary(), (row, v) -> values[row * numbers.vocabulary() + v]);
  }

  /** The grids as matrices, to be closed. */
  public static Map<String, Matrix> matrices(PlainBatch numbers) {
    return grids(numbers)
        .toMap(name -> name, name -> Matrix.of(Precision.FLOAT64, grid(numbers, numbers.of(name))));
  }

  /** Rows of numbers as a matrix, to be closed. */
  public static Matrix matrix(double[] values, int rows) {
    int width = values.length / rows;
    return Matrix.of(
        Precision.FLOAT64, new Grid(rows, width, (row, column) -> values[row * width + column]));
  }

  /** Some tokens of some responses, with the prompts of those, renumbered. */
  public static PlainBatch piece(PlainBatch whole, int[] responses, int[] tokens) {
    Layout of = whole.layout();
    int[] prompts = prompts(whole, responses);
    Layout layout =
        new Layout(
            Arrays.stream(responses)
                .map(s -> (int) Arrays.stream(tokens).filter(t -> of.response(t) == s).count())
                .toArray(),
            Arrays.stream(responses)
                .map(s -> Arrays.binarySearch(prompts, of.prompts()[s]))
                .toArray(),
            Arrays.stream(tokens).map(t -> of.positions()[t]).toArray(),
            Arrays.stream(responses).mapToLong(s -> of.ids()[s]).toArray(),
            Arrays.stream(tokens).map(t -> of.sampled()[t]).toArray(),
            of.vocabulary());
    PlainBatch piece =
        new PlainBatch(
            layout,
            io.vavr.collection.LinkedHashMap.empty(),
            io.vavr.collection.LinkedHashMap.empty(),
            whole.parameters());
    for (var column : whole.levels()) {
      double[] values = whole.of(column._1);
      int[] at =
          switch (column._2) {
            case VOCABULARY ->
                Arrays.stream(tokens)
                    .flatMap(t -> IntStream.range(0, of.vocabulary()).map(v -> entry(of, t, v)))
                    .toArray();
            case TOKEN -> tokens;
            case SEQUENCE -> responses;
            case GROUP -> prompts;
            case BATCH -> new int[] {0};
          };
      piece =
          piece.with(column._1, column._2, Arrays.stream(at).mapToDouble(i -> values[i]).toArray());
    }
    return piece;
  }

  private static int entry(Layout layout, int token, int v) {
    return token * layout.vocabulary() + v;
  }

  /** The prompts of some responses, in order. */
  public static int[] prompts(PlainBatch whole, int[] responses) {
    return Arrays.stream(responses).map(whole::prompt).distinct().sorted().toArray();
  }
}
