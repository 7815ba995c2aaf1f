package lossmith.rollouts;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Reads rollouts: one row per response, {@code prompt_id} names the group, per-token columns are
 * lists as long as {@code tokens}. Everything that is wrong with a file is reported at once, by
 * column and row; rows count from 1.
 */
public final class RolloutFile {
  private final Path file;
  private final DuckTable table;
  private Seq<Problem> problems = Vector.empty();

  private RolloutFile(Path file, DuckTable table) {
    this.file = file;
    this.table = table;
  }

  /**
   * {@return the samples in a file}
   *
   * @param file JSONL, JSON, CSV (lists as JSON text) or Parquet
   * @param logits a NumPy file of shape (tokens, vocabulary), its rows in the order of the file's
   *     tokens
   */
  public static Samples read(Path file, Option<Path> logits) {
    try (DuckTable table = DuckTable.open(file)) {
      Samples samples = new RolloutFile(file, table).samples();
      return logits.map(path -> withLogits(samples, path)).getOrElse(samples);
    }
  }

  private static Samples withLogits(Samples samples, Path path) {
    Grid grid = Npy.read(path);
    if (grid.rows() != samples.tokens()) {
      throw Problem.of(
              "logits",
              path + " of shape (" + grid.rows() + ", " + grid.width() + ")",
              samples.tokens() + " rows, one per token of the rollouts",
              "the logits of these rollouts, response after response")
          .exception();
    }
    int[] lengths = new int[samples.size(Level.Name.SEQUENCE)];
    for (int sequence : samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE)) {
      lengths[sequence]++;
    }
    SamplesBuilder builder =
        new SamplesBuilder(lengths, samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP))
            .ids(samples.sequenceIds())
            .grid("logits", grid);
    samples.sampled().forEach(builder::sampled);
    for (String column : samples.columns()) {
      Level.Name level = samples.level(column).get();
      builder.column(column, level, samples.column(column).get());
    }
    return builder.build();
  }

  private Samples samples() {
    Seq<RolloutColumn> present = columns();
    Problem.throwAll(problems);
    List<@Nullable Object[]> tokens = table.lists(RolloutColumn.TOKENS);
    if (tokens.isEmpty()) {
      throw Problem.of(
              "file", file + " with 0 rows", "at least one response", "a file with rollouts")
          .exception();
    }
    int[] lengths = lengths(tokens);
    int[] groups = groups();
    SamplesBuilder builder = new SamplesBuilder(lengths, groups);
    for (RolloutColumn column : present) {
      switch (column.shape()) {
        case NUMBER -> builder.column(column.name(), Level.Name.SEQUENCE, numbers(column.name()));
        case LIST -> list(builder, column.name(), lengths);
        default -> {}
      }
    }
    Problem.throwAll(problems);
    return builder.build();
  }

  private Seq<RolloutColumn> columns() {
    Seq<String> unknown =
        table.types().keySet().toList().filter(name -> RolloutColumn.named(name).isEmpty());
    Seq<String> missing =
        RolloutColumn.ALL
            .filter(column -> column.required() && !table.types().containsKey(column.name()))
            .map(RolloutColumn::name);
    if (missing.size() == RolloutColumn.ALL.count(RolloutColumn::required)) {
      throw Problem.of(
              "file",
              file + ", which has none of the columns " + missing.mkString(", "),
              "rollouts",
              "a file with rollouts")
          .exception();
    }
    if (missing.nonEmpty()) {
      String also = unknown.isEmpty() ? "" : ", but unknown column " + unknown.mkString(", ");
      report(
          "no column " + missing.mkString(", ") + also,
          "at least prompt_id, tokens, reward and log_prob",
          "what is missing under its name");
    } else if (unknown.nonEmpty()) {
      report(
          "unknown column " + unknown.mkString(", "),
          "only " + RolloutColumn.ALL.map(RolloutColumn::name).mkString(", "),
          "a known name, or leave it out");
    }
    return RolloutColumn.ALL.filter(column -> table.types().containsKey(column.name()));
  }

  private int[] lengths(List<@Nullable Object[]> tokens) {
    Faults faults = new Faults(RolloutColumn.TOKENS);
    int[] lengths = new int[tokens.size()];
    for (int row = 0; row < lengths.length; row++) {
      Object[] list = tokens.get(row);
      lengths[row] = list == null ? 0 : list.length;
      if (list == null) {
        faults.at(row, "no list of token ids");
      } else if (list.length == 0) {
        faults.at(row, "0 tokens");
      }
    }
    faults.report("a list of at least one token id in every row", "responses with tokens only");
    return lengths;
  }

  private int[] groups() {
    List<@Nullable String> keys = table.texts(RolloutColumn.PROMPT_ID);
    Faults missing = new Faults(RolloutColumn.PROMPT_ID);
    Map<String, Integer> index = new LinkedHashMap<>();
    Map<String, Integer> firstRow = new LinkedHashMap<>();
    List<String> alone = new ArrayList<>();
    int[] groups = new int[keys.size()];
    for (int row = 0; row < groups.length; row++) {
      String key = keys.get(row);
      if (key == null) {
        missing.at(row, "no prompt id");
        continue;
      }
      groups[row] = index.computeIfAbsent(key, k -> index.size());
      if (firstRow.putIfAbsent(key, row) == null) {
        alone.add(key);
      } else {
        alone.remove(key);
      }
    }
    missing.report("the prompt's id in every row", "the id of its prompt");
    if (missing.isEmpty()) {
      Faults single = new Faults(RolloutColumn.PROMPT_ID);
      for (String key : alone) {
        single.at(firstRow.getOrDefault(key, 0), key + " with one response");
      }
      single.report(
          "at least two responses per prompt, to compare them",
          "more responses, or leave the prompt out");
    }
    return groups;
  }

  private double[] numbers(String column) {
    List<@Nullable Double> cells = table.numbers(column);
    Faults faults = new Faults(column);
    double[] numbers = new double[cells.size()];
    for (int row = 0; row < numbers.length; row++) {
      Double cell = cells.get(row);
      if (cell == null || !Double.isFinite(cell)) {
        faults.at(row, cell == null ? "no number" : cell.toString());
      } else {
        numbers[row] = cell;
      }
    }
    faults.report("a finite number in every row", "the number, or leave the row out");
    return numbers;
  }

  private void list(SamplesBuilder builder, String column, int[] lengths) {
    List<@Nullable Object[]> cells = table.lists(column);
    Faults faults = new Faults(column);
    List<double[]> rows = new ArrayList<>();
    for (int row = 0; row < lengths.length; row++) {
      rows.add(row(faults, row, cells.get(row), lengths[row]));
    }
    boolean ids = column.equals(RolloutColumn.TOKENS);
    double[] flat = rows.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
    faults.report(
        ids ? "whole numbers >= 0" : "a list of finite numbers as long as tokens, in every row",
        ids ? "token ids" : "one number per token");
    if (!faults.isEmpty()) {
      return;
    }
    if (ids) {
      builder.sampled(java.util.Arrays.stream(flat).mapToInt(id -> (int) id).toArray());
    } else {
      builder.column(column, Level.Name.TOKEN, flat);
    }
  }

  private static double[] row(Faults faults, int row, Object @Nullable [] list, int length) {
    double[] numbers = new double[length];
    if (list == null) {
      if (length > 0) {
        faults.at(row, "no list of numbers");
      }
      return numbers;
    }
    if (list.length != length) {
      faults.at(row, list.length + " entries for " + length + " tokens");
      return numbers;
    }
    boolean ids = faults.column().equals(RolloutColumn.TOKENS);
    for (int t = 0; t < length; t++) {
      Object cell = list[t];
      double number = cell instanceof Number n ? n.doubleValue() : Double.NaN;
      boolean good = Double.isFinite(number) && (!ids || (number >= 0 && number == (int) number));
      if (!good) {
        faults.at(row, "entry " + (t + 1) + " = " + cell);
        return numbers;
      }
      numbers[t] = number;
    }
    return numbers;
  }

  private void report(String wrote, String expected, String remedy) {
    problems = problems.append(Problem.of("column", wrote, expected, remedy));
  }

  /** Collects the faulty rows of one column; reports the first and how many more there are. */
  private final class Faults {
    private final String column;
    private String first = "";
    private int count;

    Faults(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }

    boolean isEmpty() {
      return count == 0;
    }

    void at(int row, String what) {
      if (count++ == 0) {
        first = "column " + column + ", row " + (row + 1) + ": " + what;
      }
    }

    void report(String expected, String remedy) {
      if (count > 0) {
        RolloutFile.this.report(
            first + (count > 1 ? " (and " + (count - 1) + " more rows)" : ""), expected, remedy);
      }
    }
  }
}
