package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What float32 leaves of a part. */
final class PrecisionLaws {
  /** How far policies are from each other at most after some steps of training. */
  private static final double NEAR = 1.5e-3;

  /** A gradient below this is what float64 rounds where there is none. */
  private static final double ROUNDING = 1e-14;

  /**
   * What float32 rounds of 1. The gradient of a preference or a distribution is a difference of
   * probabilities: it is no more precise than they are where it vanishes.
   */
  private static final double OF_ONE = 0x1p-23;

  private PrecisionLaws() {}

  static PartLaws.Presumed near() {
    return PartLaws.law(
        "single-precision",
        "where the policies are near each other, float32 finds the gradient of a part, and the"
            + " value of a penalty: nothing of order 1 is subtracted from what is as large",
        "|log π − log π′| ≈ 1e-3 ⇒ fl32(∂L/∂log π) ≈ ∂L/∂log π",
        2e-3,
        "a log-ratio of 1e-3 between log-probabilities of order 1 has four digits in float32",
        role ->
            role.role() != Role.UNKNOWN
                && Graph.below(List.of(role.whole()))
                    .forAll(node -> !(node instanceof Node.Quantile)), // float32 has other orders
        PrecisionLaws::near,
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> near(Isolated part, Trial trial, double tolerance) {
    Samples samples = near(trial);
    Reference exact = new Reference(samples, trial.parameters());
    Reference single = Reference.single(samples, trial.parameters());
    // what stands beside a penalty in its part may cancel, as advantages of one prompt do
    boolean penalty =
        part.presumed().role() == Role.REGULARISER && part.presumed().beside().isEmpty();
    Seq<Node> terms = part.terms(Columns.LOG_PROB);
    return (penalty ? terms : terms.tail())
        .flatMap(
            term -> {
              double[] expected = exact.of(term);
              if (Scale.size(expected) < ROUNDING) {
                return List.empty(); // nothing is left of it
              }
              return Violation.between(
                  part.presumed().part()
                      + ": "
                      + (term.level() == Level.Name.BATCH ? "value" : "d/dlog_prob")
                      + " in float32",
                  single.of(term),
                  expected,
                  Math.max(
                      term.level() == Level.Name.BATCH ? 0 : OF_ONE,
                      tolerance * Scale.size(expected)));
            });
  }

  /** Policies a thousandth apart, in numbers that float32 has. */
  private static Samples near(Trial trial) {
    Samples samples = trial.samples();
    Random random = new Random(trial.seed());
    double[] policy =
        Arrays.stream(samples.column(Columns.LOG_PROB).get()).map(x -> (float) x).toArray();
    samples = samples.with(Columns.LOG_PROB, Level.Name.TOKEN, policy);
    for (String other : Columns.LOG_PROBS.remove(Columns.LOG_PROB)) {
      if (samples.level(other).contains(Level.Name.TOKEN)) {
        double[] moved = new double[policy.length];
        Arrays.setAll(moved, t -> (float) (policy[t] + NEAR * (2 * random.nextDouble() - 1)));
        samples = samples.with(other, Level.Name.TOKEN, moved);
      }
    }
    return samples;
  }
}
