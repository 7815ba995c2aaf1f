package lossmith.proofs.independent.parts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;

/** What a response earned, by the name of the part. */
final class RewardLoops {
  private RewardLoops() {}

  /** A number of each response. */
  interface Earned {
    double[] of(Scene s);
  }

  static Map<String, Earned> all() {
    return LinkedHashMap.<String, Earned>of("reward", s -> s.responses(s::reward))
        .put("reward-less-k1", RewardLoops::lessK1)
        .put("overlong", RewardLoops::overlong)
        .put(
            "flawed-positive",
            s -> {
              double penalty = s.set("flawed-positive", "flawed_penalty", 1);
              return s.responses(i -> s.reward(i) - penalty * s.live().of("flawed", i));
            })
        .put(
            "exploration-bonus",
            s -> {
              double beta = s.set("exploration-bonus", "beta_bonus", 1);
              return s.responses(i -> s.reward(i) + beta * s.live().of("bonus", i));
            })
        .put("relative-length", RewardLoops::relativeLength);
  }

  /** R − β Σ_t (log π_old − log π_ref). */
  private static double[] lessK1(Scene s) {
    double beta = s.set("reward-less-k1", "beta_reward", 0.05);
    return s.responses(
        i -> s.reward(i) - beta * Scene.sum(s.live().tokensOf(i), t -> s.old(t) - s.reference(t)));
  }

  /** R − the share of the last tokens allowed that were used. */
  private static double[] overlong(Scene s) {
    double most = s.set("overlong", "max_length", 20480);
    double cache = s.set("overlong", "length_cache", 4096);
    return s.responses(
        i -> {
          double used = (s.length(i) - (most - cache)) / cache;
          return s.reward(i) - (used < 0 ? 0 : used > 1 ? 1 : used);
        });
  }

  /** R − w · mean R · |y| / the longest |y| of the group. */
  private static double[] relativeLength(Scene s) {
    double weight = s.set("relative-length", "length_weight", 0.25);
    return s.responses(
        i -> {
          int[] group = s.group(i);
          double longest = 1;
          for (int j : group) {
            longest = Math.max(longest, s.length(j));
          }
          return s.reward(i) - weight * Scene.mean(group, s::reward) * s.length(i) / longest;
        });
  }
}
