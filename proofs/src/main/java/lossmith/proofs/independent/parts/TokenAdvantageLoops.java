package lossmith.proofs.independent.parts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import lossmith.dsl.Columns;
import lossmith.proofs.independent.parts.AdvantageLoops.Expected;

/** How much better than expected each token was, from what its tokens earned or a teacher says. */
final class TokenAdvantageLoops {
  private TokenAdvantageLoops() {}

  static Map<String, Expected> all() {
    return LinkedHashMap.<String, Expected>of("gae", (s, r) -> traced(s, t -> 0.95))
        .put("gae-bootstrapped", (s, r) -> bootstrapped(s))
        .put("gae-length-adaptive", TokenAdvantageLoops::lengthAdaptive)
        .put("returns-whitened", (s, r) -> AdvantageLoops.whitened(s, toGo(s, 1)))
        .put("optimal-token-baseline", TokenAdvantageLoops::ofSlots)
        .put("multi-turn-optimal-token-baseline", TokenAdvantageLoops::ofPositions)
        .put("implicit-process", TokenAdvantageLoops::implicit)
        .put("step-grouped", TokenAdvantageLoops::stepGrouped)
        .put("n-step-returns", (s, r) -> ofEach(s, TokenAdvantageLoops::threeSteps))
        .put("lambda-returns", (s, r) -> ofEach(s, TokenAdvantageLoops::lambdaReturn))
        .put("importance-corrected", (s, r) -> ofEach(s, TokenAdvantageLoops::corrected))
        .put("v-trace", (s, r) -> ofEach(s, (of, i) -> vTrace(of, i, t -> atMost(s, t, 1))))
        .put(
            "leaky-v-trace",
            (s, r) ->
                ofEach(s, (of, i) -> vTrace(of, i, t -> (atMost(s, t, 2) + atMost(s, t, 1)) / 2)))
        .put("retrace", (s, r) -> ofEach(s, (of, i) -> backedUp(s, of, i, t -> atMost(s, t, 1))))
        .put("q-lambda", (s, r) -> ofEach(s, (of, i) -> backedUp(s, of, i, t -> 0.9)))
        .put(
            "tree-backup",
            (s, r) ->
                ofEach(s, (of, i) -> backedUp(s, of, i, t -> Math.exp(s.detached().logProb(t)))))
        .put("teacher", (s, r) -> s.tokens(t -> gap(s, t)))
        .put("teacher-to-go", (s, r) -> toGo(s, t -> gap(s, t), 0.95))
        .put("teacher-early", TokenAdvantageLoops::early)
        .put("group-normalised-teacher", TokenAdvantageLoops::both);
  }

  /** A number of a response's i-th token. */
  private interface OfToken {
    double at(Run of, int i);
  }

  /** The tokens of a response: their rewards, values and ratios; 0 behind the last. */
  @SuppressWarnings("ArrayRecordComponent") // read where it is made, and nowhere else
  private record Run(Scene s, int[] tokens) {
    double reward(int i) {
      return i < tokens.length ? s.live().of(Columns.TOKEN_REWARD, tokens[i]) : 0;
    }

    double value(int i) {
      return i < tokens.length ? s.detached().of(Columns.VALUE, tokens[i]) : 0;
    }

    /** r + V' − V. */
    double error(int i) {
      return reward(i) + value(i + 1) - value(i);
    }
  }

  private static double[] ofEach(Scene s, OfToken f) {
    double[] y = new double[s.live().tokens()];
    for (int response : s.allResponses()) {
      int[] tokens = s.live().tokensOf(response);
      for (int i = 0; i < tokens.length; i++) {
        y[tokens[i]] = f.at(new Run(s, tokens), i);
      }
    }
    return y;
  }

  private static double[] toGo(Scene s, double gamma) {
    return toGo(s, t -> s.live().of(Columns.TOKEN_REWARD, t), gamma);
  }

  /** Σ_(u ≥ t) γ^(u − t) x_u. */
  private static double[] toGo(Scene s, IntToDoubleFunction x, double gamma) {
    return ofEach(
        s,
        (of, i) -> {
          double sum = 0;
          for (int j = i; j < of.tokens().length; j++) {
            sum += Math.pow(gamma, j - i) * x.applyAsDouble(of.tokens()[j]);
          }
          return sum;
        });
  }

