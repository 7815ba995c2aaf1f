package lossmith.check;

import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lossmith.dsl.Columns;

/**
 * Rewards with which arithmetic goes wrong: their squares overflow, they differ by rounding alone,
 * or so widely that small differences vanish.
 */
final class RewardRange implements RolloutCheck {
  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return recorded.perResponse(Columns.REWARD).toList().flatMap(rewards -> of(recorded, rewards));
  }

  private static Seq<RolloutFinding> of(Recorded recorded, double[] rewards) {
    int[] everyone = IntStream.range(0, rewards.length).toArray();
    int[][] groups =
        Stream.of(recorded.grouped() ? recorded.groups() : new int[][] {everyone})
            .map(recorded::scored)
            .filter(group -> group.length > 1)
            .toArray(int[][]::new);
    GroupRewards[] all =
        Arrays.stream(groups)
            .map(group -> GroupRewards.of(group, rewards))
            .toArray(GroupRewards[]::new);
    double largest = Arrays.stream(rewards).map(Math::abs).max().orElse(0);
    int[] infinite = firsts(groups, all, GroupRewards::overflowDouble);
    int[] single = firsts(groups, all, GroupRewards::overflowSingle);
    int[] rounding = firsts(groups, all, GroupRewards::differByRounding);
    int[] lost = firsts(groups, all, GroupRewards::losesDifferences);
    return recorded
        .ofResponses(
            infinite,
            RolloutFinding.error(
                    "reward-overflow",
                    in(infinite, "rewards are so far apart that their squares overflow float64")
                        + ": the std is infinite and the advantage 0",
                    "scale or clip the reward")
                .with("largest", largest))
        .appendAll(
            recorded.ofResponses(
                single,
                RolloutFinding.warning(
                        "reward-overflow-float32",
                        in(single, "rewards are so far apart that their squares overflow float32")
                            + ": in a trainer the std is infinite and the advantage 0",
                        "scale or clip the reward")
                    .with("largest", largest)))
        .appendAll(
            recorded.ofResponses(
                rounding,
                RolloutFinding.warning(
                    "reward-rounding",
                    in(rounding, "rewards differ by less than float32 resolves")
                        + ": divided by their std, rounding becomes an advantage of size 1",
                    "round the reward, or filter such prompts")))
        .appendAll(
            recorded.ofResponses(
                lost,
                RolloutFinding.warning(
                    "reward-spread",
                    in(lost, "rewards are so far apart that other differences vanish in float32"),
                    "scale or clip the reward")));
  }

  private static String in(int[] groups, String what) {
    return "in " + Counted.of(groups.length, "group") + " " + what;
  }

  private static int[] firsts(
      int[][] groups, GroupRewards[] rewards, Predicate<GroupRewards> which) {
    return IntStream.range(0, groups.length)
        .filter(g -> which.test(rewards[g]))
        .map(g -> groups[g][0])
        .toArray();
  }
}
