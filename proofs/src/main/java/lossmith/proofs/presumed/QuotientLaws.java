package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/** Sums and what they are divided by: a mean is divided once, a sum not at all. */
final class QuotientLaws {
  private QuotientLaws() {}

  static PartLaws.Presumed divided() {
    return PartLaws.law(
        "sum-divided",
        "a sum is divided by the number of its summands, or by a sum of which it is a share: it is"
            + " not multiplied by it",
        "Σ x / Σ 1, Σ 1[C]·x / Σ x",
        0,
        "structure, nothing is rounded",
        role -> !pairs(role).isEmpty(),
        (part, trial, tolerance) ->
            pairs(part.presumed())
                .filter(pair -> pair.op() == BinaryOp.TIMES)
                .map(
                    pair ->
                        new Violation.Fact(
                            part.presumed().part()
                                + ": a sum is multiplied by what counts it in "
                                + PartLaws.text(pair))),
        Trial.Kind.ORDINARY);
  }

  /** Products and quotients of two sums over the same, one of which counts the other. */
  private static Seq<Node.Binary> pairs(PresumedRole role) {
    return Graph.only(Node.Binary.class, Graph.below(List.of(role.whole())))
        .filter(
            node ->
                (node.op() == BinaryOp.TIMES || node.op() == BinaryOp.DIVIDE)
                    && summed(node.left())
                        .flatMap(left -> summed(node.right()).map(right -> countsOf(left, right)))
                        .getOrElse(false));
  }

  /**
   * A sum.
   *
   * @param of what is added up; nothing where it is counted
   * @param over what it is added up over
   */
  private record Summed(Option<Node> of, List<Object> over) {}

  private static Option<Summed> summed(Node node) {
    Node plain = PresumedRole.plain(node);
    if (plain instanceof Node.Reduce sum && sum.op() == ReduceOp.SUM) {
      return Option.some(
          new Summed(
              Option.some(PresumedRole.plain(sum.of())), List.of(sum.of().level(), sum.to())));
    }
    if (plain instanceof Node.Count count) {
      return Option.some(new Summed(Option.none(), List.of(count.from(), count.to())));
    }
    if (plain instanceof Node.SumByKey sum) {
      Node of = PresumedRole.plain(sum.left());
      return Option.some(
          new Summed(
              Option.when(!(of instanceof Node.Constant), of),
              List.of(sum.left().level(), sum.right())));
    }
    return Option.none();
  }

  /** Whether one is the number of summands of the other, or the whole of which it is a part. */
  private static boolean countsOf(Summed left, Summed right) {
    return left.over.equals(right.over)
        && (left.of.isEmpty() != right.of.isEmpty()
            || left.of.exists(one -> right.of.exists(other -> shares(one, other))));
  }

  private static boolean shares(Node one, Node other) {
    return isPart(one, other) || isPart(other, one);
  }

  /** Some of another number, as a condition chooses, or as it is multiplied by 0 or 1. */
  private static boolean isPart(Node some, Node whole) {
    if (some instanceof Node.Select select) {
      return isEither(select.left(), select.right(), whole);
    }
    return some instanceof Node.Binary product
        && product.op() == BinaryOp.TIMES
        && isEither(product.left(), product.right(), whole);
  }

  private static boolean isEither(Node left, Node right, Node whole) {
    return PresumedRole.plain(left).equals(whole) || PresumedRole.plain(right).equals(whole);
  }

  static PartLaws.Presumed repeated() {
    return PartLaws.law(
        "sum-or-mean",
        "how far policies are apart in a response is a sum over its tokens or a mean: with every"
            + " token twice it is twice as much, or the same",
        "x(y y) ∈ {2x(y), x(y)}",
        1e-6,
        "a constant of 1e-8 may keep a denominator from 0",
        role -> !statistics(role).isEmpty(),
        (part, trial, tolerance) ->
            statistics(part.presumed())
                .flatMap(
                    node -> repeated(part, node, PartLaws.usual(part, trial), tolerance).take(1)),
        Trial.Kind.ORDINARY);
  }