  /** Σ_(u ≥ t) λ^(u − t) δ_u. */
  private static double[] traced(Scene s, IntToDoubleFunction lambda) {
    return ofEach(
        s,
        (of, i) -> {
          double sum = 0;
          for (int j = i; j < of.tokens().length; j++) {
            sum += Math.pow(lambda.applyAsDouble(of.tokens()[i]), j - i) * of.error(j);
          }
          return sum;
        });
  }

  /** As above, but the value behind the last token is next_value where the response was cut. */
  private static double[] bootstrapped(Scene s) {
    return ofEach(
        s,
        (of, i) -> {
          int last = of.tokens().length - 1;
          int response = s.live().response(of.tokens()[last]);
          boolean cut = !(s.live().of(Columns.FINISHED, response) > 0);
          double sum = cut ? Math.pow(0.95, last - i) * s.live().of("next_value", response) : 0;
          for (int j = i; j <= last; j++) {
            sum += Math.pow(0.95, j - i) * of.error(j);
          }
          return sum;
        });
  }

  private static double[] lengthAdaptive(Scene s, double[] r) {
    return traced(
        s,
        t -> {
          double scaled = 0.05 * s.length(s.live().response(t));
          return scaled > 1 ? 1 - 1 / scaled : 0;
        });
  }

  private static double[] ofSlots(Scene s, double[] r) {
    return tokenBaseline(
        s, t -> s.live().of("slot", t), t -> s.group(s.live().response(t)).length > 1);
  }

  private static double[] ofPositions(Scene s, double[] r) {
    return tokenBaseline(
        s,
        t -> s.live().layout().positions()[t],
        t -> Arrays.stream(s.group(s.live().response(t))).filter(j -> s.length(j) > 0).count() > 1);
  }

  /**
   * G − Σ G W / (Σ W + 1e-8) over the tokens of the group at the same place; 0 where their G are
   * one number, and for a response that is alone.
   */
  private static double[] tokenBaseline(
      Scene s, IntToDoubleFunction place, java.util.function.IntPredicate compared) {
    double[] returns = toGo(s, 1);
    double[] path =
        ofEach(
            s,
            (of, i) -> {
              double sum = 0;
              for (int j = 0; j <= i; j++) {
                int t = of.tokens()[j];
                sum += 1 - 2 * Math.exp(s.old(t)) + s.live().of("old_sum_pi_squared", t);
              }
              return sum;
            });
    return s.tokens(
        t -> {
          int[] same =
              Arrays.stream(s.groupTokens(t))
                  .filter(u -> place.applyAsDouble(u) == place.applyAsDouble(t))
                  .toArray();
          double baseline =
              Scene.sum(same, u -> returns[u] * path[u]) / (Scene.sum(same, u -> path[u]) + 1e-8);
          return compared.test(t) && !agree(same, returns) ? returns[t] - baseline : 0;
        });
  }

  /** Whether numbers differ by rounding alone: then nothing is better than expected. */
  private static boolean agree(int[] of, double[] x) {
    double most = Arrays.stream(of).mapToDouble(u -> x[u]).max().orElse(0);
    double least = Arrays.stream(of).mapToDouble(u -> x[u]).min().orElse(0);
    return most - least <= 1e-12 * Math.max(Math.abs(most), Math.abs(least));
  }

  private static double[] implicit(Scene s, double[] r) {
    double[] mean =
        s.responses(
            i -> Scene.mean(s.live().tokensOf(i), t -> s.live().of(Columns.TOKEN_REWARD, t)));
    double[] baseline =
        s.responses(
            i -> Scene.mean(Arrays.stream(s.group(i)).filter(j -> j != i).toArray(), j -> mean[j]));
    double[] process =
        toGo(s, t -> s.live().of(Columns.TOKEN_REWARD, t) - baseline[s.live().response(t)], 1);
    return s.tokens(
        t -> {
          int response = s.live().response(t);
          boolean alone = s.group(response).length == 1;
          return alone ? 0 : process[t] + AdvantageLoops.leftOut(s, r, response);
        });
  }

