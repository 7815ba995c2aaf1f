package lossmith.proofs.subject;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trials;

/**
 * Batches made of a user's own data: a few of its responses, cut to a few tokens that follow each
 * other, with the numbers that it has of them. The policies are drawn as ever, since a law must
 * look at others than the one that was recorded; so is every column that the data lacks, read in
 * turn from the batch that was drawn. Of a grid, the sampled entry and some others are taken, so
 * that it is as wide as the vocabulary of a case; one of probabilities sums to 1 again.
 */
public final class FromSample implements UnaryOperator<Samples> {
  private static final int MOST_RESPONSES = 5;
  private static final int MOST_TOKENS = 4;

  /** Policies, which are drawn. */
  private static final Set<String> DRAWN =
      HashSet.<String>ofAll(Columns.LOG_PROBS)
          .addAll(List.of(Columns.ENTROPY, BoundLoss.LOGITS, Columns.REFERENCE_LOG_PI));

  private final Samples sample;
  private final boolean paired;

  /**
   * Batches of some data.
   *
   * @param sample the data
   * @throws lossmith.dsl.ProblemException if it has no token
   */
  public FromSample(Samples sample) {
    this.sample = sample;
    this.paired = sample.columns().contains(Columns.SIGN);
    if (sample.tokens() == 0) {
      throw Problem.of(
              "samples", "a sample without tokens", "at least one token", "a batch with responses")
          .exception();
    }
  }

  /** {@return the columns and grids that are taken from the data} */
  public Set<String> taken() {
    return sample.columns().addAll(sample.grids()).removeAll(DRAWN);
  }

  @Override
  public Samples apply(Samples drawn) {
    Random random = new Random(OwnColumns.seed(drawn));
    int[] sequences = chosen(random);
    int[] tokens =
        Arrays.stream(sequences).flatMap(s -> cut(Batches.tokens(sample, s), random)).toArray();
    int[] of = sample.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] groups = sample.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] positions = sample.positions();
    int[] kept = Batches.groups(sample, sequences);
    int[] entries = IntStream.range(0, tokens.length).map(t -> t % drawn.tokens()).toArray();
    SamplesBuilder built =
        new SamplesBuilder(
                Arrays.stream(sequences)
                    .map(s -> (int) Arrays.stream(tokens).filter(t -> of[t] == s).count())
                    .toArray(),
                Arrays.stream(sequences).map(s -> Arrays.binarySearch(kept, groups[s])).toArray())
            .positions(Arrays.stream(tokens).map(t -> positions[t]).toArray())
            .sampled(Arrays.stream(entries).map(t -> drawn.sampled().get()[t]).toArray());
    Samples all = built.piece();
    for (String name : drawn.columns().removeAll(taken())) {
      Level.Name level = drawn.level(name).get();
      double[] values = drawn.column(name).get();
      double[] cycled = new double[all.size(level)];
      Arrays.setAll(cycled, i -> values[i % values.length]);
      all = all.with(name, level, cycled);
    }
    for (String name : drawn.grids().removeAll(taken())) {
      Grid grid = drawn.grid(name).get();
      all =
          all.with(name, new Grid(tokens.length, grid.width(), (t, v) -> grid.get(entries[t], v)));
    }
    return taken(all, sequences, tokens, kept, random);
  }

  private Samples taken(Samples drawn, int[] sequences, int[] tokens, int[] groups, Random random) {
    Samples all = drawn;
    for (String name : sample.columns().intersect(taken()).remove(Columns.POSITION)) {
      Level.Name level = sample.level(name).get();
      double[] values = sample.column(name).get();
      all =
          all.without(name).with(name, level, Batches.at(level, values, sequences, tokens, groups));
    }
    for (String name : sample.grids().intersect(taken())) {
      all = all.with(name, narrow(name, all, tokens, random));
    }
    return all;
  }

  /** The sampled entry of each row where the case has its own, and others about it. */
  private Grid narrow(String name, Samples drawn, int[] tokens, Random random) {
    Grid grid = sample.grid(name).get();
    Domain domain = Domain.of(name);
    double outside = domain == Domain.LOG_PROBABILITY ? Double.NEGATIVE_INFINITY : 0;
    double[] values = new double[tokens.length * Trials.WIDTH];
    for (int t = 0; t < tokens.length; t++) {
      int at = drawn.sampled().get()[t];
      int token = tokens[t];
      int first = sample.sampled().map(ids -> ids[token]).getOrElse(0);
      int[] others = others(grid, token, first, random);
      for (int v = 0, next = 0; v < Trials.WIDTH; v++) {
        boolean there = v == at || next < others.length;
        values[t * Trials.WIDTH + v] =
            there ? grid.get(token, v == at ? first : others[next++]) : outside;
      }
    }
    return Grid.of(OwnColumns.rows(values, domain), Trials.WIDTH);
  }

  /** Other entries of a row: the largest, which is in its support, and any. */
  private static int[] others(Grid grid, int row, int first, Random random) {
    IntStream all = IntStream.range(0, grid.width()).filter(v -> v != first);
    int largest = all.reduce((v, w) -> grid.get(row, w) > grid.get(row, v) ? w : v).orElse(first);
    IntStream any = random.ints(0, grid.width()).filter(v -> v != first);
    return IntStream.concat(IntStream.of(largest), any)
        .distinct()
        .limit(Math.min(Trials.WIDTH, grid.width()) - 1L)
        .toArray();
  }

  private int[] chosen(Random random) {
    int[] groups = sample.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[] lengths = sample.lengths();
    int most = 1 + random.nextInt(MOST_RESPONSES);
    int first = random.nextInt(groups.length);
    IntStream from = IntStream.range(0, groups.length).map(i -> (first + i) % groups.length);
    int[] some =
        paired
            ? from.filter(s -> groups[s] == groups[first]).toArray()
            : from.limit(most).toArray();
    boolean empty = Arrays.stream(some).allMatch(s -> lengths[s] == 0);
    return empty ? chosen(random) : Arrays.stream(some).sorted().toArray();
  }

  private static IntStream cut(int[] tokens, Random random) {
    int length = Math.min(tokens.length, 1 + random.nextInt(MOST_TOKENS));
    int from = tokens.length == length ? 0 : random.nextInt(tokens.length - length + 1);
    return Arrays.stream(tokens, from, from + length);
  }
}
