package lossmith.check;

import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
    int[][] groups =
        recorded.grouped()
            ? Arrays.stream(recorded.groups())
                .filter(group -> group.length > 1)
                .toArray(int[][]::new)
            : new int[][] {IntStream.range(0, rewards.length).toArray()};
    double largest = Arrays.stream(rewards).map(Math::abs).max().orElse(0);
    int[] infinite = firsts(groups, rewards, r -> !Double.isFinite(r.squares()));
    int[] single =
        firsts(
            groups,
            rewards,
            r -> Double.isFinite(r.squares()) && Float.isInfinite((float) r.squares()));
    int[] rounding = firsts(groups, rewards, GroupRewards::differByRounding);
    int[] lost = firsts(groups, rewards, GroupRewards::losesDifferences);
    return recorded
        .ofResponses(
            infinite,
            overflow(
                RolloutFinding.error(
                    "reward-overflow",
                    in(infinite, "rewards are so far apart that their squares overflow float64")
                        + ": the std is infinite and the advantage 0",
                    "scale or clip the reward"),
                largest))
        .appendAll(
            recorded.ofResponses(
                single,
                overflow(
                    RolloutFinding.warning(
                        "reward-overflow-float32",
                        in(single, "rewards are so far apart that their squares overflow float32")
                            + ": in a trainer the std is infinite and the advantage 0",
                        "scale or clip the reward"),
                    largest)))
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

  private static RolloutFinding overflow(RolloutFinding finding, double largest) {
    return finding.with("largest", largest);
  }

  private static String in(int[] groups, String what) {
    return "in " + Counted.of(groups.length, "group") + " " + what;
  }

  private static int[] firsts(int[][] groups, double[] rewards, Predicate<GroupRewards> which) {
    return Arrays.stream(groups)
        .filter(group -> which.test(GroupRewards.of(group, rewards)))
        .mapToInt(group -> group[0])
        .toArray();
  }
}
