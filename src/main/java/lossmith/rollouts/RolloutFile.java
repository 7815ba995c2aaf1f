package lossmith.rollouts;

import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Grid;
import lossmith.pieces.Watch;
import lossmith.rollouts.table.Tables;
import lossmith.storage.MemoryBudget;

/**
 * Reads rollouts: one row per response, {@code prompt_id} names the group, per-token columns are
 * lists as long as {@code tokens}. Everything that is wrong with a file is reported at once, by
 * column and row; rows count from 1.
 */
public final class RolloutFile {
  /** So many tokens are evaluated at a time: a few MiB a column, which caches hold. */
  static final long PIECE = 1 << 16;

  private RolloutFile() {}

  /**
   * Begins to load what files are read with, while something else is to be done before they are.
   *
   * @param files the paths of those that will be read, as text; other words among them do no harm
   */
  public static void prepare(Seq<String> files) {
    Tables.prepare(files);
  }

  /**
   * {@return the rollouts in a file}
   *
   * @param file JSONL, JSON, CSV (lists as JSON text), also packed as .gz or .zst, Parquet or Arrow
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
    return read(files, reading, List.empty(), Watch.NONE);
  }

  /**
   * {@return the same}
   *
   * @param files as before
   * @param reading what their columns are called
   * @param texts columns for readers that are read too
   * @param watch is told how many rows were read
   */
  public static Rollouts read(Seq<Path> files, Reading reading, Seq<String> texts, Watch watch) {
    return read(files, reading, false, texts, watch);
  }

  /**
   * {@return the rollouts in a file with log-probs as they are written, which no loss can be scored
   * of: also infinite ones, and NaN where the file has none}
   *
   * @param files as for {@link #read}
   * @param reading what its columns are called, and the files beside it
   * @param texts columns for readers that are read too
   * @param watch is told how many rows were read
   * @throws lossmith.dsl.ProblemException with everything else that is wrong
   */
  public static Rollouts readAsWritten(
      Seq<Path> files, Reading reading, Seq<String> texts, Watch watch) {
    return read(files, reading, true, texts, watch);
  }

  private static Rollouts read(
      Seq<Path> files, Reading reading, boolean asWritten, Seq<String> texts, Watch watch) {
    MemoryBudget budget = new MemoryBudget(reading.memory());
    FileColumns columns = FileColumns.read(files, reading, texts, budget, watch);
    Responses responses = Responses.of(files.head(), columns, reading.dropIncomplete());
    Option<String> unpaired = SignPairs.wrong(columns, responses);
    for (String why : unpaired) {
      columns.leaveOut(Columns.SIGN, SignPairs.told(why));
    }
    RowColumns numbers = new RowColumns(columns, responses, asWritten);
    int[] existing = verified(columns, responses, numbers);
    Map<String, Grid> grids = reading.grids().mapValues(Npy::read);
    refuse(
        responses
            .problems()
            .appendAll(numbers.problems())
            .appendAll(misfits(reading, grids, responses)),
        existing);
    Option<UnscoredRows> unscored = UnscoredRows.of(columns, responses.rows());
    Placement placement =
        responses.placement(
            existing, columns::number, PIECE, unscored.map(UnscoredRows::missing).getOrElse(0));
    return new Rollouts(
        new RolloutPieces(columns, responses, numbers, grids, placement),
        budget,
        responses.ungrouped(),
        unpaired,
        notes(columns.notes(), responses, existing, unscored),
        columns.texts());
  }

  /** Refuses a batch with problems, and one of which no token is the policy's. */
  static void refuse(Seq<Problem> problems, int[] existing) {
    Problem.throwAll(
        problems.isEmpty() && Arrays.stream(existing).allMatch(tokens -> tokens == 0)
            ? List.of(
                Problem.of(
                    "mask",
                    "0 for every token",
                    "1 for at least one",
                    "1 for the tokens of the policy"))
            : problems);
  }

  /** The grids that have not a row for each token. */
  static Seq<Problem> misfits(Reading reading, Map<String, Grid> grids, Responses responses) {
    return grids
        .toList()
        .flatMap(one -> misfit(one._1, reading.grids().get(one._1).get(), one._2, responses));
  }

  /**
   * Reads all numbers once, so that whatever is wrong is known; counts the policy's tokens, which
   * are all where the array is that of the responses itself.
   */
  static int[] verified(FileColumns columns, Responses responses, RowColumns numbers) {
    int[] existing = responses.lengths();
    for (int[] chosen : Placement.cut(responses.byGroup(), responses.lengths(), PIECE)) {
      Option<double[]> mask = numbers.mask(chosen);
      Option<int[]> unused = numbers.sampled(chosen, mask);
      for (Tuple2<String, Level.Name> column : columns.levels()) {
        double[] unusedNumbers = numbers.numbers(column._1, column._2, chosen, mask);
      }
      for (double[] ones : mask) {
        int at = 0;
        for (int i : chosen) {
          int kept = 0;
          for (int t = 0; t < responses.lengths()[i]; t++, at++) {
            kept += ones[at] == 0 ? 0 : 1;
          }
          if (kept < responses.lengths()[i]) {
            existing = existing == responses.lengths() ? existing.clone() : existing;
            existing[i] = kept;
          }
        }
      }
    }
    return existing;
  }

  private static Seq<Problem> misfit(String name, Path path, Grid grid, Responses responses) {
    return grid.rows() == responses.allTokens()
        ? List.empty()
        : List.of(
            Problem.of(
                name,
                path + " of shape (" + grid.rows() + ", " + grid.width() + ")",
                responses.allTokens() + " rows, one per token of the rollouts",
                "the rows of these rollouts, response after response"));
  }

  /** What is told of the batch as a whole, behind what is told of its columns. */
  static Seq<String> notes(
      Seq<String> ofColumns, Responses responses, int[] existing, Option<UnscoredRows> unscored) {
    long all = Arrays.stream(responses.lengths()).asLongStream().sum();
    long masked = all - Arrays.stream(existing).asLongStream().sum();
    long empty = Arrays.stream(existing).filter(tokens -> tokens == 0).count();
    Seq<String> notes =
        ofColumns
            .appendAll(responses.notes())
            .appendAll(unscored.toList().flatMap(UnscoredRows::told));
    if (masked > 0) {
      notes =
          notes.append(masked + " of " + all + " tokens are not the policy's and count nowhere.");
    }
    if (empty > 0) {
      notes =
          notes.append(
              empty
                  + (empty == 1 ? " response has" : " responses have")
                  + " no token of the policy; the reward counts in its group all the same.");
    }
    return notes;
  }
}
