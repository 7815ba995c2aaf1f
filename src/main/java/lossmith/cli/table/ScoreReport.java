package lossmith.cli.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.console.TextTable;
import lossmith.report.PageTable;
import lossmith.score.Score;
import lossmith.score.ScoreColumn;
import lossmith.score.Scorer;

/** Scores as a table for readers and as JSON for scripts. */
public final class ScoreReport {
  private static final Seq<String> HEAD = ScoreColumn.ALL.map(ScoreColumn::head).prepend("recipe");

  private ScoreReport() {}

  /** {@return the table, with the reason of each dash} */
  public static String table(Seq<Score> scores) {
    boolean saturated = scores.exists(score -> score.saturated() > 0);
    Seq<String> head = saturated ? HEAD.append("saturated") : HEAD;
    String table =
        TextTable.of(
            scores
                .map(s -> saturated ? row(s).append(String.valueOf(s.saturated())) : row(s))
                .prepend(head));
    Seq<String> notes = lines(scores.map(s -> s.notes().mapKeys(ScoreColumn::heads)));
    return table
        + (notes.isEmpty() ? "" : "Where there is a dash:\n" + notes.mkString("", "\n", "\n"))
        + (saturated
            ? "Saturated: tokens with an exponent so large that it is clamped where exp would"
                + " overflow; they have no gradient there, and their value is no longer the"
                + " formula's.\n"
            : "")
        + scores
            .filter(s -> overflowed(s).nonEmpty())
            .map(
                s ->
                    "Beyond what floating point holds: "
                        + s.recipe()
                        + ": "
                        + overflowed(s).map(ScoreColumn::head).mkString(", ")
                        + ".\n")
            .mkString();
  }

  /** {@return the table for a page} */
  public static PageTable page(Seq<Score> scores) {
    return new PageTable(
        "Scores",
        HEAD,
        scores.map(ScoreReport::row),
        "below, above: share of tokens beyond a clip's bound; clip frac: those that their advantage"
            + " pushes further out. KL: mean of log π_old − log π. dH: change of the summed entropy"
            + " by a step of unit size, to first order.");
  }

  private static Seq<ScoreColumn> overflowed(Score s) {
    return ScoreColumn.ALL.filter(column -> column.overflows(s));
  }

  /** {@return where the statistics of the policy come from, where that is not the file} */
  public static String policy(Scorer scorer) {
    return scorer.fromLogits()
        ? "Policy: log_prob, entropy and other statistics from the logits at temperature "
            + scorer.temperature()
            + "; old, reference and rollout columns as recorded.\n"
        : "";
  }

  /** {@return the notes on the columns of a token file} */
  public static String columns(Path file, Seq<Map<String, String>> notes) {
    Seq<String> lines = lines(notes);
    return lines.isEmpty()
        ? ""
        : "Columns of " + file.getFileName() + ":\n" + lines.mkString("", "\n", "\n");
  }

  /** One line for each note, and of how many recipes it is where not of all. */
  private static Seq<String> lines(Seq<Map<String, String>> notes) {
    return notes
        .flatMap(all -> all.map(note -> note._1 + ": " + note._2))
        .groupBy(note -> note)
        .map(
            entry ->
                "  - "
                    + entry._1
                    + (entry._2.size() < notes.size()
                        ? " (" + entry._2.size() + " of " + notes.size() + ")"
                        : ""))
        .toList()
        .sorted();
  }

  private static Seq<String> row(Score s) {
    return ScoreColumn.ALL.map(column -> text(column, s)).prepend(s.recipe());
  }

  private static String text(ScoreColumn column, Score score) {
    Option<Double> number = column.of().apply(score);
    return column.share() ? TextTable.percent(number) : TextTable.number(number);
  }

  /**
   * {@return the scores, with the policy and the parameters that they are of}
   *
   * @param scores a row each, of which {@code scores} has an object
   * @param parameters that were given
   * @param scorer what they were computed with
   */
  public static ObjectNode json(Seq<Score> scores, Map<String, Double> parameters, Scorer scorer) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    ObjectNode policy = root.putObject("policy");
    policy.put("from", scorer.fromLogits() ? "logits" : "columns");
    policy.put("temperature", scorer.temperature());
    ObjectNode given = root.putObject("parameters");
    parameters.forEach((name, value) -> given.put(name, value));
    ArrayNode rows = root.putArray("scores");
    for (Score s : scores) {
      ObjectNode row = rows.addObject();
      row.put("recipe", s.recipe());
      ScoreColumn.ALL.forEach(column -> row.put(column.name(), column.of().apply(s).getOrNull()));
      row.put("saturated", s.saturated());
      ObjectNode metrics = row.putObject("metrics");
      s.metrics().forEach((name, value) -> metrics.put(name, value));
      ObjectNode notes = row.putObject("notes");
      s.notes()
          .forEach(
              (columns, why) -> {
                for (String column : columns.split(", ", -1)) {
                  notes.put(column, why);
                }
              });
      overflowed(s).forEach(column -> notes.put(column.name(), "beyond what floating point holds"));
    }
    return root;
  }
}
