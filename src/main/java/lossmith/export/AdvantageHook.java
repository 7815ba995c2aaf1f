package lossmith.export;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.schedule.Span;
import lossmith.export.Trainer.Hands;

/**
 * What the place where a trainer computes advantages sees of a batch, and hands on of them.
 *
 * @param columns what an objective has computed before its policy is, over rewards
 */
record AdvantageHook(Trainer trainer, Map<String, Node> columns) {

  /**
   * {@return why the columns cannot be computed there, and what could be instead; none where they
   * can}
   *
   * @param live what is computed of them where the policy is
   * @param needsEqualPrompts whether that is right only where prompts have as many responses
   */
  Option<Tuple2<String, String>> lacks(Loss live, boolean needsEqualPrompts) {
    if (columns.size() > 1) {
      return why(
          "one column of advantages is handed over and it needs "
              + columns.keySet().mkString(" and "),
          "an objective with one advantage, or an export to trl");
    }
    if (trainer.hands() == Hands.SCALED_ADVANTAGES && !new Homogeneous(live).in(columns)) {
      return why(
          "advantages are divided before the loss, which is not proportional to them",
          "an objective that is A times something, or an export to verl");
    }
    if (columns.isEmpty() && needsEqualPrompts) {
      return why(
          "without advantages nothing counts the responses of its prompts, by which it divides",
          "a mean over all tokens or responses, or an export to trl");
    }
    return columns.values().headOption().flatMap(this::lacks);
  }

  private Option<Tuple2<String, String>> lacks(Node advantage) {
    return switch (trainer) {
      case SLIME ->
          advantage.level() == Level.Name.TOKEN
              ? why(
                  "its advantage is a number of each token, and one of each response is handed on",
                  "an objective with an advantage of each response, or an export to verl")
              : Option.none();
      case PRIME_RL ->
          beyondItsPrompt(advantage)
              ? why(
                  "advantages are computed of the responses to one prompt, and its own read others",
                  "an objective whose advantage reads the rewards of its prompt alone, or an export"
                      + " to verl")
              : Option.none();
      case OPEN_INSTRUCT ->
          OwnAdvantage.of(advantage).isEmpty()
              ? why(
                  "advantages are computed as r - mean or (r - mean) / (std + 1e-8) of a prompt,"
                      + " with no place for others",
                  "an objective with one of these, or an export to verl")
              : Option.none();
      default -> Option.none();
    };
  }

  private static Option<Tuple2<String, String>> why(String wrote, String remedy) {
    return Option.some(Tuple.of(wrote, remedy));
  }

  private static boolean beyondItsPrompt(Node advantage) {
    return Graph.below(List.of(advantage), Node::children)
        .exists(node -> Span.of(node).contains(Level.Name.BATCH));
  }
}
