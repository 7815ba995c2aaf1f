package lossmith.proofs.trial;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import lossmith.dsl.Level;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/** Batches made of the sequences of another. */
public final class Batches {
  private Batches() {}

  /** The given sequences of a batch, in the given order; groups keep their order. */
  public static Samples of(Samples samples, int... sequences) {
    return of(samples, sequences, tokens(samples, sequences));
  }

  /** The given tokens of the given sequences, sequence by sequence. */
  public static Samples of(Samples samples, int[] sequences, int[] tokens) {
    return built(samples, sequences, tokens, v -> v, grid -> grid);
  }

  /** The same batch with other numbers for the sampled entries of the vocabulary. */
  public static Samples relabelled(Samples samples, IntUnaryOperator label) {
    int[] all = IntStream.range(0, samples.size(Level.Name.SEQUENCE)).toArray();
    return built(samples, all, tokens(samples, all), label, grid -> grid);
  }

  /** The same batch with one entry more in the vocabulary, at −inf in every row of every grid. */
  public static Samples widened(Samples samples) {
    int[] all = IntStream.range(0, samples.size(Level.Name.SEQUENCE)).toArray();
    return built(samples, all, tokens(samples, all), v -> v, Batches::widened);
  }

  /** The same batch with other numbers for its groups: group g becomes {@code number[g]}. */
  public static Samples regrouped(Samples samples, int[] number) {
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    SamplesBuilder built =
        new SamplesBuilder(samples.lengths(), gathered(groups, g -> number[g]))
            .ids(samples.sequenceIds())
            .positions(samples.positions())
            .sampled(samples.sampled().get());
    for (String name : samples.columns()) {
      Level.Name level = samples.level(name).get();
      double[] values = samples.column(name).get();
      double[] moved = values.clone();
      for (int g = 0; level == Level.Name.GROUP && g < values.length; g++) {
        moved[number[g]] = values[g];
      }
      built = built.column(name, level, moved);
    }
    for (String name : samples.grids()) {
      built = built.grid(name, samples.grid(name).get());
    }
    return built.piece();
  }

  /** Every prompt of a batch, and after them every one again as another prompt. */
  public static Samples twice(Samples samples) {
    return twice(samples, samples.size(Level.Name.GROUP));
  }

  /** Every response of a batch, and after them every one again as another to the same prompt. */
  public static Samples responsesTwice(Samples samples) {
    return twice(samples, 0);
  }

  private static Samples twice(Samples samples, int prompts) {
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int tokens = samples.tokens();
    long[] ids = samples.sequenceIds();
    long others = Arrays.stream(ids).max().orElse(0) + 1;
    SamplesBuilder built =
        new SamplesBuilder(
                again(samples.lengths(), x -> x), again(groups, group -> group + prompts))
            .ids(
                LongStream.concat(
                        Arrays.stream(ids),
                        IntStream.range(0, ids.length).mapToLong(i -> others + i))
                    .toArray())
            .positions(again(samples.positions(), x -> x))
            .sampled(again(samples.sampled().get(), x -> x));
    for (String name : samples.columns()) {
      Level.Name level = samples.level(name).get();
      double[] values = samples.column(name).get();
      built =
          built.column(
              name,
              level,
              level == Level.Name.BATCH || (level == Level.Name.GROUP && prompts == 0)
                  ? values
                  : DoubleStream.concat(Arrays.stream(values), Arrays.stream(values)).toArray());
    }
    for (String name : samples.grids()) {
      Grid grid = samples.grid(name).get();
      built =
          built.grid(name, new Grid(2 * tokens, grid.width(), (t, v) -> grid.get(t % tokens, v)));
    }
    return built.piece();
  }

  private static int[] again(int[] values, IntUnaryOperator second) {
    return IntStream.concat(Arrays.stream(values), Arrays.stream(values).map(second)).toArray();
  }

  private static Grid widened(Grid grid) {
    int width = grid.width();
    return new Grid(
        grid.rows(),
        width + 1,
        (row, v) -> v < width ? grid.get(row, v) : Double.NEGATIVE_INFINITY);
  }

  private static Samples built(
      Samples samples,
      int[] sequences,
      int[] tokens,
      IntUnaryOperator label,
      UnaryOperator<Grid> grids) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] kept = groups(samples, sequences);
    int[] lengths =
        Arrays.stream(sequences)
            .map(s -> (int) Arrays.stream(tokens).filter(t -> of[t] == s).count())
            .toArray();
    int[] group = Arrays.stream(sequences).map(s -> Arrays.binarySearch(kept, groups[s])).toArray();
    long[] ids = samples.sequenceIds();
    int[] positions = samples.positions();
    SamplesBuilder built =
        new SamplesBuilder(lengths, group)
            .ids(Arrays.stream(sequences).mapToLong(s -> ids[s]).toArray())
            .positions(gathered(tokens, t -> positions[t]))
            .sampled(gathered(tokens, t -> label.applyAsInt(samples.sampled().get()[t])));
    for (String name : samples.columns()) {
      Level.Name level = samples.level(name).get();
      double[] values = samples.column(name).get();
      built = built.column(name, level, at(level, values, sequences, tokens, kept));
    }
    for (String name : samples.grids()) {
      Grid grid = samples.grid(name).get();
      Grid rows = new Grid(tokens.length, grid.width(), (t, v) -> grid.get(tokens[t], v));
      built = built.grid(name, grids.apply(rows));
    }
    return built.piece();
  }

  /** The groups of the given sequences, in order. */
  public static int[] groups(Samples samples, int[] sequences) {
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    return Arrays.stream(sequences).map(s -> groups[s]).distinct().sorted().toArray();
  }

  /** The values of a level that belong to some sequences, tokens and groups. */
  public static double[] at(
      Level.Name level, double[] values, int[] sequences, int[] tokens, int[] groups) {
    int[] at =
        switch (level) {
          case TOKEN -> tokens;
          case SEQUENCE -> sequences;
          case GROUP -> groups;
          case VOCABULARY, BATCH -> IntStream.range(0, values.length).toArray();
        };
    return Arrays.stream(at).mapToDouble(i -> values[i]).toArray();
  }

  private static int[] gathered(int[] at, IntUnaryOperator values) {
    return Arrays.stream(at).map(values).toArray();
  }

  /** The tokens of the given sequences in their order. */
  public static int[] tokens(Samples samples, int... sequences) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    return Arrays.stream(sequences)
        .flatMap(s -> IntStream.range(0, of.length).filter(t -> of[t] == s))
        .toArray();
  }
}
