package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
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
    int all = columns.rows();
    if (all == 0) {
      throw Problem.of(
              "file", file + " with 0 rows", "at least one response", "a file with rollouts")
          .exception();
    }
    CellColumn measure = measure(file, columns);
    int[] allLengths =
        IntStream.range(0, all)
            .map(row -> measure.kind(row) == Kind.LIST ? measure.length(row) : 0)
            .toArray();
    Seq<Problem> problems = lists(measure, all);
    if (problems.isEmpty() && Arrays.stream(allLengths).allMatch(length -> length == 0)) {
      throw Problem.of(
              "column",
              measure.name() + " without an entry in any row",
              "at least one token",
              "responses with tokens")
          .exception();
    }
    Grouping grouping = Grouping.of(columns.get(ColumnNames.PROMPT_ID), all);
    int[] rows = dropIncomplete ? grouping.complete() : IntStream.range(0, all).toArray();
    Seq<String> dropped =
        rows.length == all
            ? List.empty()
            : List.of((all - rows.length) + " responses of incomplete prompts are left out.");
    Map<Integer, Integer> index = new HashMap<>();
    int[] groups =
        Arrays.stream(rows)
            .map(row -> index.computeIfAbsent(grouping.groups()[row], g -> index.size()))
            .toArray();
    return new Responses(
        rows,
        Arrays.stream(rows).map(row -> allLengths[row]).toArray(),
        groups,
        allLengths,
        grouping.ungrouped(),
        dropped.appendAll(dropIncomplete ? List.empty() : grouping.notes()),
        problems.appendAll(grouping.problems()));
  }

  /** The column whose lists say how many tokens a response has. */
  private static CellColumn measure(Path file, FileColumns columns) {
    Seq<String> lists =
        columns
            .levels()
            .filter(column -> column._2 == Level.Name.TOKEN)
            .map(column -> column._1)
            .toList();
    return List.of(ColumnNames.TOKENS, ColumnNames.MASK)
        .appendAll(lists)
        .flatMap(columns::get)
        .headOption()
        .getOrElseThrow(
            () ->
                Problem.of(
                        "file",
                        file
                            + ", which has neither tokens nor another list with a number per token",
                        "rollouts: at least log_prob, a list of numbers in each row",
                        "a file with rollouts, or --columns log_prob=NAME")
                    .exception());
  }

  private static Seq<Problem> lists(CellColumn measure, int all) {
    Faults faults =
        new Faults(
            measure,
            "a list with an entry for each token, in every row",
            "[] for a response without tokens");
    for (int row = 0; row < all; row++) {
      if (measure.kind(row) != Kind.LIST) {
        faults.at(row, measure.kind(row) == Kind.NOTHING ? "no list" : Scalars.told(measure, row));
      }
    }
    return faults.problems();
  }

  /** {@return how many tokens all rows of the file have} */
  int allTokens() {
    return Arrays.stream(allLengths).sum();
  }

  /** {@return how many tokens of the file lie before each of its rows, and after the last} */
  int[] rowStarts() {
    int[] starts = new int[allLengths.length + 1];
    for (int row = 0; row < allLengths.length; row++) {
      starts[row + 1] = starts[row] + allLengths[row];
    }
    return starts;
  }

  /** {@return some of the responses alone, whole prompts of them} */
  Responses only(int[] chosen) {
    Map<Integer, Integer> index = new HashMap<>();
    return new Responses(
        Arrays.stream(chosen).map(i -> rows[i]).toArray(),
        Arrays.stream(chosen).map(i -> lengths[i]).toArray(),
        Arrays.stream(chosen)
            .map(i -> index.computeIfAbsent(groups[i], group -> index.size()))
            .toArray(),
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
    int[] sizes = new int[groupCount()];
    Arrays.stream(groups).forEach(group -> sizes[group]++);
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
  private record Grouping(
      int[] groups, Option<String> ungrouped, Seq<String> notes, Seq<Problem> problems) {
    static Grouping of(Option<CellColumn> ids, int rows) {
      return ids.map(column -> of(column, rows))
          .getOrElse(
              () ->
                  new Grouping(
                      IntStream.range(0, rows).toArray(),
                      Option.some("the file has no prompt_id"),
                      List.of(
                          "No prompt_id: losses that compare the responses of a prompt are not"
                              + " scored."),
                      List.empty()));
    }

    private static Grouping of(CellColumn ids, int rows) {
      Faults faults = new Faults(ids, "the prompt's id in every row", "the id of its prompt");
      Map<String, Integer> index = new LinkedHashMap<>();
      int[] groups = new int[rows];
      for (int row = 0; row < rows; row++) {
        String id = ids.text(row);
        switch (ids.kind(row)) {
          case NOTHING -> faults.at(row, "no prompt id");
          case LIST, OBJECT -> faults.at(row, Scalars.told(ids, row));
          default -> {
            if (id.indexOf('\uFFFD') >= 0) {
              faults.at(row, "an id with bytes that are no text");
            }
          }
        }
        groups[row] = index.computeIfAbsent(id, key -> index.size());
      }
      Seq<Problem> problems = faults.problems();
      int[] sizes = new int[index.size()];
      Arrays.stream(groups).forEach(group -> sizes[group]++);
      long alone = Arrays.stream(sizes).filter(size -> size == 1).count();
      if (alone == rows && rows > 1 && problems.isEmpty()) {
        String told =
            ids.name() + " differs in all " + rows + " rows, so it names responses, not prompts";
        return new Grouping(
            groups,
            Option.some(told),
            List.of(
                told
                    + ": losses that compare the responses of a prompt are not scored; --columns"
                    + " prompt_id=NAME names another column."),
            problems);
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
      return new Grouping(groups, Option.none(), notes, problems);
    }

    /** The rows of the prompts that have as many responses as the largest. */
    int[] complete() {
      int[] sizes = new int[Arrays.stream(groups).max().orElse(0) + 1];
      Arrays.stream(groups).forEach(group -> sizes[group]++);
      int most = Arrays.stream(sizes).max().orElse(0);
      return IntStream.range(0, groups.length).filter(row -> sizes[groups[row]] == most).toArray();
    }
  }
}
