package lossmith.proofs.presumed;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Direction;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Advantages that are traced back along a response from the errors of a value. */
final class EstimateLaws {
  private EstimateLaws() {}

  static PartLaws.Presumed ownValue() {
    return presumed(
        "own-value",
        "in a recurrence over a response, the value of a token is what its own return is compared"
            + " with: it enters with the factor -1, or not at all",
        "π_old = π ⇒ ∂A_t/∂V_t ∈ {−1, 0}",
        1e-9,
        "a difference of numbers of order 1",
        EstimateLaws::ownValue);
  }

  static PartLaws.Presumed ownReward() {
    return presumed(
        "own-reward",
        "in a recurrence over a response, what a token earned counts for itself: its own estimate"
            + " sees its reward",
        "π_old = π ⇒ ∂A_t/∂r_t ≠ 0",
        1e-9,
        "a difference of numbers of order 1",
        EstimateLaws::ownReward);
  }

  /** None sees its own: that of some may be moved elsewhere, such as to another turn. */
  private static Seq<Violation> ownReward(Subject subject, Trial any, double tolerance) {
    Trial trial = unmasked(StepLaws.onePolicy(any));
    Seq<Node> scans = traced(subject).filter(scan -> columns(scan).contains(Columns.TOKEN_REWARD));
    Seq<double[]> here = scans.map(new Reference(trial.samples(), trial.parameters())::of);
    int tokens = trial.samples().tokens();
    return scans
        .zipWithIndex()
        .filter(
            scan ->
                tokens > 0
                    && List.range(0, tokens)
                        .forAll(
                            t -> {
                              Trial moved = PartLaws.moved(trial, Columns.TOKEN_REWARD, t, 1);
                              Reference there = new Reference(moved.samples(), moved.parameters());
                              return Math.abs(there.of(scan._1)[t] - here.get(scan._2)[t])
                                  <= tolerance * 10;
                            }))
        .map(
            scan ->
                new Violation.Fact(
                    "the estimate of no token is another one where its own reward is"));
  }

  /** The case with every mask 1. */
  private static Trial unmasked(Trial trial) {
    return trial
        .samples()
        .columns()
        .filter(PresumedRole::isMask)
        .foldLeft(trial, (all, mask) -> PartLaws.changed(all, mask, x -> 1));
  }

  static PartLaws.Presumed causal() {
    return PartLaws.Presumed.ofPart(
        new Law(
                "reward-causal",
                "in a recurrence over a response, what a token earned is to the credit of the"
                    + " tokens before it: its first token sees the last reward before the last"
                    + " token sees the first one",
                "∂x_first/∂r_last = 0 ⇒ ∂x_last/∂r_first = 0",
                1e-9,
                "a difference of numbers of order 1",
                EstimateLaws::causal)
            .on(Trial.Kind.ORDINARY),
        role -> role.role().policyGradient() && recurrences(role.advantages()).nonEmpty());
  }

  /**
   * The recurrences that add up rewards of tokens, or log-ratios to a teacher in their place, and
   * read no more than one response.
   */
  private static Seq<Node> recurrences(Seq<Node> nodes) {
    return Graph.only(Node.Scan.class, Graph.below(nodes))
        .filter(
            scan ->
                !scan.live()
                    && earned(scan).isDefined()
                    && Graph.below(List.of(scan)).forAll(EstimateLaws::isOfAResponse))
        .map(Node.class::cast);
  }

  /**
   * The largest sums that are made of them: what was earned before a token is added up as well, to
   * be taken from all that was earned.
   */
  private static Seq<Node> largest(Node value) {
    return recurrences(List.of(value))
        .map(
            scan ->
                Graph.first(
                        value,
                        node ->
                            !node.live()
                                && node.level() == Level.Name.TOKEN
                                && earned(node).isDefined()
                                && Graph.below(List.of(node)).contains(scan)
                                && Graph.below(List.of(node)).forAll(EstimateLaws::adds))
                    .headOption()
                    .getOrElse(scan))
        .distinct();
  }

  private static boolean adds(Node node) {
    boolean sum =
        node instanceof Node.Binary binary
            ? binary.op() == BinaryOp.PLUS || binary.op() == BinaryOp.MINUS
            : node instanceof Node.Leaf
                || node instanceof Node.Named
                || node instanceof Node.Broadcast
                || node instanceof Node.StopGradient
                || node instanceof Node.Neighbour
                || node instanceof Node.Scan
                || (node instanceof Node.Reduce reduce && reduce.op() == ReduceOp.SUM);
    return sum && isOfAResponse(node);
  }

  /** What tokens earn; how far policies are apart, without a sign, is no reward. */
  private static Option<String> earned(Node scan) {
    boolean sizes =
        Graph.below(List.of(scan))
            .exists(
                node ->
                    node instanceof Node.Unary unary
                        && (unary.op() == UnaryOp.ABS || unary.op() == UnaryOp.SQUARE));
    return List.of(Columns.TOKEN_REWARD, Columns.REFERENCE_LOG_PROB)
        .filter(columns(scan)::contains)
        .filter(name -> name.equals(Columns.TOKEN_REWARD) || !sizes)
        .headOption();
  }

