package lossmith.rollouts;

import io.vavr.Lazy;
import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.pieces.Pieces;
import lossmith.rollouts.table.CellColumn;

/** The responses of a file, cut into pieces of whole prompts of about so many tokens. */
final class RolloutPieces implements Pieces {
  private final FileColumns columns;
  private final Responses responses;
  private final RowColumns numbers;
  private final Map<String, Grid> grids;
  private final int[] existing;

  /** How many tokens of the policy lie before each response, and after the last. */
  private final long[] starts;

  private final Lazy<int[]> rowStarts;
  private final List<int[]> pieces;

  /** Which responses have no reward, of all that the file has, whatever a piece has. */
  private final Option<UnscoredRows> unscored;

  /**
   * Pieces of a file that was found right.
   *
   * @param existing how many tokens of each response are the policy's
   * @param most how many tokens a piece has where a prompt has no more by itself
   */
  RolloutPieces(
      FileColumns columns,
      Responses responses,
      RowColumns numbers,
      Map<String, Grid> grids,
      int[] existing,
      long most) {
    this.columns = columns;
    this.responses = responses;
    this.numbers = numbers;
    this.grids = grids;
    this.existing = existing;
    this.starts = new long[existing.length + 1];
    for (int i = 0; i < existing.length; i++) {
      starts[i + 1] = starts[i] + existing[i];
    }
    this.rowStarts = Lazy.of(responses::rowStarts);
    this.pieces = cut(responses, existing, most);
    this.unscored = UnscoredRows.of(columns, responses.rows());
  }

  /**
   * Responses by prompt, as many prompts as come up to so many tokens; in each piece in the order
   * of the file. A piece has at least one token of the policy.
   */
  static List<int[]> cut(Responses responses, int[] tokens, long most) {
    int[][] byGroup = responses.byGroup();
    List<int[]> pieces = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    long openTokens = 0;
    for (int[] group : byGroup) {
      long own = Arrays.stream(group).mapToLong(i -> tokens[i]).sum();
      if (openTokens > 0 && openTokens + own > most && own > 0) {
        pieces.add(sorted(open));
        open.clear();
        openTokens = 0;
      }
      Arrays.stream(group).forEach(open::add);
      openTokens += own;
    }
    pieces.add(sorted(open));
    return pieces;
  }

