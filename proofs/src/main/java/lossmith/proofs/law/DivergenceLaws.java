package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.presumed.ExpectedGradient;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/** What a penalty towards the reference policy is the gradient of, by exact enumeration. */
public final class DivergenceLaws {
  /** The name of the law that a penalty with no gradient in expectation breaks. */
  public static final String LIVE = "live-penalty";

  private static final double TOLERANCE = 1e-9;
  private static final String REASON = "five summands of order 1";

  /** In how many cases a penalty may vanish before it is dead. */
  private static final int CASES = 20;

  private DivergenceLaws() {}

  public static Law estimand(Claim.Estimates claim) {
    return estimand(
        claim.of(),
        subject -> penalty(subject, claim.coefficient()),
        "Σ_v π(v)·∇L(v) = ∇" + name(claim.of()),
        (found, slope, trial) ->
            claim.coefficient().isEmpty() ? 1 : trial.parameters().get(claim.coefficient()).get());
  }

  /** The one penalty with a coefficient, where there is more than it; the whole otherwise. */
  private static Option<Node> penalty(Subject subject, String coefficient) {
    Seq<Isolated> penalties =
        subject
            .presumed()
            .filter(part -> part.presumed().role() == Role.REGULARISER)
            .filter(
                part ->
                    Graph.parameters(List.of(part.presumed().whole()))
                        .exists(parameter -> parameter.name().equals(coefficient)));
    return penalties.size() == 1
        ? penalties.head().atLogits()
        : subject.bound(Surface.LOGITS).gradients().get(BoundLoss.LOGITS);
  }

  /** The same where nothing is said of the coefficient. */
  public static Law direction(Claim.Divergence divergence) {
    return estimand(
        divergence,
        subject -> subject.bound(Surface.LOGITS).gradients().get(BoundLoss.LOGITS),
        "Σ_v π(v)·∇L(v) = c·∇" + name(divergence) + ", c > 0",
        (found, slope, trial) ->
            Math.max(1e-6, GradientLaws.dot(found, slope) / GradientLaws.dot(slope, slope)));
  }

  /** What a divergence is multiplied by, given what was found and the gradient of it. */
  @FunctionalInterface
  private interface Factor {
    double of(double[] found, double[] slope, Trial trial);
  }

  private static Law estimand(
      Claim.Divergence divergence,
      Function<Subject, Option<Node>> of,
      String formula,
      Factor factor) {
    return new Law(
            "estimand",
            "the gradient of the penalty, averaged exactly over all tokens that could have been"
                + " sampled, is that of "
                + name(divergence),
            formula,
            TOLERANCE,
            REASON,
            (subject, trial, tolerance) ->
                ExpectedGradient.of(of.apply(subject), trial)
                    .toList()
                    .flatMap(
                        expected -> {
                          double[] slope = expected.slope(divergence);
                          double c = factor.of(expected.gradient(), slope, trial);
                          double[] right = Arrays.stream(slope).map(x -> c * x).toArray();
                          return Violation.between(
                              "E[d/dlogits]", expected.gradient(), right, tolerance * (1 + c));
                        }))
        .on(Trial.Kind.ORDINARY);
  }

  static String name(Claim.Divergence divergence) {
    return switch (divergence) {
      case REVERSE -> "KL(π ‖ π_ref)";
      case FORWARD -> "KL(π_ref ‖ π)";
      case NONE -> "a constant";
    };
  }

  static Law live() {
    return new Law(
            LIVE,
            "the penalty towards the reference, which is what is left of the objective where the"
                + " advantage A is 0, has a gradient in expectation: averaged exactly over all"
                + " tokens that could have been sampled it does not vanish in every case",
            "Σ_v π(v)·∇L(v) ≢ 0",
            TOLERANCE,
            REASON,
            (subject, trial, tolerance) ->
                ReferencePenalty.of(subject.loss())
                    .filter(penalty -> dead(subject, penalty, trial, tolerance))
                    .<Violation>map(
                        p ->
                            new Violation.Fact(
                                "the expected gradient of the penalty is 0 in every case"))
                    .toList())
        .once();
  }

  private static boolean dead(Subject subject, Loss penalty, Trial first, double tolerance) {
    try (Subject alone = subject.with(penalty)) {
      BoundLoss bound = alone.bound(Surface.LOGITS);
      Seq<ExpectedGradient> all =
          List.range(0, CASES)
              .flatMap(i -> alone.attempt(first.seed() + i, Trial.Kind.ORDINARY).trial())
              .flatMap(
                  trial -> ExpectedGradient.of(bound.gradients().get(BoundLoss.LOGITS), trial));
      return all.exists(x -> Scale.size(x.size()) > 0)
          && all.forAll(x -> Scale.size(x.gradient()) <= tolerance * Scale.size(x.size()));
    }
  }

  static Law average(Claim.Averages claim) {
    return new Law(
            "estimand-value",
            claim.symbol()
                + ", averaged exactly over all tokens that the policy of "
                + claim.sampler()
                + " could have sampled, is "
                + name(claim.of()),
            "Σ_v μ(v)·"
                + claim.symbol()
                + "(v) = "
                + name(claim.of())
                + ", μ of "
                + claim.sampler(),
            TOLERANCE,
            REASON,
            (subject, trial, tolerance) ->
                trial.samples().tokens() > 0
                    ? averaged(subject, trial, claim, tolerance)
                    : List.empty())
        .on(Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> averaged(
      Subject subject, Trial trial, Claim.Averages claim, double tolerance) {
    Node term = Symbols.of(subject.bound(Surface.LOGITS), claim.symbol());
    double[] z = ExpectedGradient.row(trial.samples().grid(BoundLoss.LOGITS).get());
    double[] logPi = LogSoftmax.of(z, trial.parameters().getOrElse(Columns.TEMPERATURE, 1.0));
    double[] logRho = ExpectedGradient.row(trial.samples().grid(Columns.REFERENCE_LOG_PI).get());
    double[] logMu =
        claim.sampler().equals(Columns.LOG_PROB) ? logPi : elsewhere(logPi, trial.seed());
    double found = 0;
    double expected = 0;
    for (int v = 0; v < z.length; v++) {
      Samples pair = ExpectedGradient.pair(v, z, logPi, logMu, logRho);
      found += Math.exp(logMu[v]) * new Reference(pair, trial.parameters()).of(term)[0];
      double difference = logPi[v] - logRho[v];
      expected +=
          switch (claim.of()) {
            case REVERSE -> Math.exp(logPi[v]) * difference;
            case FORWARD -> -Math.exp(logRho[v]) * difference;
            case NONE -> 0;
          };
    }
    double scale = tolerance * (1 + Math.abs(expected));
    return Violation.between("E[" + claim.symbol() + "]", found, expected, scale);
  }

  /** A policy near another. */
  private static double[] elsewhere(double[] logPi, long seed) {
    Random random = new Random(seed);
    return LogSoftmax.of(Arrays.stream(logPi).map(x -> x + random.nextGaussian()).toArray(), 1);
  }
}
