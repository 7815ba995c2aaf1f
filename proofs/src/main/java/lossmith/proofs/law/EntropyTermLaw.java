package lossmith.proofs.law;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.bind.Softmax;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.derivative.Derivative;
import lossmith.proofs.stated.Plain;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;
import lossmith.recipes.Claim;

/** The law of a term that claims to be the entropy of the policy. */
final class EntropyTermLaw {
  private EntropyTermLaw() {}

  static Law of(Claim.Entropy claim) {
    String h = claim.symbol();
    return new Law(
            "entropy",
            h + " is the entropy of the policy at each token, in value and gradient",
            h + " = −Σ_v π_v log π_v, ∂" + h + "/∂z_v = −π_v (log π_v + H)/T",
            1e-9,
            "five summands of order 1 in other arithmetic",
            (subject, trial, tolerance) -> violations(subject, trial, h, tolerance))
        .except(Trial.Kind.KINK, Trial.Kind.EXTREME);
  }

  private static Seq<Violation> violations(
      Subject subject, Trial trial, String symbol, double tolerance) {
    Node term = Symbols.of(subject.bound(Surface.LOGITS), symbol);
    Evaluations known = subject.on(trial);
    Plain plain = new Plain(trial.samples(), trial.parameters());
    double temperature = EntropyLaws.temperature(trial);
    double[] value = new double[plain.tokens()];
    Arrays.setAll(value, plain::entropy);
    double[] slope = new double[value.length * Trials.WIDTH];
    for (int i = 0; i < slope.length; i++) {
      int t = i / Trials.WIDTH;
      double logPi = plain.logPi(t, i % Trials.WIDTH);
      slope[i] = -Math.exp(logPi) * (logPi + value[t]) / temperature;
    }
    Node sum = Nodes.reduce(ReduceOp.SUM, term, Level.Name.BATCH, 0, Option.none());
    double[] gradient =
        Derivative.of(sum)
            .get(Columns.LOG_PI)
            .map(Softmax::pull)
            .map(known::of)
            .getOrElse(new double[slope.length]);
    return Violation.between(symbol, known.of(term), value, tolerance)
        .appendAll(
            Violation.between("d" + symbol + "/dlogits", gradient, slope, tolerance / temperature));
  }
}
