package lossmith.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.rollouts.RowTexts;
import lossmith.score.ShownResponses;
import lossmith.score.TokenScores;

/**
 * Responses as text, token by token, with the numbers of several objectives on each.
 *
 * @param objectives by name, in the order in which they are offered
 * @param minus the objective whose numbers are taken from those of the first, if one is
 * @param responses what is shown
 * @param texts what the tokens are as text
 * @param note what the responses are, and what was left out
 */
public record Microscope(
    Map<String, Loss> objectives,
    Option<String> minus,
    Seq<ShownResponses.Shown> responses,
    RowTexts texts,
    String note) {
  /** How many objectives are shown at most. */
  public static final int MOST_OBJECTIVES = 12;

  private static final String NO_TEXTS =
      " Tokens without a text are shown by id (#) or by place in the response; a column token_text"
          + " gives their texts, or the column tokens with --vocabulary.";

  private static final int MOST_NUMBERS = 40_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** {@return how many tokens are shown at most, so that a page stays small} */
  public static int mostTokens(int objectives) {
    return MOST_NUMBERS / Math.max(1, objectives);
  }

  /**
   * {@return what is shown and what is not, in a sentence or two}
   *
   * @param seen how many responses there are
   * @param left how many objectives were scored and are not here
   */
  public static String note(Seq<ShownResponses.Shown> responses, long seen, int left) {
    int cut = responses.count(one -> one.left() > 0);
    return (responses.size() < seen
            ? responses.size()
                + " of "
                + seen
                + " responses, those on which an objective pulls hardest (largest Σ|dL/dlog π|)"
            : "All " + seen + " responses")
        + (cut > 0 ? "; of " + cut + " long ones the part about the hardest token" : "")
        + "."
        + (left > 0
            ? " " + left + " more objectives were scored; --recipe names those to show here."
            : "");
  }

  ObjectNode json() {
    boolean told = responses.forAll(this::hasTexts);
    ObjectNode root = MAPPER.createObjectNode().put("note", told ? note : note + NO_TEXTS);
    Seq<String> names = objectives.keySet().toList();
    root.put("minus", minus.map(names::indexOf).getOrNull());
    ArrayNode all = root.putArray("objectives");
    objectives.forEach(
        (name, loss) -> all.addObject().put("name", name).put("formula", MathMl.of(loss)));
    ArrayNode shown = root.putArray("responses");
    responses.forEach(response -> shown.add(json(response, names)));
    return root;
  }

  private ObjectNode json(ShownResponses.Shown response, Seq<String> names) {
    ObjectNode node = MAPPER.createObjectNode();
    int row = (int) response.row();
    node.put("row", response.row())
        .put("entries", response.entries())
        .put("left", response.left())
        .put("prompt", texts.prompt(row).getOrNull());
    if (!hasTexts(response)) {
      texts.response(row).forEach(text -> node.put("text", text));
    }
    node.set("reward", PageNumbers.of(response.reward()));
    ArrayNode tokens = node.putArray("t");
    for (int t = 0; t < response.slots().size(); t++) {
      int at = t;
      tokens.add(
          texts
              .token(row, response.slots().get(t))
              .orElse(() -> response.sampled().map(ids -> "#" + ids.get(at) + " "))
              .getOrElse(() -> response.slots().get(at) + 1 + " "));
    }
    ArrayNode slots = node.putArray("slots");
    response.slots().forEach(slots::add);
    for (double[] entropy : response.scores().values().flatMap(TokenScores::entropy).headOption()) {
      node.set("h", PageNumbers.of(entropy));
    }
    ArrayNode by = node.putArray("by");
    names.forEach(name -> response.scores().get(name).peek(scores -> by.add(json(scores))));
    return node;
  }

  private boolean hasTexts(ShownResponses.Shown response) {
    return response.slots().forAll(slot -> texts.token((int) response.row(), slot).isDefined());
  }

  private static ObjectNode json(TokenScores scores) {
    ObjectNode node = MAPPER.createObjectNode();
    put(node, "w", scores.weight());
    put(node, "a", scores.advantage());
    put(node, "r", scores.ratio());
    put(node, "n", scores.natural());
    put(node, "l", scores.onLogits());
    if (scores.below().isDefined() || scores.above().isDefined()) {
      node.put("b", states(scores));
    }
    return node;
  }

  private static void put(ObjectNode node, String key, Option<double[]> numbers) {
    for (double[] column : numbers) {
      node.set(key, PageNumbers.column(column));
    }
  }

  /** A letter for each token: inside, below, above, or both. */
  private static String states(TokenScores scores) {
    double[] one = scores.below().orElse(scores.above()).get();
    StringBuilder letters = new StringBuilder();
    for (int t = 0; t < one.length; t++) {
      int at = t;
      boolean below = scores.below().exists(x -> x[at] != 0);
      boolean above = scores.above().exists(x -> x[at] != 0);
      letters.append(below && above ? 'x' : below ? 'b' : above ? 'a' : 'i');
    }
    return letters.toString();
  }
}
