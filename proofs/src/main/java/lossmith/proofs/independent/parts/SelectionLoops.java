package lossmith.proofs.independent.parts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import lossmith.dsl.Columns;
import lossmith.proofs.independent.loops.ArrayStatistics;

/** Which tokens count. */
final class SelectionLoops {
  private static final double LOG2 = Math.log(2);

  private SelectionLoops() {}

  /** 1 for the tokens that count, 0 for the others. */
  interface Kept {
    double[] of(Scene s);
  }

  static Map<String, Kept> all() {
    return LinkedHashMap.<String, Kept>of(
            "informative",
            s ->
                s.yes(
                    t -> {
                      int i = s.live().response(t);
                      return Arrays.stream(s.group(i)).anyMatch(j -> s.reward(j) != s.reward(i));
                    }))
        .put("finished", s -> s.yes(t -> s.live().of(Columns.FINISHED, s.live().response(t)) > 0))
        .put("uncertain", SelectionLoops::uncertain)
        .put("reject-token-k1", s -> within(s, t -> k1(s, t), -LOG2, LOG2))
        .put("reject-token-k2", s -> atMost(s, t -> k2(s, t), 0.25))
        .put("reject-token-k3", s -> atMost(s, t -> k3(s, t), 0.25))
        .put("reject-sequence-k1", s -> within(s, sum(s, t -> k1(s, t)), -LOG2, LOG2))
        .put("reject-sequence-k2", s -> atMost(s, sum(s, t -> k2(s, t)), 0.5))
        .put("reject-sequence-k3", s -> atMost(s, sum(s, t -> k3(s, t)), 0.5))
        .put(
            "reject-sequence-mean-k1",
            s -> within(s, mean(s, t -> k1(s, t)), -Math.log(1.001), -Math.log(0.999)))
        .put("reject-sequence-mean-k2", s -> atMost(s, mean(s, t -> k2(s, t)), 0.02))
        .put("reject-sequence-mean-k3", s -> atMost(s, mean(s, t -> k3(s, t)), 0.02))
        .put("reject-sequence-max-k2", s -> atMost(s, most(s, t -> k2(s, t)), 2.5))
        .put("reject-sequence-max-k3", s -> atMost(s, most(s, t -> k3(s, t)), 2.5))
        .put(
            "reject-segment",
            s ->
                within(s, t -> WeightLoops.ofSegment(s, t, s::drift), Math.log(0.9), Math.log(1.1)))
        .put("reject-difference", s -> within(s, t -> moved(s, t), -0.1, 0.1))
        .put("reject-sequence-difference", s -> within(s, sum(s, t -> moved(s, t)), -0.2, 0.2))
        .put(
            "reject-sequence-mean-difference", s -> within(s, mean(s, t -> moved(s, t)), -0.2, 0.2))
        .put(
            "reject-segment-difference",
            s -> within(s, t -> WeightLoops.ofSegment(s, t, u -> moved(s, u)), -0.2, 0.2))
        .put(
            "veto-token",
            s ->
                s.yes(
                    t -> Arrays.stream(s.siblings(t)).allMatch(u -> s.drift(u) >= Math.log(1e-4))));
  }

  private static double[] uncertain(Scene s) {
    double[] entropy = s.tokens(s.detached()::entropy);
    double bound = ArrayStatistics.quantile(entropy, s.allTokens(), 0.8);
    return s.yes(t -> entropy[t] >= bound);
  }

  private static double d(Scene s, int t) {
    return Scene.clip(s.drift(t), -20, 20);
  }

  private static double k1(Scene s, int t) {
    return -d(s, t);
  }

  private static double k2(Scene s, int t) {
    return d(s, t) * d(s, t) / 2;
  }

  private static double k3(Scene s, int t) {
    return Math.exp(d(s, t)) - 1 - d(s, t);
  }

  /** π_old − π_rollout. */
  private static double moved(Scene s, int t) {
    return Math.exp(s.old(t)) - Math.exp(s.live().of(Columns.ROLLOUT_LOG_PROB, t));
  }

  private static IntToDoubleFunction sum(Scene s, IntToDoubleFunction x) {
    return t -> Scene.sum(s.siblings(t), x);
  }

  private static IntToDoubleFunction mean(Scene s, IntToDoubleFunction x) {
    return t -> Scene.mean(s.siblings(t), x);
  }

  private static IntToDoubleFunction most(Scene s, IntToDoubleFunction x) {
    return t -> Arrays.stream(s.siblings(t)).mapToDouble(x).max().orElse(0);
  }

  private static double[] atMost(Scene s, IntToDoubleFunction x, double high) {
    return s.yes(t -> x.applyAsDouble(t) <= high);
  }

  private static double[] within(Scene s, IntToDoubleFunction x, double low, double high) {
    DoubleUnaryOperator inside = y -> y >= low && y <= high ? 1 : 0;
    return s.tokens(t -> inside.applyAsDouble(x.applyAsDouble(t)));
  }
}
