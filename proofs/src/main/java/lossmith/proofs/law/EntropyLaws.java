package lossmith.proofs.law;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.stated.Plain;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;

/** The entropy of the policy, and what a step does to it (Entropy Collapse, eqs 10 and 11). */
final class EntropyLaws {
  /** How far the logits of a row are moved: the largest change among them. */
  private static final double STEP = 1e-3;

  private static final double LOG_V = Math.log(Trials.WIDTH);

  /** Half of the bound of |H″| along a direction of entries within ±1, at temperature 1. */
  private static final double SECOND = (1 + 8 * LOG_V) / 2 * STEP * STEP;

  /** What R(2h) − 4R(h) is at most, by the bound 28 log V + 4 of |H‴|. */
  private static final double THIRD = 2 * (28 * LOG_V + 4) * STEP * STEP * STEP;

  private EntropyLaws() {}

  static Law gradient() {
    return new Law(
            "entropy-gradient",
            "where the gradient reaches nothing of a row but the entropy and the sampled token's"
                + " log-probability, it spreads over the logits as ∇H and the score do",
            "∂L/∂z_v = (∂L/∂log π·(1[v = y] − π_v) − ∂L/∂H·π_v(log π_v + H)) / T",
            1e-9,
            "a closed form in other arithmetic",
            (subject, trial, tolerance) ->
                reaches(subject, HashSet.of(Columns.LOG_PROB, Columns.ENTROPY), Columns.ENTROPY)
                    ? closed(subject, trial, tolerance)
                    : List.empty())
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  /** Whether the gradient reaches one statistic of the rows, and no others than some. */
  private static boolean reaches(Subject subject, Set<String> alone, String one) {
    Set<String> reached = subject.bound(Surface.STATISTICS).gradients().keySet();
    return reached.contains(one)
        && alone.add(Columns.VALUE).containsAll(reached)
        && subject.bound(Surface.LOGITS).gradients().containsKey(BoundLoss.LOGITS);
  }

  private static Seq<Violation> closed(Subject subject, Trial trial, double tolerance) {
    Plain plain = new Plain(trial.samples(), trial.parameters());
    Evaluations known = subject.on(trial);
    var statistics = subject.bound(Surface.STATISTICS).gradients();
    double[] score =
        statistics.get(Columns.LOG_PROB).map(known::of).getOrElse(new double[plain.tokens()]);
    double[] bonus = known.of(statistics.get(Columns.ENTROPY).get());
    double[] expected = new double[plain.tokens() * Trials.WIDTH];
    for (int i = 0; i < expected.length; i++) {
      int t = i / Trials.WIDTH;
      int v = i % Trials.WIDTH;
      double logPi = plain.logPi(t, v);
      double hit = trial.samples().sampled().get()[t] == v ? 1 : 0;
      double slope = -Math.exp(logPi) * (logPi + plain.entropy(t));
      expected[i] = (score[t] * (hit - Math.exp(logPi)) + bonus[t] * slope) / temperature(trial);
    }
    BoundLoss bound = subject.bound(Surface.LOGITS);
    return Violation.between(
        "d/dlogits",
        known.of(bound.gradients().get(BoundLoss.LOGITS).get()),
        expected,
        tolerance * MeaningLaws.scale(bound, BoundLoss.LOGITS, known));
  }

  static Law step() {
    return step(Terms.entropy());
  }

  /** The same of a term that is meant to be the entropy. */
  static Law step(Term<Token> entropy) {
    return new Law(
            "entropy-step",
            "a step against the gradient changes the entropy of each token by the covariance of the"
                + " step with log π, and what remains is four times as large at twice the step"
                + " (Entropy Collapse, eq 11, with its temperature)",
            "H(z + Δz) − H(z) = −Cov_π(log π, Δz)/T + R, R(2Δz) = 4R(Δz) + O(Δz³)",
            SECOND,
            "the largest logit moves by h = 1e-3, and along it |H″| ≤ (1 + 8 log V)/T²; R(2h) −"
                + " 4R(h) is at most 2h³(28 log V + 4)/T³, by a bound of |H‴|",
            (subject, trial, tolerance) -> {
              double[] direction = direction(subject, trial);
              double[] slope = slopes(trial, direction);
              return changes(entropy, trial, direction, slope);
            })
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  static Law sign() {
    return new Law(
            "entropy-sign",
            "where the sampled token's log-probability is all that the gradient reaches, a step on"
                + " it moves the entropy to the side of ∂L/∂log π times a covariance: that is what"
                + " positive samples lower it and negative ones raise it (Entropy Collapse, section"
                + " 4) is true under, and where the sampled token is rare it is the other way"
                + " round",
            "sign(ΔH) = sign(∂L/∂log π·Cov_π(log π, 1[y] − π))",
            0,
            "a sign is not rounded; where the first order is within the bound of the second,"
                + " nothing is said",
            (subject, trial, tolerance) ->
                reaches(subject, HashSet.of(Columns.LOG_PROB), Columns.LOG_PROB)
                    ? signs(subject, trial)
                    : List.empty())
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  private static Seq<Violation> signs(Subject subject, Trial trial) {
    double[] direction = direction(subject, trial);
    double[] change = change(Terms.entropy(), trial, direction, STEP);
    double[] g =
        subject
            .on(trial)
            .of(subject.bound(Surface.STATISTICS).gradients().get(Columns.LOG_PROB).get());
    double[] slope = slopes(trial, direction);
    double certain = SECOND / Math.pow(temperature(trial), 2);
    Plain plain = new Plain(trial.samples(), trial.parameters());
    return List.range(0, change.length)
        .filter(t -> Math.abs(STEP * slope[t]) > certain)
        .filter(
            t -> {
              int y = trial.samples().sampled().get()[t];
              return Math.signum(change[t]) != Math.signum(g[t] * ofScore(plain, t, y));
            })
        .map(
            t -> {
              int y = trial.samples().sampled().get()[t];
              double expected = g[t] * ofScore(plain, t, y);
              return new Violation.Apart("ΔH at token " + t + ", its sign", change[t], expected, 0);
            });
  }

  /** Cov_π(log π, 1[y] − π) at a token: what a step on y takes from the entropy. */
  static double ofScore(Plain plain, int token, int y) {
    double h = plain.entropy(token);
    double others =
        IntStream.range(0, plain.vocabulary())
            .mapToDouble(v -> Math.exp(2 * plain.logPi(token, v)) * (plain.logPi(token, v) + h))
            .sum();
    return Math.exp(plain.logPi(token, y)) * (plain.logPi(token, y) + h) - others;
  }

  /** Against the gradient at the logits, the largest entry of each row ±1; 0 where it is 0. */
  private static double[] direction(Subject subject, Trial trial) {
    int size = trial.samples().tokens() * Trials.WIDTH;
    double[] g =
        subject
            .bound(Surface.LOGITS)
            .gradients()
            .get(BoundLoss.LOGITS)
            .map(subject.on(trial)::of)
            .getOrElse(new double[size]);
    double[] direction = new double[size];
    for (int from = 0; from < size; from += Trials.WIDTH) {
      double most = Arrays.stream(g, from, from + Trials.WIDTH).map(Math::abs).max().orElse(0);
      boolean known = most > 0 && Double.isFinite(most); // another law speaks of the rest
      for (int i = from; i < from + Trials.WIDTH && known; i++) {
        direction[i] = -g[i] / most;
      }
    }
    return direction;
  }

  /** −Cov_π(log π, direction)/T at each token. */
  static double[] slopes(Trial trial, double[] direction) {
    Plain plain = new Plain(trial.samples(), trial.parameters());
    double[] slopes = new double[plain.tokens()];
    for (int t = 0; t < slopes.length; t++) {
      double h = plain.entropy(t);
      for (int v = 0; v < Trials.WIDTH; v++) {
        double logPi = plain.logPi(t, v);
        slopes[t] -=
            Math.exp(logPi) * (logPi + h) * direction[t * Trials.WIDTH + v] / temperature(trial);
      }
    }
    return slopes;
  }

  /** Where the entropy changes otherwise than by a slope, to first order or in the remainder. */
  static Seq<Violation> changes(
      Term<Token> entropy, Trial trial, double[] direction, double[] slope) {
    double temperature = temperature(trial);
    double[] near = change(entropy, trial, direction, STEP);
    double[] far = change(entropy, trial, direction, 2 * STEP);
    double[] first = Arrays.stream(slope).map(s -> STEP * s).toArray();
    double[] four = new double[near.length];
    double[] remaining = new double[near.length];
    Arrays.setAll(four, t -> 4 * (near[t] - first[t]));
    Arrays.setAll(remaining, t -> far[t] - 2 * first[t]);
    return Violation.between("ΔH", near, first, SECOND / Math.pow(temperature, 2))
        .appendAll(
            Violation.between(
                "remainder of ΔH at twice the step, against four times the remainder",
                remaining,
                four,
                THIRD / Math.pow(temperature, 3)));
  }

  private static double[] change(
      Term<Token> entropy, Trial trial, double[] direction, double step) {
    Samples samples = trial.samples();
    Grid logits = samples.grid(BoundLoss.LOGITS).get();
    int width = logits.width();
    Grid moved =
        new Grid(
            logits.rows(),
            width,
            (row, v) -> logits.get(row, v) + step * direction[row * width + v]);
    var node = BoundLoss.term(entropy, Surface.LOGITS, samples.columns().addAll(samples.grids()));
    double[] before = new Reference(samples, trial.parameters()).of(node);
    double[] after =
        new Reference(samples.with(BoundLoss.LOGITS, moved), trial.parameters()).of(node);
    double[] change = new double[before.length];
    Arrays.setAll(change, t -> after[t] - before[t]);
    return change;
  }

  static double temperature(Trial trial) {
    return trial.parameters().getOrElse(Columns.TEMPERATURE, 1.0);
  }
}
