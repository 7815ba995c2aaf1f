package lossmith.rollouts;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.Nearest;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.pieces.Watch;
import lossmith.rollouts.table.CellColumn;
import lossmith.rollouts.table.PartRows;
import lossmith.rollouts.table.Table;
import lossmith.rollouts.table.Tables;
import lossmith.storage.MemoryBudget;

/**
 * The columns of a rollout file, looked up by Lossmith's names ({@link ColumnNames}). A column is
 * found under the name that {@code --columns} gives, else under Lossmith's name, else under another
 * system's name for it, if the file has exactly one of those.
 *
 * <p>Long because everything that is asked about names is said here.
 */
final class FileColumns {
  /** The columns that are read whether a loss needs them or not, with their levels. */
  private static final Map<String, Level.Name> USUAL =
      LinkedHashMap.<String, Level.Name>empty()
          .put("reward", Level.Name.SEQUENCE)
          .put("log_prob", Level.Name.TOKEN)
          .put("finished", Level.Name.SEQUENCE)
          .put("sign", Level.Name.SEQUENCE)
          .put("old_log_prob", Level.Name.TOKEN)
          .put("ref_log_prob", Level.Name.TOKEN)
          .put("rollout_log_prob", Level.Name.TOKEN)
          .put("entropy", Level.Name.TOKEN)
          .put("old_entropy", Level.Name.TOKEN)
          .put("value", Level.Name.TOKEN)
          .put("old_value", Level.Name.TOKEN)
          .put("advantage", Level.Name.TOKEN)
          .put("token_reward", Level.Name.TOKEN)
          .put("mean_log_pi", Level.Name.TOKEN)
          .put("sum_pi_squared", Level.Name.TOKEN);

  private static final Pattern LIKE_LOG_PROB =
      Pattern.compile("log_?(p|prob|probs|pi)(?![a-z])", Pattern.CASE_INSENSITIVE);

  private final Seq<Path> files;
  private final Reading reading;
  private final Seq<String> texts;
  private final Map<String, Level.Name> levels;
  private final Table table;
  private Map<String, CellColumn> found;
  private Seq<Problem> problems = List.empty();
  private Seq<String> notes = List.empty();
  private Seq<String> reported = List.empty();

  private FileColumns(
      Seq<Path> files,
      Reading reading,
      Seq<String> texts,
      Function<Predicate<String>, Table> source) {
    this.files = files;
    this.texts = texts;
    this.reading = reading;
    this.levels =
        reading
            .wanted()
            .filter(input -> input.level() != Level.Name.VOCABULARY)
            .toLinkedMap(Node.Input::name, Node.Input::level)
            .merge(USUAL)
            .remove(lossmith.dsl.Columns.POSITION);
    this.table = source.apply(asked());
    LinkedHashMap<String, CellColumn> columns = LinkedHashMap.empty();
    for (String name :
        levels
            .keySet()
            .toList()
            .prependAll(List.of(ColumnNames.PROMPT_ID, ColumnNames.TOKENS, ColumnNames.MASK))) {
      for (CellColumn column : column(name)) {
        columns = columns.put(name, column);
      }
    }
    this.found = columns;
    Option<String> prompts = PromptTokens.hidden(this);
    say(prompts.map(told -> PromptTokens.LENGTH));
    notes = notes.appendAll(prompts);
  }

  /**
   * {@return the columns of files, the rows of one after those of the other}
   *
   * @param texts columns for readers that are read too
   * @throws lossmith.dsl.ProblemException where {@code --columns} names a column that the file
   *     lacks, two columns could be the same one, a name looks misspelled, or a row has a field
   *     twice
   */
  static FileColumns read(
      Seq<Path> files, Reading reading, Seq<String> texts, MemoryBudget budget, Watch watch) {
    return right(
        new FileColumns(files, reading, texts, asked -> Tables.read(files, asked, budget, watch)));
  }

  /**
   * {@return the columns of a part of files}
   *
   * @param part the part
   * @param rows what is known of all parts
   * @throws lossmith.dsl.ProblemException as for whole files
   */
  static FileColumns readPart(Path part, PartRows rows, Reading reading, MemoryBudget budget) {
    return right(
        new FileColumns(
            rows.files().map(Tuple2::_1),
            reading,
            List.empty(),
            asked -> Tables.readPart(part, rows, asked, budget)));
  }

