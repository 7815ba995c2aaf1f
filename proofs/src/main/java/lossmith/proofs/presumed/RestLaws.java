package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Where a distance pulls nowhere, and where it must still pull. */
final class RestLaws {
  /** A value far above or below every return. */
  private static final double FAR = 1e6;

  private RestLaws() {}

  static PartLaws.Presumed atRest() {
    return PartLaws.law(
        "at-rest",
        "averaged exactly over all tokens that could have been sampled, a penalty or a distillation"
            + " leaves a policy where it is that is the other policy already",
        "π = π′ ⇒ Σ_v π(v)·∇L(v) = 0",
        1e-9,
        "five summands of order 1",
        role -> role.role() == Role.REGULARISER || role.role() == Role.DISTILLATION,
        RestLaws::atRest,
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed zero() {
    return PartLaws.law(
        "distillation-zero",
        "a divergence from a teacher is 0 where the policy is the teacher",
        "π = π_ref ⇒ D = 0",
        1e-9,
        "five summands of order 1",
        role ->
            role.role() == Role.DISTILLATION
                && role.beside().isEmpty()
                && role.read().equals(HashSet.of(Columns.LOG_PI, Columns.REFERENCE_LOG_PI))
                && !Graph.below(List.of(role.whole())).exists(Node.Rank.class::isInstance)
                && !role.carriers().forAll(RestLaws::isCrossEntropy),
        (part, trial, tolerance) -> {
          Trial usual = PartLaws.usual(part, trial);
          Samples samples = usual.samples();
          Trial agreed =
              PartLaws.with(
                  usual,
                  samples.with(BoundLoss.LOGITS, samples.grid(Columns.REFERENCE_LOG_PI).get()));
          return Violation.between(
              part.presumed().part() + ": its value where the policy is the teacher",
              new Reference(agreed.samples(), usual.parameters().put(Columns.TEMPERATURE, 1.0))
                  .number(part.valueAtLogits()),
              0,
              tolerance);
        },
        Trial.Kind.ORDINARY);
  }

  /** −Σ_v p(v) log π(v) is KL(p ‖ π) and the entropy of the teacher, which nobody trains. */
  private static boolean isCrossEntropy(Node carrier) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(carrier)))
        .exists(
            product ->
                product.op() == BinaryOp.PROB_TIMES
                    && !product.left().live()
                    && Graph.only(Node.Input.class, Graph.below(List.of(product.right())))
                        .forAll(input -> input.name().equals(Columns.LOG_PI)));
  }

  private static Seq<Violation> atRest(Isolated part, Trial trial, double tolerance) {
    return part.atLogits()
        .filter(slope -> ExpectedGradient.enumerable(Inputs.of(List.of(slope)).columns()))
        .filter(slope -> trial.samples().tokens() > 0)
        .toList()
        .flatMap(slope -> moves(part, slope, trial, tolerance));
  }

  private static Seq<Violation> moves(Isolated part, Node slope, Trial trial, double tolerance) {
    double[] policy = ExpectedGradient.policy(trial);
    ExpectedGradient found = ExpectedGradient.of(slope, trial, policy, policy);
    double most = Scale.size(found.gradient());
    double size = Arrays.stream(found.size()).sum();
    return most <= tolerance * (1 + size)
        ? List.empty()
        : List.of(
            PartLaws.at(
                part,
                "where both policies are one, the largest entry of the expected gradient, at token",
                0,
                most));
  }

  static PartLaws.Presumed valueFar() {
    return PartLaws.law(
        "value-far",
        "a value that is pulled to its return when it is near is pulled when it is far away too",
        "∂L/∂V ≠ 0 at V = R ± 1 ⇒ ∂L/∂V ≠ 0 far away",
        0,
        "a zero is not rounded",
        role -> role.role() == Role.VALUE_REGRESSION,
        (part, trial, tolerance) -> far(part, trial, FAR).appendAll(far(part, trial, -FAR)),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Violation> far(Isolated part, Trial any, double value) {
    Trial trial = PartLaws.usual(part, any);
    double[] near = part.slope(Columns.VALUE, trial);
    double[] away = part.slope(Columns.VALUE, PartLaws.changed(trial, Columns.VALUE, x -> value));
    return List.range(0, near.length)
        .filter(t -> near[t] != 0 && away[t] == 0)
        .map(t -> PartLaws.at(part, "with V = " + value + ", d/dvalue", t, "0"));
  }

  static PartLaws.Presumed valueCausal() {
    return PartLaws.law(
        "value-causal",
        "what a token earned moves its own value and those before it, not those of later tokens",
        "∂²L/∂V_s∂r_t = 0 for s > t",
        1e-9,
        "the same arithmetic",
        role ->
            role.role() == Role.VALUE_REGRESSION
                && role.read().contains(Columns.TOKEN_REWARD)
                && Graph.below(role.carriers()).forAll(RestLaws::isOfAResponse),
        RestLaws::causal,
        Trial.Kind.ORDINARY);
  }

  /** What is normalised over more than a response is moved by each reward of it. */
  private static boolean isOfAResponse(Node node) {
    return node.level() != Level.Name.BATCH && node.level() != Level.Name.GROUP;
  }

  private static Seq<Violation> causal(Isolated part, Trial trial, double tolerance) {
    double[] here = part.slope(Columns.VALUE, trial);
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double scale = tolerance * (1 + Scale.size(here));
    return List.range(0, here.length - 1)
        .filter(t -> of[t] == of[t + 1])
        .flatMap(
            t -> {
              Trial more = PartLaws.moved(trial, Columns.TOKEN_REWARD, t, 1);
              return Violation.between(
                  part.presumed().part()
                      + ": d/dvalue of token "
                      + (t + 1)
                      + ", with a reward more by 1 at the token before it",
                  part.slope(Columns.VALUE, more)[t + 1],
                  here[t + 1],
                  scale);
            });
  }
}
