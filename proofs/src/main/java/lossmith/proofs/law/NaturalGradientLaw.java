package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.derivative.Derivative;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.presumed.StepLaws;
import lossmith.proofs.stated.Plain;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;
import lossmith.recipes.Claim;

/** What a natural gradient of a policy gradient does, by exact enumeration of one token. */
final class NaturalGradientLaw {
  private static final String ADVANTAGE = AdvantageLaws.ADVANTAGE;

  private NaturalGradientLaw() {}

  static Law of(Claim.OnPolicy claim) {
    Function<Subject, Map<String, Node>> reinforce = AdvantageLaws.reinforce(claim);
    Function<Subject, Map<String, Node>> given =
        subject -> given(subject.around(claim.advantage()), claim.advantage());
    return new Law(
            "natural-gradient",
            "on policy, averaged exactly over all tokens that could have been sampled at one place,"
                + " the gradient is the Fisher matrix F times the advantages, so that a natural"
                + " gradient moves the logits by A and the entropy by the covariance of A with"
                + " log π (Entropy Collapse, eq 12)",
            "Σ_y π_y·∂L(y)/∂z = −w·T·F·A, Δz = ηA ⇒ ΔH = −η·Cov_π(log π, A)/T + O(η²)",
            1e-9,
            "five summands of the order of w·A; ΔH is judged as in entropy-step",
            (subject, trial, tolerance) ->
                trial.samples().tokens() > 0
                    ? enumerated(
                        subject,
                        StepLaws.onPolicy(trial),
                        Symbols.of(subject.around(claim.advantage()), claim.advantage()),
                        subject
                            .derived(given)
                            .getOrElse(Columns.LOG_PROB, Nodes.constant(0, Level.Name.TOKEN)),
                        AdvantageLaws.weights(subject, StepLaws.onPolicy(trial), reinforce),
                        tolerance)
                    : List.empty())
        .on(Trial.Kind.ORDINARY);
  }

  /** The gradient with the advantage in a column. */
  private static Map<String, Node> given(BoundLoss bound, String advantage) {
    Node symbol = Symbols.of(bound, advantage);
    Node column = Nodes.given(ADVANTAGE, symbol.level());
    return Derivative.of(Symbols.replaced(bound.value(), symbol, column));
  }

  private static Seq<Violation> enumerated(
      Subject subject, Trial trial, Node symbol, Node slope, double[] weights, double tolerance) {
    Samples samples = trial.samples();
    int token = Math.floorMod(trial.seed(), samples.tokens());
    Plain plain = new Plain(samples, trial.parameters());
    double temperature = EntropyLaws.temperature(trial);
    double[] pi = new double[Trials.WIDTH];
    Arrays.setAll(pi, v -> Math.exp(plain.logPi(token, v)));
    double[] a = new Random(trial.seed()).doubles(pi.length, -1, 1).toArray();
    double mean = 0;
    for (int v = 0; v < pi.length; v++) {
      mean += pi[v] * a[v];
    }
    double[] advantages = subject.on(trial).of(symbol);
    double[] found = new double[pi.length];
    for (int y = 0; y < pi.length; y++) {
      Samples sampled =
          sampled(samples, token, plain.logPi(token, y), symbol.level(), advantages, a[y]);
      double g = new Reference(sampled, trial.parameters()).of(slope)[token];
      for (int v = 0; v < pi.length; v++) {
        found[v] += pi[y] * g * ((v == y ? 1 : 0) - pi[v]) / temperature;
      }
    }
    double weight = weights[token];
    double[] fisher = new double[pi.length];
    for (int v = 0; v < pi.length; v++) {
      fisher[v] = -weight * pi[v] * (a[v] - mean) / temperature;
    }
    Seq<Violation> broken =
        Violation.between(
            "E[d/dlogits] at token " + token, found, fisher, tolerance * Math.abs(weight));
    return weight == 0
        ? broken
        : broken.appendAll(entropy(trial, token, natural(found, pi, weight / temperature), a));
  }

  /** The solution of F·x = −g/(w·T), but for a constant: the softmax does not see one. */
  private static double[] natural(double[] g, double[] pi, double weight) {
    double[] x = new double[g.length];
    Arrays.setAll(x, v -> -g[v] / (weight * pi[v]));
    return x;
  }

  private static Seq<Violation> entropy(Trial trial, int token, double[] step, double[] a) {
    int size = trial.samples().tokens() * Trials.WIDTH;
    double most = Arrays.stream(step).map(Math::abs).max().orElse(0);
    double[] direction = new double[size];
    double[] advantage = new double[size];
    for (int v = 0; v < step.length && most > 0; v++) {
      direction[token * Trials.WIDTH + v] = step[v] / most;
      advantage[token * Trials.WIDTH + v] = a[v] / most;
    }
    return EntropyLaws.changes(
        Terms.entropy(), trial, direction, EntropyLaws.slopes(trial, advantage));
  }

  /** The batch with another token sampled at one place, and the response's advantage for it. */
  private static Samples sampled(
      Samples samples,
      int token,
      double logProb,
      Level.Name level,
      double[] advantages,
      double advantage) {
    double[] a = advantages.clone();
    if (level == Level.Name.TOKEN) {
      int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
      Arrays.setAll(a, t -> of[t] == of[token] ? advantage : a[t]);
    } else {
      a[samples.parents(Level.Name.TOKEN, level)[token]] = advantage;
    }
    Samples all = samples.with(ADVANTAGE, level, a);
    for (String name : List.of(Columns.LOG_PROB, Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB)) {
      double[] other = samples.column(name).get().clone();
      other[token] = logProb;
      all = all.with(name, Level.Name.TOKEN, other);
    }
    return all;
  }
}
