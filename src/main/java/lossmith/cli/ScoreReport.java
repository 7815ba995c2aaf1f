package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.console.TextTable;
import lossmith.report.PageTable;
import lossmith.score.Score;
import lossmith.score.Scorer;

/** Scores as a table for readers and as JSON for scripts. */
final class ScoreReport {
  private static final Seq<String> HEAD =
      List.of(
          "recipe",
          "loss",
          "below",
          "above",
          "clip frac low",
          "clip frac high",
          "KL",
          "|grad|",
          "zero grad",
          "entropy",
          "dH natural",
          "dH logits");

  private ScoreReport() {}

  static String table(Seq<Score> scores) {
    boolean saturated = scores.exists(score -> score.saturated() > 0);
    Seq<String> head = saturated ? HEAD.append("saturated") : HEAD;
    String table =
        TextTable.of(
            scores
                .map(s -> saturated ? row(s).append(String.valueOf(s.saturated())) : row(s))
                .prepend(head));
    Seq<String> notes = lines(scores.map(Score::notes));
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
                        + overflowed(s).mkString(", ")
                        + ".\n")
            .mkString();
  }

  /** {@return the table for a page} */
  static PageTable page(Seq<Score> scores) {
    return new PageTable(
        "Scores",
        HEAD,
        scores.map(ScoreReport::row),
        "below, above: share of tokens beyond a clip's bound; clip frac: those that their advantage"
            + " pushes further out. KL: mean of log π_old − log π. dH: change of the summed entropy"
            + " by a step of unit size, to first order.");
  }

  /** The columns that hold no finite number. */
  private static Seq<String> overflowed(Score s) {
    return HEAD.tail()
        .zip(
            List.of(
                Option.some(s.loss()),
                s.below(),
                s.above(),
                s.clipFractionLow(),
                s.clipFractionHigh(),
                Option.some(s.kl()),
                s.gradientNorm(),
                s.zeroGradient(),
                s.entropy(),
                s.forecastNatural(),
                s.forecastLogits()))
        .filter(one -> one._2.exists(x -> !Double.isFinite(x)))
        .map(one -> one._1);
  }

  /** {@return where the statistics of the policy come from, where that is not the file} */
  static String policy(Scorer scorer) {
    return scorer.fromLogits()
        ? "Policy: log_prob, entropy and other statistics from the logits at temperature "
            + scorer.temperature()
            + "; old, reference and rollout columns as recorded.\n"
        : "";
  }

  /** {@return the notes on the columns of a token file} */
  static String columns(Path file, Seq<Map<String, String>> notes) {
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
    return List.of(
        s.recipe(),
        TextTable.number(s.loss()),
        TextTable.percent(s.below()),
        TextTable.percent(s.above()),
        TextTable.percent(s.clipFractionLow()),
        TextTable.percent(s.clipFractionHigh()),
        TextTable.number(s.kl()),
        TextTable.number(s.gradientNorm()),
        TextTable.percent(s.zeroGradient()),
        TextTable.number(s.entropy()),
        TextTable.number(s.forecastNatural()),
        TextTable.number(s.forecastLogits()));
  }

  static ObjectNode json(
      ObjectMapper mapper, Seq<Score> scores, Map<String, Double> parameters, Scorer scorer) {
    ObjectNode root = mapper.createObjectNode();
    ObjectNode policy = root.putObject("policy");
    policy.put("from", scorer.fromLogits() ? "logits" : "columns");
    policy.put("temperature", scorer.temperature());
    ObjectNode given = root.putObject("parameters");
    parameters.forEach((name, value) -> given.put(name, value));
    ArrayNode rows = root.putArray("scores");
    for (Score s : scores) {
      ObjectNode row = rows.addObject();
      row.put("recipe", s.recipe());
      row.put("loss", s.loss());
      put(row, "below", s.below());
      put(row, "above", s.above());
      put(row, "clip_fraction_low", s.clipFractionLow());
      put(row, "clip_fraction_high", s.clipFractionHigh());
      row.put("kl", s.kl());
      put(row, "gradient_norm", s.gradientNorm());
      put(row, "zero_gradient", s.zeroGradient());
      put(row, "entropy", s.entropy());
      put(row, "forecast_natural", s.forecastNatural());
      put(row, "forecast_logits", s.forecastLogits());
      row.put("saturated", s.saturated());
      ObjectNode metrics = row.putObject("metrics");
      s.metrics().forEach((name, value) -> metrics.put(name, value));
      ObjectNode notes = row.putObject("notes");
      s.notes().forEach((column, why) -> notes.put(column, why));
      overflowed(s).forEach(column -> notes.put(column, "beyond what floating point holds"));
    }
    return root;
  }

  private static void put(ObjectNode row, String name, Option<Double> value) {
    if (value.isDefined()) {
      row.put(name, value.get());
    } else {
      row.putNull(name);
    }
  }
}