  /**
   * {@return the columns of files of which the names alone are known}
   *
   * @throws lossmith.dsl.ProblemException where names are not right
   */
  static FileColumns named(Seq<Path> files, Seq<String> names, Reading reading) {
    return right(
        new FileColumns(files, reading, List.empty(), asked -> Tables.named(names, asked)));
  }

  private static FileColumns right(FileColumns columns) {
    Problem.throwAll(columns.problems);
    return columns;
  }

  /** {@return which of all rows of the files a row is, from 0} */
  int number(int row) {
    return table.numbers().map(all -> all[row]).getOrElse(row);
  }

  /** {@return how many rows the file has} */
  int rows() {
    return table.rows();
  }

  /** {@return the column with this Lossmith name, if the file has it} */
  Option<CellColumn> get(String name) {
    return found.get(name);
  }

  /** {@return the columns for readers, by their names in the file} */
  Map<String, CellColumn> texts() {
    return LinkedHashMap.ofEntries(
        table
            .columns()
            .filter(column -> texts.contains(column.name()))
            .map(column -> Tuple.of(column.name(), column)));
  }

  /** {@return the columns that a loss can read, with their levels: neither ids nor the mask} */
  Map<String, Level.Name> levels() {
    return levels.filterKeys(found::containsKey);
  }

  /** {@return a column by its name in the file} */
  Option<CellColumn> written(String name) {
    return table.column(name);
  }

  /** Leaves out a column that was found but has no meaning here. */
  void leaveOut(String name, String note) {
    found = found.remove(name);
    notes = notes.append(note);
  }

  /** {@return which names were recognised and which columns left out} */
  Seq<String> notes() {
    return notes.map(Problem::line);
  }

  private Predicate<String> asked() {
    Seq<String> names =
        levels
            .keySet()
            .toList()
            .appendAll(List.of(ColumnNames.PROMPT_ID, ColumnNames.TOKENS, ColumnNames.MASK));
    Seq<String> all =
        names
            .flatMap(name -> ColumnNames.others(name).prepend(name))
            .append(PromptTokens.LENGTH)
            .appendAll(reading.columns().values())
            .appendAll(texts)
            .removeAll(reading.leftOut());
    return name ->
        name.endsWith(".")
            ? reading.columns().values().exists(path -> path.startsWith(name))
            : all.contains(name);
  }

  private Option<CellColumn> column(String name) {
    Option<String> given = reading.columns().get(name);
    if (given.isDefined()) {
      Option<CellColumn> column = table.column(given.get());
      if (column.isEmpty()) {
        report(
            "--columns "
                + name
                + "="
                + given.get()
                + ", which "
                + files.mkString(", ")
                + " does not have",
            "one of its columns: " + names().mkString(", "),
            "the name of a column");
      }
      return column;
    }
    Option<CellColumn> own = table.column(name).filter(column -> free(name));
    if (own.isDefined()) {
      return own;
    }
    Seq<String> others =
        ColumnNames.others(name)
            .filter(other -> table.column(other).isDefined())
            .filter(this::free)
            .reject(other -> levels.containsKey(other));
    Option<String> system = Dialects.of(names());
    others =
        others.reject(theirs -> system.flatMap(one -> Dialects.meaning(one, theirs)).contains("-"));
    for (String theirs : others) {
      for (String meant : system.flatMap(one -> Dialects.meaning(one, theirs))) {
        if (!meant.equals(name)) {
          report(
              "column "
                  + theirs
                  + ", "
                  + meant
                  + " in what "
                  + system.get()
                  + " writes, else "
                  + name,
              "one meaning",
              "--columns " + meant + "=" + theirs + " or --columns " + name + "=" + theirs);
          reported = reported.append(theirs);
          return Option.none();
        }
      }
    }
    if (others.size() > 1) {
      report(
          "the columns " + others.mkString(" and ") + ", either of which could be " + name,
          "one " + name,
          "--columns " + name + "=" + others.head());
      return Option.none();
    }
    return others.headOption().flatMap(table::column);
  }

  /** Without the policy's log-probs, columns that nothing reads could be these by their names. */
  private void unnamedLogProbs(Seq<String> unread) {
    Seq<String> likely = unread.filter(name -> LIKE_LOG_PROB.matcher(name).find());
    if (likely.nonEmpty()
        && !found.containsKey(lossmith.dsl.Columns.LOG_PROB)
        && !reading.grids().containsKey("logits")) {
      report(
          "no column log_prob, and nothing reads " + likely.mkString(", "),
          "the policy's log-probs under that name, or --logits",
          "--columns log_prob="
              + likely.head()
              + " if it is that column"
              + (likely.size() == 1
                  ? ""
                  : ", and name the others old_log_prob, ref_log_prob or rollout_log_prob, such as"
                      + " --columns log_prob="
                      + likely.head()
                      + ",old_log_prob="
                      + likely.get(1)));
    }
  }

