package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Either;
import io.vavr.control.Option;
import lossmith.ops.Evaluation;

/** The numbers of the nodes of a score as its row, and as the columns of its tokens. */
final class ScoreRows {
  private static final String CLIP_FRACTION = "clip_fraction_";

  private ScoreRows() {}

  static Score row(String name, ScoreNodes nodes, Map<String, Double> found, boolean fromLogits) {
    Map<String, Double> metrics =
        found
            .filterKeys(key -> key.startsWith(ScoreNodes.METRIC))
            .mapKeys(key -> key.substring(ScoreNodes.METRIC.length()));
    return new Score(
        name,
        found.get("loss").get(),
        found.get("mean below"),
        found.get("mean above"),
        clipFraction(metrics, "low"),
        clipFraction(metrics, "high"),
        found.get("kl").get(),
        found.get("gradient norm"),
        found.get("zero gradient"),
        found.get("mean entropy"),
        found.get("sum entropy change natural"),
        found.get("sum entropy change logits"),
        Math.round(metrics.get(Evaluation.SATURATED).get()),
        metrics,
        ScoreNotes.of(nodes, fromLogits, clipFraction(metrics, "low").isDefined()));
  }

  /** The numbers of an objective on the tokens of a piece, by the names of its nodes. */
  static TokenScores tokens(Map<String, double[]> found, Map<String, String> notes) {
    return new TokenScores(
        found.get("ratio"),
        found.get("advantage"),
        found.get("weight"),
        found.get("below"),
        found.get("above"),
        found.get("entropy"),
        found.get("entropy change natural"),
        found.get("entropy change logits"),
        notes);
  }

  /** Why a ratio or an advantage is missing, or which of several terms it is. */
  static Map<String, String> notes(ScoreNodes nodes) {
    return note("ratio", nodes.ratio()).merge(note("advantage", nodes.advantage()));
  }

  private static Map<String, String> note(String column, Either<String, NamedTerm> term) {
    String note =
        term.fold(
            why -> why,
            found ->
                found.inner() == 0
                    ? ""
                    : "the outermost of " + (found.inner() + 1) + " terms of that name");
    return note.isEmpty() ? LinkedHashMap.empty() : LinkedHashMap.of(column, note);
  }

  /** A metric of an objective that logs one of that name; a sum of two logs several. */
  private static Option<Double> clipFraction(Map<String, Double> metrics, String side) {
    Map<String, Double> logged = metrics.filterKeys(name -> name.startsWith(CLIP_FRACTION + side));
    return Option.when(logged.size() == 1, () -> logged.head()._2);
  }
}
