package lossmith.proofs.meant;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** By how much a chosen response must lead, and that each pair is asked for itself. */
final class LeadLaws {
  /** A number that keeps something from 0 asks for nothing. */
  private static final double GUARD = 1e-3;

  private static final Set<UnaryOp> SQUASHING =
      HashSet.of(UnaryOp.SIGMOID, UnaryOp.LOG_SIGMOID, UnaryOp.SOFTPLUS);

  private static final List<String> MARGINS = List.of("margin", "margins", "gamma");

  private LeadLaws() {}

  /** SimPO, eq 6: log σ(β·(s_w − s_l) − γ). */
  static PartLaws.Presumed asked() {
    return PartLaws.law(
        "lead-asked",
        "what is taken from the difference between a chosen and a rejected response asks for a"
            + " lead, so that the loss of no pair is smaller with it: a margin is subtracted, not"
            + " added",
        "ℓ(h − γ) ≥ ℓ(h), γ ≥ 0",
        1e-12,
        "a sum of few summands",
        role -> role.role() == Role.PREFERENCE_PAIR && margins(role.whole()).nonEmpty(),
        (part, trial, tolerance) ->
            margins(part.bound().value())
                .flatMap(sum -> asked(part, sum, PartLaws.usual(part, trial), tolerance))
                .take(1),
        Trial.Kind.ORDINARY);
  }

  /** Sums of a difference between responses and a number, or a column that is called a margin. */
  private static Seq<Node.Binary> margins(Node whole) {
    return Graph.only(Node.Binary.class, Graph.below(links(whole)))
        .filter(
            sum ->
                (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
                    && sum.left().live() != sum.right().live()
                    && isMargin(held(sum)));
  }

  private static Node held(Node.Binary sum) {
    return PresumedRole.plain(sum.left().live() ? sum.right() : sum.left());
  }

  private static boolean isMargin(Node held) {
    return held instanceof Node.Constant number
        ? Math.abs(number.value()) >= GUARD && Double.isFinite(number.value())
        : margin(held).nonEmpty();
  }

  private static Seq<String> margin(Node held) {
    Seq<String> read =
        Graph.only(Node.Input.class, Graph.below(List.of(held))).map(Node.Input::name).distinct();
    return read.size() == 1 && List.of(read.head().split("_", -1)).exists(MARGINS::contains)
        ? read
        : List.empty();
  }

  private static Seq<Violation> asked(Isolated part, Node.Binary sum, Trial any, double tolerance) {
    Node held = held(sum);
    Trial trial =
        margin(held).foldLeft(any, (all, name) -> PartLaws.changed(all, name, x -> Math.abs(x)));
    Node value = part.bound().value();
    Reference known = new Reference(trial.samples(), trial.parameters());
    boolean turned = sum.op() == BinaryOp.MINUS && sum.right().live();
    double[] difference =
        Arrays.stream(known.of(sum.left().live() ? sum.left() : sum.right()))
            .map(x -> turned ? -x : x)
            .toArray();
    double with = known.number(value);
    double without =
        new Reference(trial.samples(), trial.parameters()).given(sum, difference).number(value);
    return with < without - tolerance * (1 + Math.abs(without))
        ? List.of(
            new Violation.Fact(
                part.presumed().part()
                    + ": the rejected response may lead by it, as it makes the loss smaller, "
                    + with
                    + " instead of "
                    + without
                    + ": "
                    + PartLaws.text(held)
                    + " is to be subtracted from the difference"))
        : List.empty();
  }

  /** What makes a loss of a difference between responses. */
  private static Seq<Node> links(Node whole) {
    return Graph.below(List.of(whole)).filter(LeadLaws::isLink);
  }

  private static boolean isLink(Node node) {
    return node.live()
        && ((node instanceof Node.Unary unary
                && (SQUASHING.contains(unary.op())
                    || (unary.op() == UnaryOp.LOG1P
                        && unary.of() instanceof Node.Unary inner
                        && inner.op() == UnaryOp.EXP)))
            || (node instanceof Node.Binary hinge
                && hinge.op() == BinaryOp.MAX
                && !(hinge.left().live() && hinge.right().live())));
  }

  static PartLaws.Presumed eachPair() {
    return PartLaws.law(
        "pair-alone",
        "each pair has a loss of its own, and the mean is taken of the losses: a logistic loss, a"
            + " hinge or a square of the mean of all pairs asks the chosen responses to be ahead on"
            + " average alone",
        "L = mean_pairs ℓ(h), not ℓ(mean_pairs h)",
        0,
        "structure, nothing is rounded",
        role -> role.role() == Role.PREFERENCE_PAIR && role.read().contains(Columns.SIGN),
        (part, trial, tolerance) ->
            part.presumed()
                .carriers()
                .map(PresumedRole::plain)
                .filter(
                    carrier ->
                        carrier.level() == Level.Name.BATCH
                            && (isLink(carrier)
                                || (carrier instanceof Node.Unary square
                                    && square.op() == UnaryOp.SQUARE)))
                .take(1)
                .map(
                    carrier ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": one loss of all pairs is "
                                + PartLaws.text(carrier)
                                + "; the mean over the pairs comes last")),
        Trial.Kind.ORDINARY);
  }
}