  private static int[] sorted(List<Integer> responses) {
    return responses.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  @Override
  public int count() {
    return pieces.size();
  }

  @Override
  public long size(Level.Name level) {
    return switch (level) {
      case VOCABULARY, TOKEN -> starts[starts.length - 1];
      case SEQUENCE -> responses.rows().length;
      case GROUP -> responses.groupCount();
      case BATCH -> 1;
    };
  }

  @Override
  public long[] places(int index, Level.Name level) {
    int[] chosen = pieces.get(index);
    return switch (level) {
      case VOCABULARY, TOKEN -> {
        long[] places = new long[chosen.length == 0 ? 0 : tokens(chosen)];
        int at = 0;
        for (int i : chosen) {
          for (long token = starts[i]; token < starts[i + 1]; token++) {
            places[at++] = token;
          }
        }
        yield places;
      }
      case SEQUENCE -> Arrays.stream(chosen).asLongStream().toArray();
      case GROUP ->
          Arrays.stream(chosen).map(i -> responses.groups()[i]).distinct().asLongStream().toArray();
      case BATCH -> new long[] {0};
    };
  }

  private int tokens(int[] chosen) {
    return Math.toIntExact(Arrays.stream(chosen).mapToLong(i -> starts[i + 1] - starts[i]).sum());
  }

  @Override
  public Samples piece(int index) {
    return samples(pieces.get(index));
  }

  /** {@return all responses as one} */
  Samples whole() {
    return samples(all());
  }

  /** {@return the responses of the first pieces, which have about so many tokens, as one piece} */
  RolloutPieces first(long tokens) {
    if (size(Level.Name.TOKEN) <= tokens) {
      return this;
    }
    int[] chosen = pieces.get(0);
    for (int i = 1; i < pieces.size() && tokens(chosen) < tokens; i++) {
      int[] next = pieces.get(i);
      chosen = IntStream.concat(Arrays.stream(chosen), Arrays.stream(next)).toArray();
    }
    Arrays.sort(chosen);
    Responses some = responses.only(chosen);
    return new RolloutPieces(
        columns,
        some,
        numbers.of(some),
        grids,
        Arrays.stream(chosen).map(i -> existing[i]).toArray(),
        Long.MAX_VALUE);
  }

  private int[] all() {
    return IntStream.range(0, responses.rows().length).toArray();
  }

  private Samples samples(int[] chosen) {
    int[] lengths = Arrays.stream(chosen).map(i -> responses.lengths()[i]).toArray();
    HashMap<Integer, Integer> index = new HashMap<>();
    int[] groups =
        Arrays.stream(chosen)
            .map(i -> index.computeIfAbsent(responses.groups()[i], group -> index.size()))
            .toArray();
    SamplesBuilder builder = new SamplesBuilder(lengths, groups);
    builder.ids(Arrays.stream(chosen).mapToLong(i -> responses.rows()[i]).toArray());
    Option<double[]> mask = numbers.mask(chosen);
    mask.forEach(builder::mask);
    numbers.sampled(chosen, mask).forEach(builder::sampled);
    for (UnscoredRows rows : unscored.filter(UnscoredRows::any)) {
      builder.unscored(rows.of(chosen));
    }
    Map<String, double[]> unusable = LinkedHashMap.empty();
    for (Tuple2<String, Level.Name> column : columns.levels()) {
      if (column._1.equals(Columns.REWARD) && unscored.exists(UnscoredRows::all)) {
        continue;
      }
      double[] values = numbers.numbers(column._1, column._2, chosen, mask);
      if (numbers.asWritten(column._1) && !Arrays.stream(values).allMatch(Double::isFinite)) {
        unusable = unusable.put(column._1, values);
      } else {
        builder.column(column._1, column._2, values);
      }
    }
    for (Tuple2<String, Grid> grid : grids) {
      builder.grid(grid._1, rows(grid._2, chosen));
    }
    return unusable.foldLeft(
        builder.build(),
        (all, column) -> all.with(column._1, Level.Name.TOKEN, existing(column._2, mask)));
  }

  /** The rows of a grid, which has one for each token of the file, that belong to responses. */
  private Grid rows(Grid grid, int[] chosen) {
    int[] first = rowStarts.get();
    int[] rows =
        Arrays.stream(chosen)
            .map(i -> responses.rows()[i])
            .flatMap(row -> IntStream.range(first[row], first[row + 1]))
            .toArray();
    return rows.length == grid.rows()
        ? grid
        : new Grid(rows.length, grid.width(), (row, v) -> grid.get(rows[row], v));
  }

  private static double[] existing(double[] values, Option<double[]> mask) {
    return IntStream.range(0, values.length)
        .filter(token -> RowColumns.exists(mask, token))
        .mapToDouble(token -> values[token])
        .toArray();
  }

  Option<CellColumn> ids() {
    return columns.get(ColumnNames.TOKENS);
  }

  /** {@return for each token of a piece, its place in the lists of its row, from 0} */
  int[] slots(int index) {
    return slotsOf(pieces.get(index));
  }

  /** {@return for each response of a piece, how many entries the lists of its row have} */
  int[] entries(int index) {
    return Arrays.stream(pieces.get(index)).map(i -> responses.lengths()[i]).toArray();
  }

  /** {@return the slots of all responses} */
  int[] slots() {
    return slotsOf(all());
  }

  private int[] slotsOf(int[] chosen) {
    Option<double[]> mask = numbers.mask(chosen);
    int[] slots = new int[tokens(chosen)];
    int kept = 0;
    int at = 0;
    for (int i : chosen) {
      for (int t = 0; t < responses.lengths()[i]; t++, at++) {
        if (RowColumns.exists(mask, at)) {
          slots[kept++] = t;
        }
      }
    }
    return slots;
  }
}
