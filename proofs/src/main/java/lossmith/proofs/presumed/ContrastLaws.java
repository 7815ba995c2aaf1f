package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** Responses are told from each other by their rewards. */
final class ContrastLaws {
  /** Rewards that differ by less say little about their baseline. */
  private static final double APART = 1e-3;

  private ContrastLaws() {}

  static PartLaws.Presumed bothSides() {
    return PartLaws.law(
        "baseline-between",
        "a baseline is between the rewards that it is made of: less their baseline some are above 0"
            + " and some below, where they differ",
        "min_i R_i < b < max_i R_i",
        0,
        "a sign is not rounded where rewards differ by a thousandth",
        role -> differences(role).nonEmpty(),
        (part, trial, tolerance) ->
            differences(part.presumed()).flatMap(node -> between(part, node, trial)),
        Trial.Kind.ORDINARY);
  }

  static PartLaws.Presumed together() {
    return PartLaws.Presumed.ofPart(
        new Law(
                "tokens-together",
                "what is made of a response's tokens, or of a prompt's responses, is made of all of"
                    + " them: the gradient goes to none for being the smallest or the largest",
                "L ∌ ∇ min_t, ∇ max_t",
                0,
                "structure, nothing is rounded",
                (subject, trial, tolerance) ->
                    subject
                        .presumed()
                        .flatMap(
                            part ->
                                extremes(part.presumed())
                                    .map(
                                        extreme ->
                                            new Violation.Fact(
                                                part.presumed().part()
                                                    + ": the gradient goes to the "
                                                    + extreme.op()
                                                    + " per "
                                                    + extreme.to()
                                                    + " alone"))))
            .once(),
        role -> reduces(role).nonEmpty());
  }

  /** What carries the gradient is reduced from tokens or responses. */
  private static Seq<Node.Reduce> reduces(PresumedRole role) {
    return Graph.only(Node.Reduce.class, Graph.below(List.of(role.whole())))
        .filter(reduce -> reduce.live() && reduce.of().level() != Level.Name.VOCABULARY);
  }

  private static Seq<Node.Reduce> extremes(PresumedRole role) {
    return reduces(role)
        .filter(reduce -> reduce.op() == ReduceOp.MIN || reduce.op() == ReduceOp.MAX);
  }

  /** Rewards of responses, less a statistic of the same. */
  private static Seq<Node.Binary> differences(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(role.advantages()))
        .filter(
            node ->
                node.op() == BinaryOp.MINUS
                    && node.level() == Level.Name.SEQUENCE
                    && isOfRewards(node.left())
                    && statistics(node).nonEmpty()
                    && Graph.below(List.of(node.right()))
                        .removeAll(Graph.below(List.of(node.left())))
                        .forAll(ContrastLaws::isOfThem));
  }

  /** Whether what is made of rewards is made of them and of numbers alone. */
  private static boolean isOfThem(Node node) {
    return !(node instanceof Node.Input
        || node instanceof Node.ParameterValue
        || (node instanceof Node.Count count && count.from() == Level.Name.TOKEN));
  }

  private static Seq<Node.Reduce> statistics(Node.Binary node) {
    Node left = PresumedRole.plain(node.left());
    return Graph.only(Node.Reduce.class, Graph.below(List.of(node.right())))
        .filter(
            reduce ->
                reduce.op() != ReduceOp.ULP
                    && reduce.op() != ReduceOp.STD
                    && reduce.where().isEmpty()
                    && reduce.to().compareTo(Level.Name.SEQUENCE) > 0
                    && PresumedRole.plain(reduce.of()).equals(left));
  }

  /** Rewards, and whatever is added to them that no policy says. */
  private static boolean isOfRewards(Node node) {
    Seq<String> read =
        Graph.only(Node.Input.class, Graph.below(List.of(node))).map(Node.Input::name);
    return read.contains(Columns.REWARD)
        && !read.exists(name -> Columns.LOG_PROBS.contains(name) || name.equals(Columns.LOG_PI));
  }

  private static Seq<Violation> between(Isolated part, Node.Binary node, Trial trial) {
    Reference known = new Reference(trial.samples(), trial.parameters());
    double[] x = known.of(node.left());
    double[] less = known.of(node);
    Level.Name to = statistics(node).map(Node.Reduce::to).max().get();
    int[] of = trial.samples().parents(Level.Name.SEQUENCE, to);
    return List.range(0, trial.samples().size(to))
        .flatMap(
            whole -> {
              Seq<Integer> members = List.range(0, of.length).filter(i -> of[i] == whole);
              double spread = most(members, x) + most(members, negated(x));
              boolean above = most(members, less) > 0;
              boolean below = most(members, negated(less)) > 0;
              return members.size() > 1 && spread > APART && !(above && below)
                  ? List.of(
                      new Violation.Fact(
                          part.presumed().part()
                              + ": less their baseline the rewards "
                              + members.map(i -> "" + x[i]).mkString(", ")
                              + " are "
                              + members.map(i -> "" + less[i]).mkString(", ")))
                  : List.<Violation>empty();
            });
  }

  private static double most(Seq<Integer> members, double[] x) {
    return members.map(i -> x[i]).max().getOrElse(Double.NEGATIVE_INFINITY);
  }

  private static double[] negated(double[] x) {
    return java.util.Arrays.stream(x).map(y -> -y).toArray();
  }
}
