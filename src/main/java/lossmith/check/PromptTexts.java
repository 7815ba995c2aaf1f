package lossmith.check;

import io.vavr.collection.Seq;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Prompt texts against prompt ids: one text in one group, one group of one text. */
final class PromptTexts implements RolloutCheck {
  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return recorded.grouped() ? grouped(recorded) : ungrouped(recorded);
  }

  private static Seq<RolloutFinding> grouped(Recorded recorded) {
    int[][] groups = recorded.groups();
    IntStream.Builder differing = IntStream.builder();
    IntStream.Builder again = IntStream.builder();
    Map<String, Integer> groupOf = new HashMap<>();
    for (int g = 0; g < groups.length; g++) {
      Map<String, Integer> texts = new HashMap<>();
      for (int s : groups[g]) {
        for (String text : recorded.texts().prompt(recorded.row(s))) {
          Integer unused = texts.putIfAbsent(text, s);
        }
      }
      if (texts.size() > 1) {
        differing.accept(texts.values().stream().mapToInt(s -> s).max().orElse(0));
      }
      int first = -1;
      for (Map.Entry<String, Integer> text : texts.entrySet()) {
        Integer before = groupOf.putIfAbsent(text.getKey(), g);
        first = before != null ? text.getValue() : first;
      }
      if (first >= 0) {
        again.accept(first);
      }
    }
    int[] different = differing.build().toArray();
    int[] twice = again.build().toArray();
    return recorded
        .ofResponses(
            different,
            RolloutFinding.warning(
                "prompt-text-differs",
                Counted.of(different.length, "prompt_id")
                    + (different.length == 1 ? " has" : " have")
                    + " responses to prompts of different text: rewards of different prompts are"
                    + " compared",
                "give each prompt an id of its own"))
        .appendAll(
            recorded.ofResponses(
                twice,
                RolloutFinding.warning(
                    "prompt-text-twice",
                    Counted.of(twice.length, "prompt_id")
                        + (twice.length == 1 ? " has" : " have")
                        + " the prompt text of another: responses to one prompt are not compared"
                        + " with each other",
                    "give responses to one prompt one id, if they are of one policy")));
  }

  private static Seq<RolloutFinding> ungrouped(Recorded recorded) {
    Map<String, Integer> seen = new HashMap<>();
    int[] again =
        IntStream.range(0, recorded.responses())
            .filter(
                s ->
                    recorded
                        .texts()
                        .prompt(recorded.row(s))
                        .exists(text -> seen.putIfAbsent(text, s) != null))
            .toArray();
    return recorded.ofResponses(
        again,
        RolloutFinding.warning(
            "prompt-text-twice",
            Counted.responses(again.length)
                + (again.length == 1 ? " has" : " have")
                + " the prompt text of another, but no prompt id groups them",
            "--columns prompt_id=NAME, with the name of the column that holds the prompt's id or"
                + " text"));
  }
}