  private static double[] stepGrouped(Scene s, double[] r) {
    double[] response = AdvantageLoops.normalised(s, r);
    double[] x = toGo(s, 0.95);
    return s.tokens(
        t -> {
          int[] same =
              Arrays.stream(s.groupTokens(t))
                  .filter(u -> s.live().of("state", u) == s.live().of("state", t))
                  .toArray();
          double std = Scene.std(same, u -> x[u]);
          double step = std == 0 ? 0 : (x[t] - Scene.mean(same, u -> x[u])) / std;
          return response[s.live().response(t)] + step;
        });
  }

  private static double threeSteps(Run of, int i) {
    return of.reward(i) + of.reward(i + 1) + of.reward(i + 2) + of.value(i + 3) - of.value(i);
  }

  private static double lambdaReturn(Run of, int i) {
    return lambdaTarget(of, i) - of.value(i);
  }

  /** r + 0.1 V' + 0.9 G'. */
  private static double lambdaTarget(Run of, int i) {
    return i >= of.tokens().length
        ? 0
        : of.reward(i) + 0.1 * of.value(i + 1) + 0.9 * lambdaTarget(of, i + 1);
  }

  private static double atMost(Scene s, int token, double bound) {
    return Math.min(s.detachedRatio(token), bound);
  }

  private static double corrected(Run of, int i) {
    return atMost(of.s(), of.tokens()[i], 2) * correctedError(of, i);
  }

  /** δ + 0.9 ρ' D'. */
  private static double correctedError(Run of, int i) {
    if (i + 1 >= of.tokens().length) {
      return of.error(i);
    }
    return of.error(i) + 0.9 * atMost(of.s(), of.tokens()[i + 1], 2) * correctedError(of, i + 1);
  }

  /** ρ (r + v' − V), v the target of V-trace. */
  private static double vTrace(Run of, int i, IntToDoubleFunction rho) {
    double next = i + 1 < of.tokens().length ? of.value(i + 1) + ahead(of, i + 1, rho) : 0;
    return rho.applyAsDouble(of.tokens()[i]) * (of.reward(i) + next - of.value(i));
  }

  /** v − V = ρ δ + ρ (v' − V'). */
  private static double ahead(Run of, int i, IntToDoubleFunction rho) {
    if (i >= of.tokens().length) {
      return 0;
    }
    return rho.applyAsDouble(of.tokens()[i]) * (of.error(i) + ahead(of, i + 1, rho));
  }

  private static double backedUp(Scene s, Run of, int i, IntToDoubleFunction c) {
    return target(s, of, i, c) - of.value(i);
  }

  /** r + V' + c' (G' − Q'). */
  private static double target(Scene s, Run of, int i, IntToDoubleFunction c) {
    if (i + 1 >= of.tokens().length) {
      return of.reward(i);
    }
    int next = of.tokens()[i + 1];
    double off = target(s, of, i + 1, c) - s.live().of("q_value", next);
    return of.reward(i) + of.value(i + 1) + c.applyAsDouble(next) * off;
  }

  private static double gap(Scene s, int t) {
    return Scene.clip(s.reference(t) - s.old(t), -20, 20);
  }

  /** (1 + a (1 − the share of Σ |d| before the token)) d. */
  private static double[] early(Scene s, double[] r) {
    double more = s.set("teacher-early", "amplification", 0.5);
    return ofEach(
        s,
        (of, i) -> {
          double before = 0;
          double whole = 0;
          for (int j = 0; j < of.tokens().length; j++) {
            double size = Math.abs(gap(s, of.tokens()[j]));
            whole += size;
            before += j < i ? size : 0;
          }
          double share = whole == 0 ? 0 : before / whole;
          return (1 + more * (1 - share)) * gap(s, of.tokens()[i]);
        });
  }

  private static double[] both(Scene s, double[] r) {
    double weight = s.set("group-normalised-teacher", "teacher_coef", 1);
    double[] a = AdvantageLoops.normalised(s, r);
    return s.tokens(t -> a[s.live().response(t)] + weight * gap(s, t));
  }
}