  /** Whether --columns has not assigned this column of the file to another name. */
  private boolean free(String column) {
    return !reading.columns().containsValue(column);
  }

  /** {@return the names of all columns in the file, whether they are read or not} */
  Seq<String> names() {
    return table.columns().map(CellColumn::name).appendAll(table.leftOut());
  }

  private void say(Option<String> alsoRead) {
    Map<String, CellColumn> renamed = found.filter((name, column) -> !column.name().equals(name));
    if (renamed.nonEmpty()) {
      notes =
          notes.append(
              "Read as"
                  + system(renamed)
                  + ": "
                  + renamed.map(one -> one._2.name() + " → " + one._1).mkString(", ")
                  + ".");
    }
    Seq<String> unread =
        names()
            .reject(name -> found.values().exists(column -> isIn(column.name(), name)))
            .removeAll(alsoRead)
            .reject(ColumnNames.TEXTS::contains)
            .reject(texts::contains)
            .reject(name -> name.contains("."));
    for (String name :
        unread
            .removeAll(reading.leftOut())
            .reject(reported::contains)
            .reject(ColumnNames.known()::contains)) {
      Seq<String> near =
          ColumnNames.known()
              .appendAll(levels.keySet())
              .reject(known -> found.containsKey(ColumnNames.here(known).getOrElse(known)))
              .filter(known -> !known.equals(name) && Nearest.mistyped(name, known));
      if (near.nonEmpty()) {
        report(
            "column " + name,
            "a known name; it looks like a misspelling of " + near.head(),
            "--columns "
                + ColumnNames.here(near.head()).getOrElse(near.head())
                + "="
                + name
                + " if it is that column, --leave-out "
                + name
                + " if not");
        reported = reported.append(name);
      }
    }
    unnamedLogProbs(unread.removeAll(reading.leftOut()).removeAll(reported));
    if (unread.nonEmpty()) {
      notes =
          notes.append(
              "Columns not read, because nothing uses them: " + unread.mkString(", ") + ".");
    }
    for (CellColumn column : found.values()) {
      for (Path lacking : column.lacking(table.rows())) {
        notes = notes.append(lacking + " has nothing in " + column.name() + ".");
      }
    }
    for (CellColumn column : found.values().filter(CellColumn::objects)) {
      notes =
          notes.append(
              "Column " + column.name() + " has lists of objects; one number of each is read.");
    }
    for (CellColumn column : found.values().filter(CellColumn::nested)) {
      notes =
          notes.append(
              "Column " + column.name() + " has lists in lists; each row's are joined into one.");
    }
    for (CellColumn column : found.values()) {
      for (int row : column.twice()) {
        report(
            "column " + column.name() + ", " + column.place(row) + ": written twice",
            "each field once",
            "the field once");
      }
    }
  }

  /** Whose names these are: one system, or a few that agree; nothing if nobody writes them all. */
  private String system(Map<String, CellColumn> renamed) {
    Seq<String> writing = Dialects.writing(renamed.toMap(one -> Tuple.of(one._2.name(), one._1)));
    Option<String> marked = Dialects.of(names()).filter(writing::contains);
    Seq<String> told = marked.<Seq<String>>map(List::of).getOrElse(writing);
    return told.isEmpty() || told.size() > 3 ? "" : " " + told.mkString(" or ");
  }

  /** Whether a path is the column {@code name} or a field inside it. */
  private static boolean isIn(String path, String name) {
    return path.equals(name) || path.startsWith(name + ".");
  }

  /** {@return what to write where a column has no number for a response} */
  String numberInstead(String name, CellColumn cells) {
    Option<String> field = names().find(path -> path.startsWith(cells.name() + "."));
    if (field.isDefined()) {
      return "--columns " + name + "=" + field.get() + " for a field of it";
    }
    if (IntStream.range(0, rows()).anyMatch(row -> cells.kind(row) == CellColumn.Kind.LIST)) {
      return "one number, or --columns token_reward=" + cells.name() + " for a list by token";
    }
    return name.equals(lossmith.dsl.Columns.REWARD)
        ? "the number, or null where a response could not be scored"
        : "the number, or leave the row out";
  }

  private void report(String wrote, String expected, String remedy) {
    problems = problems.append(Problem.of("column", wrote, expected, remedy));
  }
}
