package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import lossmith.dsl.bind.BoundLoss;

/** Why a number of a score is missing, by its name in JSON; and what stood in for a column. */
final class ScoreNotes {
  private ScoreNotes() {}

  /**
   * {@return the notes of one objective}
   *
   * @param nodes its numbers
   * @param fromLogits whether the policy is computed from logits
   * @param clipFraction whether it logs one clip fraction of its own
   */
  static Map<String, String> of(ScoreNodes nodes, boolean fromLogits, boolean clipFraction) {
    Set<String> tokens = nodes.perToken().keySet();
    Map<String, String> notes = LinkedHashMap.empty();
    for (var fallback : nodes.fallbacks()) {
      notes = notes.put(fallback._1, "not in the file; in its place " + fallback._2);
    }
    if (!tokens.contains("below")) {
      notes = notes.put("below, above", "nothing that carries gradient is clipped");
    }
    if (!clipFraction) {
      notes =
          notes.put(
              "clip_fraction_low, clip_fraction_high",
              "this objective logs no clip fraction of its own");
    }
    if (!tokens.contains("weight")) {
      notes = notes.put("gradient_norm, zero_gradient", partial(nodes));
    }
    if (!tokens.contains("entropy")) {
      notes = notes.put("entropy", "the file has no column entropy");
    } else if (!tokens.contains("weight")) {
      notes = notes.put("forecast_natural", "needs the gradient with respect to log π alone");
    }
    if (!fromLogits) {
      notes = notes.put("forecast_logits", "needs --logits");
    } else if (!tokens.contains("entropy change logits")) {
      notes = notes.put("forecast_logits", "no gradient reaches the policy");
    }
    return notes;
  }

  private static String partial(ScoreNodes nodes) {
    Set<String> others = nodes.otherStatistics();
    if (others.contains(BoundLoss.LOGITS)) {
      return "this objective reads the whole distribution, not log π of the sampled token alone";
    }
    return others.isEmpty()
        ? "no gradient reaches log π of the sampled token"
        : "gradient also flows through other statistics of the policy: " + others.mkString(", ");
  }
}
