package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What is subtracted from a number and what it is divided by, where both are made of it. */
final class NormaliserLaws {
  private static final double SHIFT = 7;

  /** A power of two, so that nothing is rounded but the constant beside a std. */
  private static final double TIMES = 1024;

  private static final Set<ReduceOp> MEANS = HashSet.of(ReduceOp.MEAN, ReduceOp.SUM);

  private static final Set<ReduceOp> SCALES = HashSet.of(ReduceOp.STD, ReduceOp.MEAN);

  private NormaliserLaws() {}

  static PartLaws.Presumed centred() {
    return law(
        "centred",
        "what is less its own mean does not see what is added to all of it: a mean is subtracted,"
            + " not added, and as it is",
        "D(x + c) = D(x) for D = x − mean(x)",
        1e-6,
        "a constant of 1e-8 beside a count",
        NormaliserLaws::isCentred,
        MEANS,
        (node, x) -> Nodes.binary(BinaryOp.PLUS, x, Nodes.constant(SHIFT, x.level())));
  }

  static PartLaws.Presumed standardised() {
    return law(
        "standardised",
        "what is divided by its own std is the same in every unit",
        "D(cx) = D(x) for D = (x − mean(x)) / std(x)",
        2e-2,
        "a constant of up to 1e-4 beside a std",
        NormaliserLaws::isScaled,
        HashSet.of(ReduceOp.STD),
        (node, x) -> Nodes.binary(BinaryOp.TIMES, x, Nodes.constant(TIMES, x.level())));
  }

  static PartLaws.Presumed ofMean() {
    return law(
        "mean-normalised",
        "a number over its own mean or sum is the same in every unit",
        "D(cx) = D(x) for D = x / mean(x)",
        1e-4,
        "a constant of up to 1e-8 beside a mean",
        NormaliserLaws::isOverItsMean,
        MEANS,
        (node, x) -> Nodes.binary(BinaryOp.TIMES, x, Nodes.constant(TIMES, x.level())));
  }

  /** A number over a mean or a sum of the same number, or times it. */
  private static boolean isOverItsMean(Node node, Set<ReduceOp> ops) {
    return node instanceof Node.Binary quotient
        && (quotient.op() == BinaryOp.DIVIDE || quotient.op() == BinaryOp.TIMES)
        && PresumedRole.plain(quotient.right()) instanceof Node.Reduce mean
        && ops.contains(mean.op())
        && PresumedRole.plain(mean.of()).equals(PresumedRole.plain(quotient.left()));
  }

  static PartLaws.Presumed shifted() {
    return law(
        "standardised-shift",
        "what is divided by its own std is less its mean: it does not see what is added to all of"
            + " it",
        "D(x + c) = D(x) for D = (x − mean(x)) / std(x)",
        2e-2,
        "a constant beside a std",
        NormaliserLaws::isScaled,
        HashSet.of(ReduceOp.STD),
        (node, x) -> Nodes.binary(BinaryOp.PLUS, x, Nodes.constant(SHIFT, x.level())));
  }

  private interface Change {
    Node of(Node node, Node x);
  }

  private interface Speaks {
    boolean of(Node node, Set<ReduceOp> ops);
  }

  private static PartLaws.Presumed law(
      String name,
      String statement,
      String formula,
      double tolerance,
      String reason,
      Speaks speaks,
      Set<ReduceOp> ops,
      Change change) {
    return PartLaws.law(
        name,
        statement,
        formula,
        tolerance,
        reason,
        role -> nodes(role).exists(node -> speaks.of(node, ops)),
        (part, trial, allowed) ->
            nodes(part.presumed())
                .filter(node -> speaks.of(node, ops))
                .flatMap(node -> changed(part, node, ops, change, trial, allowed)),
        Trial.Kind.ORDINARY,
        Trial.Kind.TIED);
  }

  private static Seq<Node> nodes(PresumedRole role) {
    return role.advantages().isEmpty()
        ? List.empty()
        : Graph.below(List.of(role.whole()))
            .filter(node -> !node.live() && node.level() != Level.Name.VOCABULARY);
  }

  /** A number and a mean of it, one added to the other or subtracted. */
  private static boolean isCentred(Node node, Set<ReduceOp> ops) {
    return node instanceof Node.Binary sum
        && (sum.op() == BinaryOp.MINUS || sum.op() == BinaryOp.PLUS)
        && statistics(sum.right(), ops)
            .exists(mean -> PresumedRole.plain(mean.of()).equals(PresumedRole.plain(sum.left())));
  }

