package lossmith.rollouts;

import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.HashMap;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.pieces.Pieces;
import lossmith.rollouts.table.CellColumn;

/** The responses of a file, or of a part of files, cut into pieces of whole prompts. */
final class RolloutPieces implements Pieces {
  private final FileColumns columns;
  private final Responses responses;
  private final RowColumns numbers;
  private final Map<String, Grid> grids;
  private final Placement placement;

  /** Which responses have no reward, of all that the file has, whatever a piece has. */
  private final Option<UnscoredRows> unscored;

  /**
   * Pieces of a file, or of a part of files, that was found right.
   *
   * @param columns of the file or part
   * @param responses of the file or part
   * @param numbers the same columns and responses
   * @param grids with a row for each token of the files
   * @param placement where the responses are
   */
  RolloutPieces(
      FileColumns columns,
      Responses responses,
      RowColumns numbers,
      Map<String, Grid> grids,
      Placement placement) {
    this.columns = columns;
    this.responses = responses;
    this.numbers = numbers;
    this.grids = grids;
    this.placement = placement;
    this.unscored =
        UnscoredRows.of(columns, responses.rows())
            .map(rows -> rows.among(placement.unscored(), placement.responses()));
  }

  @Override
  public int count() {
    return placement.pieces().length;
  }

  @Override
  public long size(Level.Name level) {
    return switch (level) {
      case VOCABULARY, TOKEN -> placement.tokens();
      case SEQUENCE -> responses.rows().length;
      case GROUP -> responses.groupCount();
      case BATCH -> 1;
    };
  }

  @Override
  public long[] places(int index, Level.Name level) {
    return placement.places(index, level);
  }

  @Override
  public Samples piece(int index) {
    return samples(placement.pieces()[index]);
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
    int[] chosen = placement.pieces()[0];
    for (int i = 1; i < count() && placement.tokens(chosen) < tokens; i++) {
      int[] next = placement.pieces()[i];
      chosen = IntStream.concat(Arrays.stream(chosen), Arrays.stream(next)).toArray();
    }
    Arrays.sort(chosen);
    Responses some = responses.only(chosen);
    int[] existing = Arrays.stream(chosen).map(i -> placement.existing()[i]).toArray();
    Placement alone =
        some.placement(existing, columns::number, Long.MAX_VALUE, placement.unscored());
    return new RolloutPieces(columns, some, numbers.of(some), grids, alone);
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
    builder.ids(Arrays.stream(chosen).mapToLong(i -> placement.numbers()[i]).toArray());
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
    int[] rows =
        Arrays.stream(chosen)
            .flatMap(
                i -> {
                  int first = Math.toIntExact(placement.entries()[i]);
                  return IntStream.range(first, first + responses.lengths()[i]);
                })
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
    return slotsOf(placement.pieces()[index]);
  }

  /** {@return for each response of a piece, how many entries the lists of its row have} */
  int[] entries(int index) {
    return Arrays.stream(placement.pieces()[index]).map(i -> responses.lengths()[i]).toArray();
  }

  /** {@return the slots of all responses} */
  int[] slots() {
    return slotsOf(all());
  }

  private int[] slotsOf(int[] chosen) {
    Option<double[]> mask = numbers.mask(chosen);
    int[] slots = new int[placement.tokens(chosen)];
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
