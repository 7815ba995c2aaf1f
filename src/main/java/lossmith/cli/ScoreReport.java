package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.score.Score;

/** Scores as a table for readers and as JSON for scripts. */
final class ScoreReport {
  private static final Seq<String> HEAD =
      List.of(
          "recipe",
          "loss",
          "clip low",
          "clip high",
          "KL",
          "|grad|",
          "zero grad",
          "entropy",
          "dH natural",
          "dH logits");

  private ScoreReport() {}

  static String table(Seq<Score> scores) {
    String table = TextTable.of(scores.map(ScoreReport::row).prepend(HEAD));
    Seq<String> notes =
        scores
            .flatMap(score -> score.notes().map(note -> note))
            .groupBy(note -> note._1 + ": " + note._2)
            .map(
                entry ->
                    "  - "
                        + entry._1
                        + (entry._2.size() < scores.size()
                            ? " (" + entry._2.size() + " of " + scores.size() + ")"
                            : ""))
            .toList()
            .sorted();
    return table
        + (notes.isEmpty() ? "" : "Where there is a dash:\n" + notes.mkString("", "\n", "\n"));
  }

  private static Seq<String> row(Score s) {
    return List.of(
        s.recipe(),
        TextTable.number(s.loss()),
        TextTable.percent(s.clippedLow()),
        TextTable.percent(s.clippedHigh()),
        TextTable.number(s.kl()),
        TextTable.number(s.gradientNorm()),
        TextTable.percent(s.zeroGradient()),
        TextTable.number(s.entropy()),
        TextTable.number(s.forecastNatural()),
        TextTable.number(s.forecastLogits()));
  }

  static ObjectNode json(ObjectMapper mapper, Seq<Score> scores, Map<String, Double> settings) {
    ObjectNode root = mapper.createObjectNode();
    ObjectNode given = root.putObject("settings");
    settings.forEach((name, value) -> given.put(name, value));
    ArrayNode rows = root.putArray("scores");
    for (Score s : scores) {
      ObjectNode row = rows.addObject();
      row.put("recipe", s.recipe());
      row.put("loss", s.loss());
      put(row, "clip_low", s.clippedLow());
      put(row, "clip_high", s.clippedHigh());
      row.put("kl", s.kl());
      put(row, "gradient_norm", s.gradientNorm());
      put(row, "zero_gradient", s.zeroGradient());
      put(row, "entropy", s.entropy());
      put(row, "forecast_natural", s.forecastNatural());
      put(row, "forecast_logits", s.forecastLogits());
      ObjectNode metrics = row.putObject("metrics");
      s.metrics().forEach((name, value) -> metrics.put(name, value));
      ObjectNode notes = row.putObject("notes");
      s.notes().forEach((column, why) -> notes.put(column, why));
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
