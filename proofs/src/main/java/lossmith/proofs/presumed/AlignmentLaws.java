package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * Each token has its own numbers, what is counted is what is added up, bounds are on their side.
 */
final class AlignmentLaws {
  /** Roles that are taken over all tokens of a batch; what is imitated is chosen. */
  private static final Set<Role> OF_THE_BATCH =
      HashSet.of(
          Role.POLICY_SURROGATE,
          Role.REINFORCE,
          Role.IMPORTANCE_WEIGHTED,
          Role.REGULARISER,
          Role.ENTROPY_BONUS,
          Role.VALUE_REGRESSION);

  private static final Set<Role> CLIPPED = HashSet.of(Role.POLICY_SURROGATE, Role.VALUE_REGRESSION);

  private AlignmentLaws() {}

  static PartLaws.Presumed everyToken() {
    return PartLaws.law(
        "every-token",
        "where nothing selects, no token is left out: where all policies are one and the advantage"
            + " is 1, each has a gradient",
        "π_old = π, A = 1 ⇒ ∂L/∂log π_t ≠ 0",
        0,
        "a zero is not rounded",
        role ->
            (role.role().policyGradient() || role.role() == Role.IMITATION)
                && beside(role).forAll(AlignmentLaws::selectsNothing),
        (part, trial, tolerance) -> left(part, StepLaws.onePolicy(PartLaws.usual(part, trial))),
        Trial.Kind.ORDINARY);
  }

  /** All of a part but what is 1 in the step that is looked at. */
  private static Seq<Node> beside(PresumedRole role) {
    Seq<Node> scales = role.scales();
    return Graph.down(
        List.of(role.whole()), node -> scales.contains(node) ? List.empty() : node.children());
  }

  /**
   * The sign of a pair selects as a condition does; what rejects tokens by how far policies are
   * from each other rejects none where they are one.
   */
  private static boolean selectsNothing(Node node) {
    return (!node.condition() || PresumedRole.compares(node))
        && !(node instanceof Node.Input input && input.name().equals(Columns.SIGN));
  }

  private static Seq<Violation> left(Isolated part, Trial on) {
    double[] slope = part.unscaled(Columns.LOG_PROB, on);
    boolean sampled = part.unscaled().gradients().containsKey(Columns.LOG_PROB);
    return List.range(0, sampled ? slope.length : 0)
        .filter(t -> slope[t] == 0)
        .map(t -> PartLaws.at(part, "d/dlog_prob", t, "0, and nothing leaves this token out"));
  }

  static PartLaws.Presumed wholeResponses() {
    return PartLaws.law(
        "whole-responses",
        "where responses are selected and no tokens, all tokens of a response are imitated or"
            + " none",
        "∂L/∂log π_t = 0 ⇔ ∂L/∂log π_u = 0 within a response",
        0,
        "a zero is not rounded",
        role ->
            role.role() == Role.IMITATION
                && Graph.below(List.of(role.whole())).forAll(AlignmentLaws::isOfResponses),
        (part, trial, tolerance) -> {
          double[] slope = part.slope(Columns.LOG_PROB, PartLaws.usual(part, trial));
          int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
          return List.range(1, slope.length)
              .filter(t -> of[t] == of[t - 1] && (slope[t] == 0) != (slope[t - 1] == 0))
              .map(t -> PartLaws.at(part, "d/dlog_prob", t, slope[t] + ", after " + slope[t - 1]))
              .take(1);
        },
        Trial.Kind.ORDINARY);
  }

  /** Neither a column of tokens nor an order of them. */
  private static boolean isOfResponses(Node node) {
    return !(node instanceof Node.Rank
        || node instanceof Node.Quantile
        || node instanceof Node.Uniform
        || (node instanceof Node.Input input && input.level() == Level.Name.TOKEN));
  }