  /** Sums and means over a response that compare policies, and nothing of other ones. */
  private static Seq<Node> statistics(PresumedRole role) {
    return Graph.first(role.whole(), QuotientLaws::isStatistic);
  }

  private static boolean isStatistic(Node node) {
    boolean adds =
        node instanceof Node.Reduce
            || (node instanceof Node.Binary quotient
                && (quotient.op() == BinaryOp.DIVIDE || quotient.op() == BinaryOp.TIMES));
    return adds
        && node.level() == Level.Name.SEQUENCE
        && PresumedRole.compares(node)
        && !isWeighed(node)
        && !(node.live() && ofVocabulary(node))
        && Graph.below(List.of(node)).forAll(QuotientLaws::isOfEachToken)
        && !Graph.below(List.of(node)).exists(QuotientLaws::keeps)
        && !Graph.below(List.of(node)).exists(QuotientLaws::bends);
  }

  /** A function of a response's distance, or a number that it is compared with: no distance. */
  private static boolean bends(Node node) {
    return node.level() == Level.Name.SEQUENCE
        && ((node instanceof Node.Unary unary
                && HashSet.of(UnaryOp.SIGMOID, UnaryOp.LOG_SIGMOID, UnaryOp.SOFTPLUS)
                    .contains(unary.op()))
            || (node instanceof Node.Binary sum
                && (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)
                && sum.children()
                    .map(PresumedRole::plain)
                    .exists(Node.Constant.class::isInstance)));
  }

  /** What a weight of the response multiplies, which may be bounded, is a step and no distance. */
  private static boolean isWeighed(Node node) {
    return node.live()
        && Graph.only(Node.Broadcast.class, Graph.below(List.of(node)))
            .map(Node.Broadcast::of)
            .appendAll(node.children())
            .filter(one -> one.level() == Level.Name.SEQUENCE && !one.live())
            .exists(PresumedRole::compares);
  }

  /** A condition of two policies, which a longer response may answer otherwise. */
  private static boolean keeps(Node node) {
    return node.condition() && PresumedRole.compares(node);
  }

  /** Whether more is read of log π than what was sampled. */
  private static boolean ofVocabulary(Node node) {
    return Graph.down(List.of(node), x -> x instanceof Node.Gather ? List.empty() : x.children())
        .exists(x -> x.level() == Level.Name.VOCABULARY);
  }

  private static boolean isOfEachToken(Node node) {
    boolean wider = node.level() == Level.Name.GROUP || node.level() == Level.Name.BATCH;
    boolean number = Graph.only(Node.Input.class, Graph.below(List.of(node))).isEmpty();
    boolean placed =
        node instanceof Node.Scan
            || node instanceof Node.Neighbour
            || node instanceof Node.SumByKey
            || node instanceof Node.Rank
            || node instanceof Node.Quantile;
    return !placed && (!wider || (number && !(node instanceof Node.Count)));
  }

  private static Seq<Violation> repeated(Isolated part, Node node, Trial trial, double tolerance) {
    Samples samples = trial.samples();
    int[] all = IntStream.range(0, samples.size(Level.Name.SEQUENCE)).toArray();
    int[] twice = IntStream.range(0, samples.tokens()).flatMap(t -> IntStream.of(t, t)).toArray();
    Trial both = PartLaws.with(trial, Batches.of(samples, all, twice));
    double[] once = new Reference(samples, trial.parameters()).of(node);
    double[] again = new Reference(both.samples(), both.parameters()).of(node);
    Set<Integer> known =
        HashSet.ofAll(List.range(0, once.length))
            .filter(
                i -> near(again[i], once[i], tolerance) || near(again[i], 2 * once[i], tolerance));
    return List.range(0, once.length)
        .reject(known::contains)
        .map(
            i ->
                PartLaws.at(
                    part,
                    "with every token twice, " + PartLaws.text(node),
                    i,
                    again[i] + ", not " + once[i] + " nor twice that"));
  }

  private static boolean near(double x, double y, double tolerance) {
    return Double.compare(x, y) == 0 || Math.abs(x - y) <= tolerance * (1e-3 + Math.abs(y));
  }
}