  /** A number over its std, or times it. */
  private static boolean isScaled(Node node, Set<ReduceOp> ops) {
    return node instanceof Node.Binary quotient
        && (quotient.op() == BinaryOp.DIVIDE || quotient.op() == BinaryOp.TIMES)
        && statistics(quotient.right(), ops)
            .exists(std -> Graph.below(List.of(quotient.left())).contains(std.of()));
  }

  /** The statistics over responses or more, but for those of some of them alone. */
  private static Seq<Node.Reduce> statistics(Node node, Set<ReduceOp> ops) {
    return Graph.only(Node.Reduce.class, Graph.below(List.of(node)))
        .filter(
            reduce ->
                ops.contains(reduce.op())
                    && reduce.to() != Level.Name.SEQUENCE
                    && reduce.to() != Level.Name.TOKEN
                    && reduce.where().isEmpty());
  }

  private static Seq<Violation> changed(
      Isolated part, Node node, Set<ReduceOp> ops, Change change, Trial trial, double tolerance) {
    Seq<Node.Reduce> own = statistics(((Node.Binary) node).right(), ops);
    if (own.isEmpty()) {
      return List.empty(); // what it is normalised by is on its other side
    }
    Node x = own.head().of();
    Reference reference = new Reference(trial.samples(), trial.parameters());
    if (statistics(node, ops).exists(of -> Companions.almostTied(reference.of(of.of()), SHIFT))) {
      return List.empty();
    }
    double[] here = reference.of(node);
    double[] there = reference.of(Symbols.replaced(node, x, change.of(node, x)));
    boolean[] alone = Companions.alone(trial.samples(), node.level());
    // what is 0 over 0 somewhere is chosen against outside
    double scale =
        tolerance
            * (1 + Arrays.stream(here).filter(Double::isFinite).map(Math::abs).max().orElse(0));
    return List.ofAll(
            IntStream.range(0, here.length)
                .filter(i -> !alone[i] && Double.isFinite(here[i]) && Double.isFinite(there[i]))
                .boxed())
        .flatMap(
            i ->
                Violation.between(
                    part.presumed().part()
                        + ": "
                        + PartLaws.text(node)
                        + ", with all "
                        + PartLaws.text(x)
                        + " changed alike, at "
                        + i,
                    there[i],
                    here[i],
                    scale))
        .take(1);
  }

  static PartLaws.Presumed levels() {
    return PartLaws.law(
        "one-level",
        "who divides by a std or a mean within a prompt subtracts the mean within the prompt;"
            + " who compares rewards within prompts does not subtract a mean of all of them",
        "A = (R − mean_i(R)) / std_i(R)",
        0,
        "structure, nothing is rounded",
        role -> nodes(role).exists(node -> isScaled(node, SCALES)) || ofRewards(role).nonEmpty(),
        (part, trial, tolerance) -> mixed(part).appendAll(ofBoth(part)),
        Trial.Kind.ORDINARY);
  }

  /** Statistics of the rewards as they are given. */
  private static Seq<Node.Reduce> ofRewards(PresumedRole role) {
    return Graph.only(Node.Reduce.class, Graph.below(List.of(role.whole())))
        .filter(
            reduce ->
                PresumedRole.plain(reduce.of()) instanceof Node.Input input
                    && input.name().equals(Columns.REWARD));
  }

  private static Seq<Violation> ofBoth(Isolated part) {
    Seq<Node.Reduce> all = ofRewards(part.presumed());
    boolean ofBatch =
        all.exists(mean -> mean.op() == ReduceOp.MEAN && mean.to() == Level.Name.BATCH);
    return ofBatch && all.exists(reduce -> reduce.to() == Level.Name.GROUP)
        ? List.of(
            new Violation.Fact(
                part.presumed().part()
                    + ": the rewards are compared within prompts, and a mean of them is of the"
                    + " whole batch"))
        : List.empty();
  }

  private static Seq<Violation> mixed(Isolated part) {
    return nodes(part.presumed())
        .filter(node -> isScaled(node, SCALES))
        .map(Node.Binary.class::cast)
        .filter(
            quotient ->
                statistics(quotient.right(), SCALES)
                    .exists(
                        std ->
                            std.to() == Level.Name.GROUP
                                && statistics(quotient.left(), HashSet.of(ReduceOp.MEAN))
                                    .exists(
                                        mean ->
                                            mean.to() == Level.Name.BATCH
                                                && mean.of().equals(std.of()))))
        .map(
            quotient ->
                new Violation.Fact(
                    part.presumed().part()
                        + ": the mean is over the whole batch, and what it is divided by within a"
                        + " prompt"));
  }
}
