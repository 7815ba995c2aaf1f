package lossmith.proofs;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/** Batches made of the sequences of another. */
final class Batches {
  private Batches() {}

  /** The given sequences of a batch, in the given order; groups keep their order. */
  static Samples of(Samples samples, int... sequences) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] kept = Arrays.stream(sequences).map(s -> groups[s]).distinct().sorted().toArray();
    int[] tokens = tokens(samples, sequences);
    int[] lengths =
        Arrays.stream(sequences)
            .map(s -> (int) Arrays.stream(of).filter(x -> x == s).count())
            .toArray();
    int[] group = Arrays.stream(sequences).map(s -> Arrays.binarySearch(kept, groups[s])).toArray();
    long[] ids = samples.sequenceIds();
    int[] positions = samples.positions();
    SamplesBuilder built =
        new SamplesBuilder(lengths, group)
            .ids(Arrays.stream(sequences).mapToLong(s -> ids[s]).toArray())
            .positions(gathered(tokens, t -> positions[t]))
            .chosen(gathered(tokens, t -> samples.chosen().get()[t]));
    for (String name : samples.columns()) {
      Level.Name level = samples.level(name).get();
      double[] values = samples.column(name).get();
      int[] at =
          switch (level) {
            case TOKEN -> tokens;
            case SEQUENCE -> sequences;
            case GROUP -> kept;
            case VOCABULARY, BATCH -> IntStream.range(0, values.length).toArray();
          };
      built = built.column(name, level, Arrays.stream(at).mapToDouble(i -> values[i]).toArray());
    }
    for (String name : samples.grids()) {
      Grid grid = samples.grid(name).get();
      built =
          built.grid(name, new Grid(tokens.length, grid.width(), (t, v) -> grid.get(tokens[t], v)));
    }
    return built.build();
  }

  private static int[] gathered(int[] at, IntUnaryOperator values) {
    return Arrays.stream(at).map(values).toArray();
  }

  /** The tokens of the given sequences in their order. */
  static int[] tokens(Samples samples, int... sequences) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    return Arrays.stream(sequences)
        .flatMap(s -> IntStream.range(0, of.length).filter(t -> of[t] == s))
        .toArray();
  }
}
