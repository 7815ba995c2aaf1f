package lossmith.rollouts;

import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.rollouts.table.CellColumn;

/**
 * Reads rollouts: one row per response, {@code prompt_id} names the group, per-token columns are
 * lists as long as {@code tokens}. Everything that is wrong with a file is reported at once, by
 * column and row; rows count from 1.
 */
public final class RolloutFile {
  private final FileColumns columns;
  private final Responses responses;
  private final boolean asWritten;
  private Seq<Problem> problems;

  private RolloutFile(FileColumns columns, Responses responses, boolean asWritten) {
    this.columns = columns;
    this.responses = responses;
    this.asWritten = asWritten;
    this.problems = responses.problems();
  }

  /**
   * {@return the rollouts in a file}
   *
   * @param file JSONL, JSON, CSV (lists as JSON text), also packed as .gz or .zst, or Parquet
   * @param reading what its columns are called, and the files beside it
   * @throws lossmith.dsl.ProblemException with everything that is wrong
   */
  public static Rollouts read(Path file, Reading reading) {
    return read(List.of(file), reading);
  }

  /**
   * {@return the rollouts in files, read as one}
   *
   * @param files as for {@link #read(Path, Reading)}, in this order; {@link RolloutPaths} finds
   *     them
   * @param reading what their columns are called
   */
  public static Rollouts read(Seq<Path> files, Reading reading) {
    return read(files, reading, false, List.empty());
  }

  /**
   * {@return the rollouts in a file with log-probs as they are written, which no loss can be scored
   * of: also infinite ones, and NaN where the file has none}
   *
   * @param files as for {@link #read}
   * @param reading what its columns are called, and the files beside it
   * @param texts columns for readers that are read too
   * @throws lossmith.dsl.ProblemException with everything else that is wrong
   */
  public static Rollouts readAsWritten(Seq<Path> files, Reading reading, Seq<String> texts) {
    return read(files, reading, true, texts);
  }

  private static Rollouts read(
      Seq<Path> files, Reading reading, boolean asWritten, Seq<String> texts) {
    FileColumns columns = FileColumns.read(files, reading, texts);
    Responses responses = Responses.of(files.head(), columns, reading.dropIncomplete());
    return new RolloutFile(columns, responses, asWritten).rollouts(reading);
  }

  private Rollouts rollouts(Reading reading) {
    SamplesBuilder builder = new SamplesBuilder(responses.lengths(), responses.groups());
    builder.ids(Arrays.stream(responses.rows()).asLongStream().toArray());
    Option<double[]> mask = columns.get(ColumnNames.MASK).map(this::mask);
    mask.filter(ones -> problems.isEmpty()).forEach(builder::mask);
    columns.get(ColumnNames.TOKENS).forEach(ids -> builder.sampled(ids(ids, mask)));
    Map<String, double[]> unusable = LinkedHashMap.empty();
    Option<UnscoredRows> unscored = UnscoredRows.of(columns, responses.rows());
    unscored.filter(UnscoredRows::any).forEach(rows -> builder.unscored(rows.marks()));
    for (Tuple2<String, Level.Name> column : columns.levels()) {
      if (column._1.equals(Columns.REWARD) && unscored.exists(UnscoredRows::all)) {
        continue;
      }
      CellColumn cells = columns.get(column._1).get();
      double[] values = values(column._1, cells, column._2, mask);
      if (asWritten(column._1) && !Arrays.stream(values).allMatch(Double::isFinite)) {
        unusable = unusable.put(column._1, values);
      } else {
        builder.column(column._1, column._2, values);
      }
    }
    for (Tuple2<String, Path> grid : reading.grids()) {
      grid(grid._1, grid._2).forEach(rows -> builder.grid(grid._1, rows));
    }
    Problem.throwAll(problems);
    Samples samples =
        unusable.foldLeft(
            builder.build(),
            (all, column) -> all.with(column._1, Level.Name.TOKEN, existing(column._2, mask)));
    return new Rollouts(
        samples, slots(mask), responses.ungrouped(), notes(samples, mask), columns.texts());
  }

  /** Whether the numbers of a column are taken even where no loss can use them. */
  private boolean asWritten(String name) {
    return asWritten && name.endsWith(Columns.LOG_PROB);
  }

  private static double[] existing(double[] values, Option<double[]> mask) {
    return IntStream.range(0, values.length)
        .filter(token -> exists(mask, token))
        .mapToDouble(token -> values[token])
        .toArray();
  }

  private double[] values(String name, CellColumn cells, Level.Name level, Option<double[]> mask) {
    return switch (level) {
      case TOKEN -> list(name, cells, mask);
      case SEQUENCE -> numbers(name, cells);
      case GROUP -> once(name, cells, responses.groups());
      default -> once(name, cells, new int[responses.rows().length]);
    };
  }