  static PartLaws.Presumed bounds() {
    return PartLaws.law(
        "bounds-named",
        "a bound that is called low is the lower one, one that is called high the upper one",
        "clip(x, 1 − low, 1 + high)",
        0,
        "structure, nothing is rounded",
        role -> clips(role).exists(clip -> isNamed(clip.low()) || isNamed(clip.high())),
        (part, trial, tolerance) ->
            clips(part.presumed())
                .filter(
                    clip ->
                        named(List.of(clip.low()), "high") || named(List.of(clip.high()), "low"))
                .map(
                    clip ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": the lower bound is made of a parameter that is called high, or"
                                + " the upper one of one that is called low")),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Node.Clip> clips(PresumedRole role) {
    return Graph.only(Node.Clip.class, Graph.below(List.of(role.whole())));
  }

  private static boolean isNamed(Node bound) {
    return named(List.of(bound), "low") || named(List.of(bound), "high");
  }

  private static boolean named(Seq<Node> bounds, String word) {
    return Graph.parameters(bounds)
        .exists(parameter -> List.of(parameter.name().split("_", -1)).contains(word));
  }

  static PartLaws.Presumed counts() {
    return PartLaws.law(
        "count-of-the-sum",
        "a sum of what is selected is divided by the number of what is selected",
        "Σ_t 1[C]·x / Σ_t 1[C]",
        0,
        "structure, nothing is rounded",
        role -> quotients(role).nonEmpty(),
        (part, trial, tolerance) ->
            quotients(part.presumed())
                .filter(AlignmentLaws::countsOthers)
                .map(
                    quotient ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": the sum over some is divided by the number of others: "
                                + PartLaws.text(quotient))),
        Trial.Kind.ORDINARY);
  }

  private static Seq<Node.Binary> quotients(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(role.whole())))
        .filter(node -> node.op() == BinaryOp.DIVIDE && node.left() instanceof Node.Reduce);
  }

  private static boolean countsOthers(Node.Binary quotient) {
    Node.Reduce sum = (Node.Reduce) quotient.left();
    return sum.op() == ReduceOp.SUM
        && Graph.only(Node.Count.class, Graph.below(List.of(quotient.right())))
            .exists(
                count ->
                    count.from() == sum.of().level()
                        && count.to() == sum.to()
                        && !count.where().equals(sum.where()));
  }

  static PartLaws.Presumed selection() {
    return new PartLaws.Presumed(
        new Law(
                "one-selection",
                "what is added up over tokens with a gradient leaves out the same tokens in every"
                    + " part",
                "Σ_t 1[C]·x_t + β·Σ_t 1[C]·y_t",
                0,
                "structure, nothing is rounded",
                (subject, trial, tolerance) -> {
                  Seq<Option<Node>> selections = selections(subject);
                  return selections.distinct().size() > 1
                      ? List.of(
                          new Violation.Fact(
                              selections.count(Option::isDefined)
                                  + " of "
                                  + selections.size()
                                  + " sums over tokens leave out what is not selected"))
                      : List.empty();
                })
            .once(),
        subject ->
            subject.presumed().forAll(part -> OF_THE_BATCH.contains(part.presumed().role()))
                && selections(subject).exists(Option::isDefined));
  }

  /** What each outermost sum over tokens selects, of all parts. */
  private static Seq<Option<Node>> selections(Subject subject) {
    HashConsing sharing = new HashConsing();
    return List.ofAll(subject.loss().parts().values())
        .map(part -> sharing.of(part.node()))
        .flatMap(root -> Graph.first(root, AlignmentLaws::addsTokens))
        .map(sum -> ((Node.Reduce) sum).where());
  }

  private static boolean addsTokens(Node node) {
    return node instanceof Node.Reduce sum && sum.live() && sum.of().level() == Level.Name.TOKEN;
  }

  static PartLaws.Presumed bothSides() {
    return PartLaws.law(
        "clip-both-sides",
        "a ratio with a gradient that is clipped on one side of 1 is clipped on the other, and a"
            + " value on either side of what it was",
        "clip(r, 1 − ε, 1 + ε), clip(V − V_old, −ε, ε)",
        0,
        "structure, nothing is rounded",
        role -> CLIPPED.contains(role.role()) && clips(role).exists(Node::live),
        (part, trial, tolerance) ->
            clips(part.presumed())
                .filter(
                    clip ->
                        clip.live()
                            && PresumedRole.isEndless(clip.low())
                                != PresumedRole.isEndless(clip.high()))
                .map(
                    clip ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": "
                                + PartLaws.text(clip)
                                + " has no "
                                + (PresumedRole.isEndless(clip.low()) ? "lower" : "upper")
                                + " bound")),
        Trial.Kind.ORDINARY);
  }
}
