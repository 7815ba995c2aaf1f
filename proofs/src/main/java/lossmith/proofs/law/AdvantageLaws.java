package lossmith.proofs.law;

import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.Function;
import lossmith.dsl.Axis;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.derivative.Derivative;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.presumed.StepLaws;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/** How a policy gradient depends on the advantage. */
final class AdvantageLaws {
  static final String ADVANTAGE = "advantage under proof";
  private static final String VALUE = "value with three times the advantage";

  private AdvantageLaws() {}

  static Law onPolicy(Claim.OnPolicy claim) {
    Function<Subject, Map<String, Node>> reinforce = reinforce(claim);
    return new Law(
            "on-policy",
            "where every other policy is the policy itself, the gradient is that of REINFORCE with"
                + " the same advantage and the same mean, and no other statistic has one",
            "π_old = π ⇒ ∂L/∂log π = −∂/∂log π mean(" + claim.advantage() + "·log π)",
            1e-9,
            "another order of multiplication",
            (subject, trial, tolerance) ->
                asReinforce(subject, StepLaws.onPolicy(trial), claim, reinforce, tolerance))
        .except(Trial.Kind.EXTREME);
  }

  private static Seq<Violation> asReinforce(
      Subject subject,
      Trial trial,
      Claim.OnPolicy claim,
      Function<Subject, Map<String, Node>> reinforce,
      double tolerance) {
    BoundLoss bound = subject.around(claim.advantage());
    Evaluations known = subject.on(trial);
    double[] a = known.of(Symbols.perToken(bound, claim.advantage()));
    double[] expected = slopes(subject, trial, reinforce, a);
    Seq<Violation> found = List.empty();
    for (var gradient : bound.gradients()) {
      double[] left = known.of(gradient._2);
      double scale = known.scale(gradient._2);
      double[] right = gradient._1.equals(Columns.LOG_PROB) ? expected : new double[left.length];
      found =
          found.appendAll(Violation.between("d/d" + gradient._1, left, right, tolerance * scale));
    }
    return bound.gradients().containsKey(Columns.LOG_PROB)
        ? found
        : found.append(new Violation.Fact("log_prob has no gradient"));
  }

  /** The gradient of −mean(A · log π), with the mean of a claim and A in a column. */
  static Function<Subject, Map<String, Node>> reinforce(Claim.OnPolicy claim) {
    return subject ->
        BoundLoss.of(
                maximise(claim.mean().apply(logProb().weightedBy(given(ADVANTAGE, Axis.TOKEN)))),
                Surface.STATISTICS,
                subject.columns().add(ADVANTAGE))
            .gradients();
  }

  /** −∂/∂log π mean(A · log π) at each token. */
  private static double[] slopes(
      Subject subject, Trial trial, Function<Subject, Map<String, Node>> reinforce, double[] a) {
    Samples samples = trial.samples().with(ADVANTAGE, Level.Name.TOKEN, a);
    return new Reference(samples, trial.parameters())
        .of(subject.derived(reinforce).get(Columns.LOG_PROB).get());
  }

  /** What each token weighs in the mean of a claim. */
  static double[] weights(
      Subject subject, Trial trial, Function<Subject, Map<String, Node>> reinforce) {
    double[] ones = new double[trial.samples().tokens()];
    Arrays.fill(ones, 1);
    return Arrays.stream(slopes(subject, trial, reinforce, ones)).map(x -> -x).toArray();
  }

  /** The objective and its gradient with three times the advantage. */
  private static Map<String, Node> tripled(BoundLoss bound, String advantage) {
    Node a = Symbols.of(bound, advantage);
    Node three = Nodes.binary(BinaryOp.TIMES, a, Nodes.constant(3, a.level()));
    Node scaled = Symbols.replaced(bound.value(), a, three);
    return Derivative.of(scaled).put(VALUE, scaled);
  }

  static Law homogeneous(Claim.Homogeneous claim) {
    Function<Subject, Map<String, Node>> tripled =
        subject -> tripled(subject.around(claim.advantage()), claim.advantage());
    return new Law(
            "homogeneous",
            "with three times the advantage, loss and gradient are three times as large",
            "L(3" + claim.advantage() + ") = 3L, ∇L(3" + claim.advantage() + ") = 3∇L",
            1e-9,
            "another order of multiplication",
            (subject, trial, tolerance) -> {
              BoundLoss bound = subject.around(claim.advantage());
              Map<String, Node> gradients = subject.derived(tripled);
              Node scaled = gradients.get(VALUE).get();
              Evaluations known = subject.on(trial);
              Seq<Violation> found =
                  Violation.between(
                      "value",
                      known.number(scaled),
                      3 * known.number(bound.value()),
                      tolerance * known.scale(scaled));
              for (var gradient : bound.gradients()) {
                double[] left =
                    gradients
                        .get(gradient._1)
                        .map(known::of)
                        .getOrElse(new double[trial.samples().size(gradient._2.level())]);
                double[] right = Arrays.stream(known.of(gradient._2)).map(x -> 3 * x).toArray();
                double scale = 3 * known.scale(gradient._2);
                found =
                    found.appendAll(
                        Violation.between("d/d" + gradient._1, left, right, tolerance * scale));
              }
              return found;
            })
        .except(Trial.Kind.EXTREME);
  }

  static Law sign(Claim.Sign claim) {
    return new Law(
        "sign",
        "a small step never lowers the log-probability of a token with positive advantage, nor"
            + " raises that of one with negative advantage",
        "−" + claim.advantage() + "·∂L/∂log π ≥ 0",
        0,
        "a sign is not rounded",
        (subject, trial, tolerance) -> {
          BoundLoss bound = subject.around(claim.advantage());
          Evaluations known = subject.on(trial);
          double[] a = known.of(Symbols.perToken(bound, claim.advantage()));
          double[] g =
              bound
                  .gradients()
                  .get(Columns.LOG_PROB)
                  .map(known::of)
                  .getOrElse(new double[a.length]);
          return List.range(0, a.length)
              .filter(t -> -a[t] * g[t] < 0)
              .map(
                  t ->
                      new Violation.Fact(
                          "−A·d/dlog_prob[" + t + "] is " + -a[t] * g[t] + " with A = " + a[t]));
        });
  }
}
