package lossmith.proofs.independent.parts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** How much better than expected each token was, from what its response earned. */
final class AdvantageLoops {
  private AdvantageLoops() {}

  /** A number of each token, from one of each response. */
  interface Expected {
    double[] of(Scene s, double[] r);
  }

  static Map<String, Expected> all() {
    return LinkedHashMap.<String, Expected>of(
            "group-normalised", (s, r) -> s.spread(normalised(s, r)))
        .put("reward-to-go", Scene::spread)
        .put("group-centred", (s, r) -> s.spread(centred(s, r)))
        .put("batch-scaled", AdvantageLoops::batchScaled)
        .put("leave-one-out", (s, r) -> s.spread(s.responses(i -> leftOut(s, r, i))))
        .put("optimal-reward-baseline", AdvantageLoops::optimal)
        .put("pass-rate-normalised", AdvantageLoops::passRate)
        .put("gpg-scaled", AdvantageLoops::gpg)
        .put("pass-at-k", AdvantageLoops::passAtK)
        .put(
            "greedy-baseline",
            (s, r) -> s.spread(s.responses(i -> r[i] - s.live().of("greedy_reward", i))))
        .put("tracked-baseline", AdvantageLoops::tracked)
        .put("whitened", (s, r) -> whitened(s, s.spread(centred(s, r))))
        .put("each-normalised", AdvantageLoops::each)
        .merge(TokenAdvantageLoops.all());
  }

  private static double groupMean(Scene s, double[] r, int i) {
    return Scene.mean(s.group(i), j -> r[j]);
  }

  private static double[] centred(Scene s, double[] r) {
    return s.responses(i -> r[i] - groupMean(s, r, i));
  }

  /** (r − mean) / std of the group; 0 where all are equal. */
  static double[] normalised(Scene s, double[] r) {
    return s.responses(
        i -> {
          double std = Scene.std(s.group(i), j -> r[j]);
          return std == 0 ? 0 : (r[i] - groupMean(s, r, i)) / std;
        });
  }

  private static double[] batchScaled(Scene s, double[] r) {
    double std = Scene.std(s.allResponses(), j -> r[j]);
    return s.spread(s.responses(i -> std == 0 ? 0 : (r[i] - groupMean(s, r, i)) / std));
  }

  /** r less the mean of the others; 0 without others. */
  static double leftOut(Scene s, double[] r, int i) {
    int[] others = Arrays.stream(s.group(i)).filter(j -> j != i).toArray();
    return others.length == 0 ? 0 : r[i] - Scene.mean(others, j -> r[j]);
  }

  /** r less Σ |y| r / Σ |y|. */
  private static double[] optimal(Scene s, double[] r) {
    return s.spread(
        s.responses(
            i -> {
              int[] group = s.group(i);
              double tokens = Scene.sum(group, s::length);
              return tokens == 0 ? 0 : r[i] - Scene.sum(group, j -> s.length(j) * r[j]) / tokens;
            }));
  }

  private static double[] passRate(Scene s, double[] r) {
    return s.spread(
        s.responses(
            i -> {
              double mean = groupMean(s, r, i);
              return mean == 0 ? 0 : (r[i] - mean) / mean;
            }));
  }

  private static boolean informative(Scene s, double[] r, int i) {
    return Arrays.stream(s.group(i)).anyMatch(j -> r[j] != r[i]);
  }

  private static double[] gpg(Scene s, double[] r) {
    long teach = Arrays.stream(s.allResponses()).filter(i -> informative(s, r, i)).count();
    double alpha = teach == 0 ? 1 : s.live().responses() / (double) teach;
    return s.spread(s.responses(i -> alpha * (r[i] - groupMean(s, r, i))));
  }

  /** The lead of the best over the second; a response without others leads nobody. */
  private static double[] passAtK(Scene s, double[] r) {
    double[] lead = new double[r.length];
    for (int g = 0; g < s.live().prompts(); g++) {
      int[] group = s.live().responsesTo(g);
      int best = -1;
      for (int i : group) {
        best = best < 0 || r[i] > r[best] ? i : best;
      }
      double second = Double.NEGATIVE_INFINITY;
      for (int i : group) {
        second = i == best ? second : Math.max(second, r[i]);
      }
      if (group.length > 1) {
        lead[best] = r[best] - second;
      }
    }
    return s.spread(lead);
  }

  private static double[] tracked(Scene s, double[] r) {
    double[] x = s.responses(i -> r[i] - s.live().of("tracked_reward", s.live().prompt(i)));
    double std = Scene.std(s.allResponses(), j -> x[j]);
    double mean = Scene.mean(x);
    return s.spread(s.responses(i -> std == 0 ? 0 : (x[i] - mean) / std));
  }

  /** Of mean 0 and std 1 over all tokens. */
  static double[] whitened(Scene s, double[] x) {
    IntToDoubleFunction at = t -> x[t];
    double std = Scene.std(s.allTokens(), at);
    double mean = Scene.mean(x);
    return s.tokens(t -> std == 0 ? 0 : (x[t] - mean) / std);
  }

  private static double[] each(Scene s, double[] r) {
    double[] one = normalised(s, r);
    double[] other = normalised(s, s.live().of("second_reward"));
    return whitened(s, s.spread(s.responses(i -> one[i] + other[i])));
  }
}
