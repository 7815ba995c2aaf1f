package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.CellColumn.Kind;

/**
 * What each row says of its response.
 *
 * @param lengths how many tokens it has
 * @param groups the index of its prompt, from 0 as prompts come
 * @param measure the column whose lists say how many tokens there are
 * @param ids the column of prompts, if there is one; without it each row is a prompt of its own
 * @param problems what is wrong
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes them
record ResponseRows(
    int[] lengths, int[] groups, String measure, Option<String> ids, Seq<Problem> problems) {
  /** As many names of columns as are told. */
  private static final int SHOWN = 20;

  /**
   * {@return what the rows of files, or of a part of them, say}
   *
   * @param file what to call the files
   * @param columns their columns
   */
  static ResponseRows of(Path file, FileColumns columns) {
    int all = columns.rows();
    CellColumn measure = measure(file, columns);
    int[] lengths =
        IntStream.range(0, all)
            .map(row -> measure.kind(row) == Kind.LIST ? measure.length(row) : 0)
            .toArray();
    Seq<Problem> problems = lists(measure, all);
    Option<CellColumn> ids = columns.get(ColumnNames.PROMPT_ID);
    if (ids.isEmpty()) {
      int[] own = IntStream.range(0, all).toArray();
      return new ResponseRows(lengths, own, measure.name(), Option.none(), problems);
    }
    Faults faults = new Faults(ids.get(), "the prompt's id in every row", "the id of its prompt");
    int[] groups = groups(ids.get(), all, faults);
    return new ResponseRows(
        lengths,
        groups,
        measure.name(),
        ids.map(CellColumn::name),
        problems.appendAll(faults.problems()));
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
                            + ", of whose columns none is known as a list with a number per"
                            + " token: "
                            + columns.names().take(SHOWN).mkString(", ")
                            + (columns.names().size() > SHOWN ? ", …" : ""),
                        "rollouts: at least log_prob, a list of numbers in each row",
                        "--columns log_prob=NAME with the column that has them")
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

  private static int[] groups(CellColumn ids, int rows, Faults faults) {
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
    return groups;
  }
}
