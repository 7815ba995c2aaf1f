package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.function.BiFunction;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.ops.Evaluation;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Ties;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** An absent column is replaced by the term that its loss names, and by nothing else. */
public final class FallbackLaws {
  private FallbackLaws() {}

  public static Law absent() {
    return new Law(
            "absent-columns",
            "a column that is absent counts as the term that stands for it, written as a column: in"
                + " value, a few rows at a time, whole and in pieces, and in gradient but for a"
                + " loss that takes an |x|, a least or a largest x (of zeros a rounding decides"
                + " which has the slope), where no rounding decides the order of what the term"
                + " makes equal; the evaluation says what stood in, and nothing where the column is"
                + " there",
            "L(x without c) = L(x, c := default(x))",
            1e-9,
            "another order of summation",
            (subject, trial, tolerance) ->
                violations(subject, trial, tolerance, (s, t) -> s.rowwise().whole(t))
                    .appendAll(
                        violations(
                            subject,
                            trial,
                            tolerance,
                            (s, t) -> s.rowwise().pieces(t, WindowLaws.cuts(t)))))
        .on(Trial.Kind.ORDINARY);
  }

  /**
   * The columns whose absence is not what it should be; one that some term reads without a default
   * may not be absent.
   *
   * @param evaluate gives the numbers of a subject on a case
   */
  public static Seq<Violation> violations(
      Subject subject,
      Trial trial,
      double tolerance,
      BiFunction<Subject, Trial, Evaluation> evaluate) {
    Seq<Node.Input> columns = List.ofAll(Inputs.withDefaults(subject.loss()).columns());
    Set<String> needed =
        columns.filter(input -> input.otherwise().isEmpty()).map(Node.Input::name).toSet();
    return columns
        .filter(input -> input.otherwise().isDefined() && !needed.contains(input.name()))
        .filter(input -> input.level() != Level.Name.VOCABULARY)
        .flatMap(input -> absent(subject, trial, tolerance, input, evaluate));
  }

  private static Seq<Violation> absent(
      Subject subject,
      Trial trial,
      double tolerance,
      Node.Input input,
      BiFunction<Subject, Trial, Evaluation> evaluate) {
    Samples without = trial.samples().without(input.name());
    double[] numbers = new Reference(without, trial.parameters()).of(input.otherwise().get());
    Trial written = with(trial, without.with(input.name(), input.level(), numbers));
    Evaluation left = evaluate.apply(subject, with(trial, without));
    Evaluation right = evaluate.apply(subject, written);
    BoundLoss bound = subject.bound(Surface.LOGITS);
    Evaluations known = subject.on(written);
    double slope = tolerance * MeaningLaws.scale(bound, BoundLoss.LOGITS, known);
    boolean ordered = Ties.undecided(subject, written).isDefined();
    Seq<Violation> value =
        ordered
            ? List.empty()
            : Violation.between(
                "value without " + input.name(),
                left.value(),
                right.value(),
                tolerance * known.scale(bound.value()));
    return value
        .appendAll(
            ordered || hasKinkAtZero(subject)
                ? List.empty()
                : Violation.between(
                    "d/dlogits without " + input.name(), gradient(left), gradient(right), slope))
        .appendAll(said(input.name(), left, true))
        .appendAll(said(input.name(), right, false));
  }

  private static boolean hasKinkAtZero(Subject subject) {
    return Graph.below(subject.loss().parts().values().map(part -> part.node()))
        .filter(Node::live)
        .exists(
            node ->
                (node instanceof Node.Unary x && x.op() == UnaryOp.ABS)
                    || (node instanceof Node.Reduce end
                        && (end.op() == ReduceOp.MIN || end.op() == ReduceOp.MAX)));
  }

  private static Seq<Violation> said(String column, Evaluation found, boolean absent) {
    return found.fallbacks().containsKey(column) == absent
        ? List.empty()
        : List.of(
            new Violation.Fact(
                column + (absent ? " was absent, and nothing says so" : " was there, not used")));
  }

  private static double[] gradient(Evaluation found) {
    return found.gradients().get(BoundLoss.LOGITS).get();
  }

  private static Trial with(Trial trial, Samples samples) {
    return new Trial(trial.seed(), trial.kind(), samples, trial.parameters());
  }
}