  /** A number per response. */
  private double[] numbers(String name, CellColumn cells) {
    Faults faults = new Faults(cells);
    int[] rows = responses.rows();
    double[] numbers = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      boolean unscored =
          name.equals(Columns.REWARD) && cells.kind(rows[i]) == CellColumn.Kind.NOTHING;
      numbers[i] = unscored ? 0 : Scalars.number(cells, rows[i]);
      if (!Double.isFinite(numbers[i])) {
        faults.at(rows[i], Scalars.told(cells, rows[i]));
      }
    }
    problems =
        problems.appendAll(
            faults.problems("a finite number in every row", columns.numberInstead(name, cells)));
    return numbers;
  }

  /** A number that is the same in all rows of a group. */
  private double[] once(String name, CellColumn cells, int[] groupOf) {
    double[] perRow = numbers(name, cells);
    Faults faults = new Faults(cells);
    double[] numbers = new double[Arrays.stream(groupOf).max().orElse(0) + 1];
    Arrays.fill(numbers, Double.NaN);
    for (int i = 0; i < perRow.length; i++) {
      if (!Double.isNaN(numbers[groupOf[i]]) && numbers[groupOf[i]] != perRow[i]) {
        faults.at(responses.rows()[i], perRow[i] + " after " + numbers[groupOf[i]]);
      }
      numbers[groupOf[i]] = perRow[i];
    }
    problems =
        problems.appendAll(
            faults.problems("one number for all that belong together", "the same number in them"));
    return numbers;
  }

  private double[] mask(CellColumn cells) {
    Faults faults = new Faults(cells);
    double[] ones = lists(cells, faults, (token, one) -> one == 0 || one == 1);
    problems =
        problems.appendAll(
            faults.problems(
                "a list of 0 and 1 as long as tokens, in every row",
                "1 for each token of the policy, 0 for each other token"));
    return ones;
  }

  private double[] list(String name, CellColumn cells, Option<double[]> mask) {
    Faults faults = new Faults(cells);
    boolean any = asWritten(name);
    double[] numbers =
        lists(
            cells,
            faults,
            (token, x) ->
                Double.isFinite(x) || !exists(mask, token) || (any && !Scalars.isNoNumber(x)));
    problems =
        problems.appendAll(
            faults.problems(
                "a list of finite numbers as long as tokens, in every row",
                "one number per token"));
    return numbers;
  }

  private int[] ids(CellColumn cells, Option<double[]> mask) {
    Faults faults = new Faults(cells);
    double[] ids =
        lists(cells, faults, (token, x) -> (x >= 0 && x == (int) x) || !exists(mask, token));
    problems = problems.appendAll(faults.problems("whole numbers >= 0", "token ids"));
    return Arrays.stream(ids).mapToInt(id -> (int) id).toArray();
  }

  /** Whether an entry is what a column holds. */
  private interface Entry {
    boolean fits(int token, double number);
  }

  /** The lists of all rows, one after the other. */
  private double[] lists(CellColumn cells, Faults faults, Entry entry) {
    int[] lengths = responses.lengths();
    double[] all = new double[Arrays.stream(lengths).sum()];
    int start = 0;
    for (int i = 0; i < lengths.length; i++) {
      int row = responses.rows()[i];
      if (cells.length(row) != lengths[i] || cells.kind(row) != CellColumn.Kind.LIST) {
        faults.at(row, responses.noList(cells, row, lengths[i]));
      } else {
        int wrong = -1;
        for (int t = lengths[i] - 1; t >= 0; t--) {
          all[start + t] = cells.number(row, t);
          wrong = entry.fits(start + t, all[start + t]) ? wrong : t;
        }
        if (wrong >= 0) {
          faults.at(row, "entry " + (wrong + 1) + " = " + Scalars.entry(all[start + wrong]));
        }
      }
      start += lengths[i];
    }
    return all;
  }

  private static boolean exists(Option<double[]> mask, int token) {
    return mask.forAll(ones -> ones[token] != 0);
  }

  private Option<Grid> grid(String name, Path path) {
    Grid grid = Npy.read(path);
    int[] rows = responses.gridRows();
    if (grid.rows() != responses.allTokens()) {
      problems =
          problems.append(
              Problem.of(
                  name,
                  path + " of shape (" + grid.rows() + ", " + grid.width() + ")",
                  responses.allTokens() + " rows, one per token of the rollouts",
                  "the rows of these rollouts, response after response"));
      return Option.none();
    }
    return Option.some(
        rows.length == grid.rows()
            ? grid
            : new Grid(rows.length, grid.width(), (row, v) -> grid.get(rows[row], v)));
  }

  private int[] slots(Option<double[]> mask) {
    int[] slots = new int[Arrays.stream(responses.lengths()).sum()];
    int kept = 0;
    int at = 0;
    for (int length : responses.lengths()) {
      for (int t = 0; t < length; t++, at++) {
        if (exists(mask, at)) {
          slots[kept++] = t;
        }
      }
    }
    return Arrays.copyOf(slots, kept);
  }

  private Seq<String> notes(Samples samples, Option<double[]> mask) {
    Seq<String> masked =
        mask.filter(ones -> ones.length > samples.tokens())
            .map(
                ones ->
                    (ones.length - samples.tokens())
                        + " of "
                        + ones.length
                        + " tokens are not the policy's and count nowhere.")
            .toList();
    long empty = Arrays.stream(samples.lengths()).filter(tokens -> tokens == 0).count();
    return columns
        .notes()
        .appendAll(responses.notes())
        .appendAll(UnscoredRows.of(columns, responses.rows()).toList().flatMap(UnscoredRows::told))
        .appendAll(masked)
        .appendAll(
            empty == 0
                ? List.empty()
                : List.of(
                    empty
                        + (empty == 1 ? " response has" : " responses have")
                        + " no token of the policy; the reward counts in its group all the same."));
  }
}
