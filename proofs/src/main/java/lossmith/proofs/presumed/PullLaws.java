package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import lossmith.dsl.Columns;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Grid;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Where a regulariser pulls the policy: to more entropy, towards another policy, how strongly. */
final class PullLaws {
  private PullLaws() {}

  static PartLaws.Presumed entropy() {
    return PartLaws.law(
        "entropy-bonus",
        "a step on an entropy bonus lowers the entropy of no token",
        "−Σ_v ∂L/∂z_v · ∂H/∂z_v ≥ 0",
        1e-12,
        "a sum of few products",
        role -> role.role() == Role.ENTROPY_BONUS && !role.isAimed(),
        PullLaws::entropy,
        Trial.Kind.ORDINARY,
        Trial.Kind.TIED);
  }

  private static Seq<Violation> entropy(Isolated part, Trial trial, double tolerance) {
    Grid logits = trial.samples().grid(BoundLoss.LOGITS).get();
    int width = logits.width();
    double temperature = temperature(trial);
    double[] step =
        part.atLogits()
            .map(slope -> new Reference(trial.samples(), trial.parameters()).of(slope))
            .getOrElse(new double[logits.rows() * width]);
    return List.range(0, logits.rows())
        .flatMap(
            t -> {
              double[] z = new double[width];
              Arrays.setAll(z, v -> logits.get(t, v));
              double[] logPi = LogSoftmax.of(z, temperature);
              double h = LogSoftmax.entropy(logPi);
              double along = 0;
              double scale = 0;
              for (int v = 0; v < width; v++) {
                double rise = -Math.exp(logPi[v]) * (logPi[v] + h);
                along -= step[t * width + v] * rise;
                scale += Math.abs(step[t * width + v] * rise);
              }
              return along >= -tolerance * scale
                  ? List.<Violation>empty()
                  : List.of(PartLaws.at(part, "the step along ∇H of token", t, along));
            });
  }

  private static double temperature(Trial trial) {
    return trial.parameters().getOrElse(Columns.TEMPERATURE, 1.0);
  }

  static PartLaws.Presumed reference() {
    return PartLaws.law(
        "towards-the-reference",
        "averaged exactly over all tokens that could have been sampled, a step on a penalty does"
            + " not lead away from the policy that it names",
        "−Σ_v π(v)·∇L(v) · ∇D ≤ 0 for D = KL(π ‖ π′) or KL(π′ ‖ π)",
        1e-9,
        "five summands of order 1",
        role -> role.role() == Role.REGULARISER || role.role() == Role.DISTILLATION,
        PullLaws::reference,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> reference(Isolated part, Trial trial, double tolerance) {
    return part.atLogits()
        .filter(slope -> ExpectedGradient.enumerable(Inputs.of(List.of(slope)).columns()))
        .filter(slope -> trial.samples().tokens() > 0)
        .toList()
        .flatMap(slope -> away(part, slope, trial, tolerance));
  }

  private static Seq<Violation> away(Isolated part, Node slope, Trial trial, double tolerance) {
    double[] logRho = ExpectedGradient.reference(trial);
    double[] logPi = ExpectedGradient.policy(trial);
    double[] sampler = towardsReference(part.presumed()) ? logPi : logRho;
    ExpectedGradient found = ExpectedGradient.of(slope, trial, sampler, logRho);
    double[] expected = found.gradient();
    double size = Arrays.stream(found.size()).sum();
    double kl = 0;
    for (int v = 0; v < logPi.length; v++) {
      kl += Math.exp(logPi[v]) * (logPi[v] - logRho[v]);
    }
    double reverse = kl;
    double up = along(expected, v -> Math.exp(logPi[v]) * (logPi[v] - logRho[v] - reverse));
    double forward = along(expected, v -> Math.exp(logPi[v]) - Math.exp(logRho[v]));
    double scale = tolerance * size;
    return up < -scale && forward < -scale
        ? List.of(
            PartLaws.at(
                part,
                "the expected gradient along that of either divergence, at token",
                0,
                up + " and " + forward))
        : List.empty();
  }

  private static boolean towardsReference(PresumedRole role) {
    return role.others().contains(Columns.REFERENCE_LOG_PROB)
        || role.others().contains(Columns.REFERENCE_LOG_PI);
  }

  private static double along(double[] x, IntToDoubleFunction y) {
    double sum = 0;
    for (int v = 0; v < x.length; v++) {
      sum += x[v] * y.applyAsDouble(v);
    }
    return sum;
  }

  static PartLaws.Presumed coefficient() {
    return PartLaws.law(
        "coefficient",
        "a part with twice the coefficient has twice the gradient, or half of it where it is"
            + " divided by it",
        "∇L(2β) ∈ {2∇L(β), ∇L(β)/2}",
        1e-9,
        "another order of multiplication",
        role -> !coefficients(role).isEmpty(),
        PullLaws::coefficient,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> coefficient(Isolated part, Trial trial, double tolerance) {
    Seq<Node> slope = part.atTrained();
    return coefficients(part.presumed())
        .flatMap(
            name ->
                slope.flatMap(
                    node -> {
                      Map<String, Double> all = trial.parameters();
                      double[] once = new Reference(trial.samples(), all).of(node);
                      double[] twice =
                          new Reference(trial.samples(), all.put(name, 2 * all.get(name).get()))
                              .of(node);
                      double scale = tolerance * Scale.size(twice);
                      return scaled(once, twice, 2, scale) || scaled(once, twice, 0.5, scale)
                          ? List.<Violation>empty()
                          : List.of(
                              new Violation.Fact(
                                  part.presumed().part()
                                      + ": with "
                                      + name
                                      + " doubled, the largest entry of d/dlogits is "
                                      + Scale.size(twice)
                                      + " instead of twice "
                                      + Scale.size(once)));
                    }));
  }

  private static boolean scaled(double[] x, double[] y, double by, double scale) {
    double[] apart = new double[x.length];
    Arrays.setAll(apart, i -> y[i] - by * x[i]);
    return Scale.size(apart) <= scale;
  }

  /** The parameters that are a factor of all of a part and nothing else in it. */
  private static Seq<String> coefficients(PresumedRole role) {
    Role is = role.role();
    boolean weighed =
        is == Role.REGULARISER
            || is == Role.ENTROPY_BONUS
            || is == Role.IMITATION
            || is == Role.VALUE_REGRESSION;
    return weighed
        ? role.coefficients()
            .filter(Node.ParameterValue.class::isInstance)
            .map(node -> ((Node.ParameterValue) node).name())
            .distinct()
        : List.empty();
  }
}