  private static boolean isOfAResponse(Node node) {
    return node.level() != Level.Name.GROUP
        && (node.level() != Level.Name.BATCH || columns(node).isEmpty());
  }

  private static Seq<Violation> causal(Subject subject, Trial any, double tolerance) {
    Trial trial = StepLaws.onePolicy(any);
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    return largest(subject.bound(Surface.STATISTICS).value())
        .flatMap(
            scan ->
                List.range(0, of.length)
                    .filter(t -> t == 0 || of[t - 1] != of[t])
                    .map(first -> Tuple.of(first, last(of, first)))
                    .filter(
                        ends ->
                            moves(scan, trial, ends._2, ends._1, tolerance)
                                && !moves(scan, trial, ends._1, ends._2, tolerance)))
        .map(
            ends ->
                new Violation.Fact(
                    "the reward of token "
                        + ends._1
                        + " is seen by the recurrence at token "
                        + ends._2
                        + " of its response, and not the other way round"));
  }

  private static int last(int[] of, int first) {
    int last = first;
    while (last + 1 < of.length && of[last + 1] == of[first]) {
      last++;
    }
    return last;
  }

  private static boolean moves(Node scan, Trial trial, int token, int reward, double tolerance) {
    Trial moved = PartLaws.moved(trial, earned(scan).get(), reward, 1);
    double here = new Reference(trial.samples(), trial.parameters()).of(scan)[token];
    double there = new Reference(moved.samples(), moved.parameters()).of(scan)[token];
    return token != reward && Math.abs(there - here) > tolerance * 10;
  }

  static PartLaws.Presumed nothing() {
    return new PartLaws.Presumed(
        new Law(
                "nothing-earned",
                "where every reward and every value is 0, no token has earned anything: what is"
                    + " made of them over a response is 0",
                "R = 0, V = 0 ⇒ A = 0",
                1e-12,
                "sums of zeros",
                EstimateLaws::nothing)
            .on(Trial.Kind.ORDINARY),
        subject ->
            subject.presumed().exists(part -> speaks(part.presumed()))
                || ReturnLaws.estimates(subject).nonEmpty());
  }

  private static PartLaws.Presumed presumed(
      String name, String statement, String formula, double tolerance, String why, Law.Check law) {
    return PartLaws.Presumed.ofPart(
        new Law(name, statement, formula, tolerance, why, law).on(Trial.Kind.ORDINARY),
        EstimateLaws::speaks);
  }

  private static boolean speaks(PresumedRole role) {
    return role.role().policyGradient() && traced(role.advantages()).nonEmpty();
  }

  /** The recurrences from the end of a response that read its values, but for those in others. */
  private static Seq<Node> traced(Seq<Node> nodes) {
    return nodes.flatMap(node -> Graph.first(node, EstimateLaws::traces)).distinct();
  }

  private static boolean traces(Node node) {
    return node instanceof Node.Scan scan
        && scan.direction() == Direction.BACKWARD
        && !scan.live()
        && columns(scan).contains(Columns.VALUE);
  }

  private static Seq<String> columns(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node), Node::children))
        .map(Node.Input::name)
        .distinct();
  }

  private static Seq<Node> traced(Subject subject) {
    return traced(List.of(subject.bound(Surface.STATISTICS).value()));
  }

  private static Seq<Violation> ownValue(Subject subject, Trial any, double tolerance) {
    Trial trial = StepLaws.onePolicy(any);
    Seq<Node> scans = traced(subject);
    Seq<double[]> here = scans.map(new Reference(trial.samples(), trial.parameters())::of);
    return List.range(0, trial.samples().tokens())
        .flatMap(
            t -> {
              Trial moved = PartLaws.moved(trial, Columns.VALUE, t, 1);
              Reference there = new Reference(moved.samples(), moved.parameters());
              return scans
                  .zip(here)
                  .map(scan -> there.of(scan._1)[t] - scan._2[t])
                  .filter(by -> Math.abs(by + 1) > tolerance * 10 && Math.abs(by) > tolerance * 10)
                  .map(
                      by ->
                          new Violation.Fact(
                              "with the value of token "
                                  + t
                                  + " more by 1, its own estimate is more by "
                                  + by));
            });
  }

  private static Seq<Violation> nothing(Subject subject, Trial any, double tolerance) {
    return traced(subject)
        .appendAll(ReturnLaws.estimates(subject))
        .flatMap(
            scan -> {
              Trial none =
                  columns(scan)
                      .removeAll(Columns.LOG_PROBS)
                      .remove(Columns.POSITION)
                      .foldLeft(
                          StepLaws.onePolicy(any),
                          (all, name) -> PartLaws.changed(all, name, x -> 0));
              double[] a = new Reference(none.samples(), none.parameters()).of(scan);
              return Violation.between(
                  "the estimate where nothing was earned", a, new double[a.length], tolerance);
            });
  }
}
