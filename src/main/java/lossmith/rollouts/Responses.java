package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.Problem;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.CellColumn.Kind;

/**
 * The responses of a file: how long each is and which prompt it belongs to.
 *
 * @param rows the rows of the file that are read, from 0
 * @param lengths the tokens of each
 * @param groups the index of each one's prompt, from 0
 * @param allLengths the tokens of every row of the file
 * @param ungrouped why responses are not grouped, if they are not
 * @param notes what was counted, one sentence each
 * @param problems what is wrong
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes them
record Responses(
    int[] rows,
    int[] lengths,
    int[] groups,
    int[] allLengths,
    Option<String> ungrouped,
    Seq<String> notes,
    Seq<Problem> problems) {
  static Responses of(Path file, FileColumns columns, boolean dropIncomplete) {
    if (columns.rows() == 0) {
      throw Problem.of(
              "file", file + " with 0 rows", "at least one response", "a file with rollouts")
          .exception();
    }
    return of(ResponseRows.of(file, columns), dropIncomplete);
  }

  /**
   * {@return the responses of all rows of the files}
   *
   * @param rows what each row says
   * @param dropIncomplete whether prompts with fewer responses than the others are left out
   */
  static Responses of(ResponseRows rows, boolean dropIncomplete) {
    int all = rows.lengths().length;
    if (rows.problems().isEmpty()
        && Arrays.stream(rows.lengths()).allMatch(length -> length == 0)) {
      throw Problem.of(
              "column",
              rows.measure() + " without an entry in any row",
              "at least one token",
              "responses with tokens")
          .exception();
    }
    Grouping grouping = Grouping.of(rows);
    int[] kept = dropIncomplete ? grouping.complete() : IntStream.range(0, all).toArray();
    Seq<String> dropped =
        kept.length == all
            ? List.empty()
            : List.of((all - kept.length) + " responses of incomplete prompts are left out.");
    return of(
        rows,
        kept,
        grouping.ungrouped(),
        dropped.appendAll(dropIncomplete ? List.empty() : grouping.notes()));
  }

  /** Where all rows are kept nothing is kept twice: there may be many millions. */
  private static Responses of(
      ResponseRows rows, int[] kept, Option<String> ungrouped, Seq<String> notes) {
    boolean all = kept.length == rows.lengths().length;
    return new Responses(
        kept,
        all ? rows.lengths() : Arrays.stream(kept).map(row -> rows.lengths()[row]).toArray(),
        all ? rows.groups() : numbered(kept, rows.groups()),
        rows.lengths(),
        ungrouped,
        notes,
        rows.problems());
  }

  /** The groups of some rows, numbered from 0 as they come. */
  private static int[] numbered(int[] chosen, int[] groups) {
    Map<Integer, Integer> index = new HashMap<>();
    return Arrays.stream(chosen)
        .map(row -> index.computeIfAbsent(groups[row], group -> index.size()))
        .toArray();
  }

  /**
   * {@return the responses of a part of the files, of which nothing is known that takes all}
   *
   * @param rows what each row of the part says
   * @param kept the rows of the part that are read
   */
  static Responses part(ResponseRows rows, int[] kept) {
    return of(rows, kept, Option.none(), List.empty());
  }

  /** {@return how many tokens all rows of the file have} */
  long allTokens() {
    return Arrays.stream(allLengths).asLongStream().sum();
  }

  /**
   * {@return where these responses are, which are the batch}
   *
   * @param existing how many tokens of each are the policy's
   * @param number the row in the files of a row here
   * @param most how many tokens a piece has where a prompt has no more by itself
   * @param unscored how many have no reward
   */
  Placement placement(int[] existing, IntUnaryOperator number, long most, int unscored) {
    boolean all = rows.length == allLengths.length;
    long[] starts = before(existing);
    return new Placement(
        mapped(i -> number.applyAsInt(rows[i])),
        existing,
        starts,
        all && existing == allLengths ? starts : entries(),
        mapped(i -> i),
        groups,
        Placement.cut(byGroup(), existing, most),
        unscored,
        rows.length);
  }

  /** How many tokens the files have before each response. */
  private long[] entries() {
    long[] before = before(allLengths);
    return Arrays.stream(rows).mapToLong(row -> before[row]).toArray();
  }

  /** How much there is before each. */
  private static long[] before(int[] lengths) {
    long[] before = new long[lengths.length];
    for (int i = 1; i < before.length; i++) {
      before[i] = before[i - 1] + lengths[i - 1];
    }
    return before;
  }

  /** As {@code IntStream.range(0, rows.length).map}, but the array of rows if it is the same. */
  private int[] mapped(IntUnaryOperator of) {
    return IntStream.range(0, rows.length).allMatch(i -> of.applyAsInt(i) == rows[i])
        ? rows
        : IntStream.range(0, rows.length).map(of).toArray();
  }

  /** {@return some of the responses alone, whole prompts of them} */
  Responses only(int[] chosen) {
    return new Responses(
        Arrays.stream(chosen).map(i -> rows[i]).toArray(),
        Arrays.stream(chosen).map(i -> lengths[i]).toArray(),
        numbered(chosen, groups),
        allLengths,
        ungrouped,
        notes,
        problems);
  }

  /** {@return how many tokens some responses have, those that a mask takes away among them} */
  int tokens(int[] chosen) {
    return Math.toIntExact(Arrays.stream(chosen).mapToLong(i -> lengths[i]).sum());
  }

  /** {@return how many prompts there are} */
  int groupCount() {
    return Arrays.stream(groups).max().orElse(-1) + 1;
  }

  /** {@return the responses of each prompt} */
  int[][] byGroup() {
    int[] sizes = Grouping.sizes(groups);
    int[][] members = new int[sizes.length][];
    Arrays.setAll(members, group -> new int[sizes[group]]);
    for (int i = groups.length - 1; i >= 0; i--) {
      members[groups[i]][--sizes[groups[i]]] = i;
    }
    return members;
  }

  /** {@return what is wrong with a row that has no list of the right length} */
  String noList(CellColumn cells, int row, int length) {
    if (cells.kind(row) != Kind.LIST) {
      return cells.kind(row) == Kind.NOTHING ? "no list of numbers" : Scalars.told(cells, row);
    }
    String told = cells.length(row) + " entries for " + length + " tokens";
    int more = cells.length(row) - length;
    boolean everywhere =
        IntStream.range(0, rows.length).allMatch(i -> cells.length(rows[i]) - lengths[i] == more);
    return everywhere && rows.length > 1
        ? told + ", " + Math.abs(more) + (more > 0 ? " more" : " fewer") + " in every row"
        : told;
  }

  /** Which row belongs to which prompt. */
  @SuppressWarnings("ArrayRecordComponent") // as above
  private record Grouping(int[] groups, Option<String> ungrouped, Seq<String> notes) {
    static Grouping of(ResponseRows rows) {
      return rows.ids()
          .map(name -> of(name, rows))
          .getOrElse(
              () ->
                  new Grouping(
                      rows.groups(),
                      Option.some("the file has no prompt_id"),
                      List.of(
                          "No prompt_id: losses that compare the responses of a prompt are not"
                              + " scored.")));
    }

    private static Grouping of(String name, ResponseRows all) {
      int[] groups = all.groups();
      int rows = groups.length;
      int[] sizes = sizes(groups);
      long alone = Arrays.stream(sizes).filter(size -> size == 1).count();
      if (alone == rows && rows > 1 && all.problems().isEmpty()) {
        String told =
            name + " differs in all " + rows + " rows, so it names responses, not prompts";
        return new Grouping(
            groups,
            Option.some(told),
            List.of(
                told
                    + ": losses that compare the responses of a prompt are not scored; --columns"
                    + " prompt_id=NAME names another column."));
      }
      Seq<String> notes =
          alone == 0
              ? List.empty()
              : List.of(
                  alone
                      + " of "
                      + sizes.length
                      + (alone == 1 ? " prompts has" : " prompts have")
                      + " one response: what a lone response's advantage is follows the"
                      + " conventions; --drop-incomplete leaves it out.");
      return new Grouping(groups, Option.none(), notes);
    }

    private static int[] sizes(int[] groups) {
      int[] sizes = new int[Arrays.stream(groups).max().orElse(-1) + 1];
      Arrays.stream(groups).forEach(group -> sizes[group]++);
      return sizes;
    }

    /** The rows of the prompts that have as many responses as the largest. */
    int[] complete() {
      int[] sizes = sizes(groups);
      int most = Arrays.stream(sizes).max().orElse(0);
      return IntStream.range(0, groups.length).filter(row -> sizes[groups[row]] == most).toArray();
    }
  }
}
