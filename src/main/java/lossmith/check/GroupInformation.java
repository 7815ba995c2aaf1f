package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/**
 * Prompts of which a loss that compares responses learns nothing: all rewards agree to rounding; or
 * responses are the same tokens.
 */
final class GroupInformation implements RolloutCheck {
  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    if (!recorded.grouped()) {
      return List.empty();
    }
    int[][] groups =
        Arrays.stream(recorded.groups()).filter(group -> group.length > 1).toArray(int[][]::new);
    return recorded
        .perResponse(Columns.REWARD)
        .toList()
        .flatMap(rewards -> equal(recorded, groups, rewards))
        .appendAll(
            recorded.samples().sampled().toList().flatMap(ids -> same(recorded, groups, ids)));
  }

  private static Seq<RolloutFinding> equal(Recorded recorded, int[][] groups, double[] rewards) {
    int[] firsts =
        Arrays.stream(groups)
            .map(recorded::scored)
            .filter(group -> group.length > 0 && GroupRewards.of(group, rewards).agree())
            .mapToInt(group -> group[0])
            .toArray();
    String sentence =
        firsts.length
            + " of "
            + Counted.of(groups.length, "prompt")
            + (firsts.length == 1 ? " has" : " have")
            + " equal rewards in all responses: no response is better, the advantage is 0";
    return recorded.ofResponses(
        firsts,
        (firsts.length == groups.length
                ? RolloutFinding.warning(
                    "no-information",
                    sentence,
                    "look whether the reward was recorded, and whether prompt_id names prompts")
                : RolloutFinding.note("no-information", sentence))
            .with("share", firsts.length / (double) Math.max(1, groups.length)));
  }

  private static Seq<RolloutFinding> same(Recorded recorded, int[][] groups, int[] ids) {
    IntStream.Builder again = IntStream.builder();
    int different = 0;
    for (int[] group : groups) {
      Set<IntBuffer> seen = new HashSet<>();
      int[] filled = Arrays.stream(group).filter(s -> recorded.length(s) > 0).toArray();
      for (int s : filled) {
        if (!seen.add(IntBuffer.wrap(ids, recorded.start(s), recorded.length(s)))) {
          again.accept(s);
        }
      }
      different += seen.size() > 1 ? 1 : 0;
    }
    int[] repeated = again.build().sorted().toArray();
    String sentence =
        Counted.responses(repeated.length)
            + (repeated.length == 1 ? " repeats" : " repeat")
            + " another of the same prompt token for token";
    return recorded.ofResponses(
        repeated,
        (different == 0
                ? RolloutFinding.warning(
                    "identical-responses",
                    sentence + "; no prompt has two that differ",
                    "sample at a temperature above 0, each response with a seed of its own")
                : RolloutFinding.note("identical-responses", sentence))
            .with("share", repeated.length / (double) recorded.responses()));
  }
}
