package lossmith.proofs.independent.parts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/** Held factors of each token's term. */
final class WeightLoops {
  private WeightLoops() {}

  /** A number of each token. */
  interface Weight {
    double[] of(Scene s);
  }

  static Map<String, Weight> all() {
    return LinkedHashMap.<String, Weight>of("rollout-tis", s -> tokens(s, w -> Math.min(w, 2)))
        .put("rollout-tis-normalised", s -> normalised(tokens(s, w -> Math.min(w, 2))))
        .put("rollout-sequence-tis", s -> responses(s, w -> Math.min(w, 2)))
        .put("rollout-icepop", s -> tokens(s, w -> w < 0.5 || w > 5 ? 0 : w))
        .put("rollout-sequence-icepop", s -> responses(s, w -> w < 0.5 || w > 5 ? 0 : w))
        .put("rollout-is", s -> s.tokens(t -> Math.exp(Scene.clip(s.drift(t), -5, 5))))
        .put(
            "rollout-sequence-is",
            s -> s.tokens(t -> Math.exp(Scene.clip(Scene.sum(s.siblings(t), s::drift), -5, 5))))
        .put(
            "rollout-geometric-tis",
            s -> s.tokens(t -> clamped(Scene.mean(s.siblings(t), s::drift), 2)))
        .put("rollout-segment-tis", s -> s.tokens(t -> clamped(ofSegment(s, t, s::drift), 1.2)))
        .put("length-weighted", WeightLoops::lengths)
        .put("difficulty-weighted", WeightLoops::difficulties)
        .put("policy-filter-power", s -> drawn(s, i -> s.reward(i) * s.reward(i)))
        .put("policy-filter-extremes", s -> drawn(s, i -> isBest(s, i) || isWorst(s, i) ? 1 : 0))
        .put("policy-filter-best", s -> drawn(s, i -> isBest(s, i) ? 0.4 : 0.1));
  }

  /** Of each token's own ratio, its logarithm within ±20. */
  private static double[] tokens(Scene s, DoubleUnaryOperator bound) {
    return s.tokens(t -> bound.applyAsDouble(Math.exp(Scene.clip(s.drift(t), -20, 20))));
  }

  /** Of the product of a response's ratios. */
  private static double[] responses(Scene s, DoubleUnaryOperator bound) {
    return s.tokens(
        t ->
            bound.applyAsDouble(Math.exp(Scene.clip(Scene.sum(s.siblings(t), s::drift), -20, 20))));
  }

  private static double clamped(double log, double most) {
    return Math.min(Math.exp(Scene.clip(log, -5, 5)), most);
  }

  /** Over Σ w / (n + 1e-8). */
  private static double[] normalised(double[] w) {
    double mean = Arrays.stream(w).sum() / (w.length + 1e-8);
    return Arrays.stream(w).map(x -> x / mean).toArray();
  }

  private static double[] overMean(double[] w) {
    double mean = Scene.mean(w);
    return Arrays.stream(w).map(x -> x / mean).toArray();
  }

  /** The mean over the tokens of the response with the same segment. */
  static double ofSegment(Scene s, int t, IntToDoubleFunction x) {
    int[] same =
        Arrays.stream(s.siblings(t))
            .filter(u -> s.live().of("segment", u) == s.live().of("segment", t))
            .toArray();
    return Scene.mean(same, x);
  }

  private static double[] lengths(Scene s) {
    int least = Arrays.stream(s.live().layout().lengths()).min().orElse(0);
    int most = Arrays.stream(s.live().layout().lengths()).max().orElse(0);
    return ofResponses(
        s, i -> most == least ? 1.5 : 1.5 - (s.length(i) - least) / (double) (most - least));
  }

  private static double[] difficulties(Scene s) {
    return ofResponses(
        s, i -> 0.5 + 1.5 * Scene.clip(s.live().of("difficulty", s.live().prompt(i)), 0, 1));
  }

  private static double[] ofResponses(Scene s, IntToDoubleFunction x) {
    return s.spread(overMean(s.responses(x)));
  }

  /** How often a response is drawn, 1e-8 more, over the mean over all tokens. */
  private static double[] drawn(Scene s, IntToDoubleFunction x) {
    return overMean(s.spread(s.responses(i -> x.applyAsDouble(i) + 1e-8)));
  }

  private static boolean isBest(Scene s, int i) {
    return Arrays.stream(s.group(i)).allMatch(j -> s.reward(j) <= s.reward(i));
  }

  private static boolean isWorst(Scene s, int i) {
    return Arrays.stream(s.group(i)).allMatch(j -> s.reward(j) >= s.reward(i));
  }
}
