package lossmith.proofs.mutation;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;

/** Sums, means and masks: what is added up, and what it is divided by. */
final class ReductionSlips {
  private static final String SUM = "a sum for a mean";
  private static final String MEAN = "a mean for a sum";
  private static final String BY_RESPONSES = "a mean of tokens divided by the number of responses";
  private static final String OF_MEANS = "a mean of means for the mean over all";
  static final String OVER_ALL = "the mean over all for a mean of means";

  /** Those that put one mean over tokens in the place of another. */
  static final Set<String> MEANS = HashSet.of(SUM, MEAN, BY_RESPONSES, OF_MEANS, OVER_ALL);

  private ReductionSlips() {}

  static Seq<Slip> all() {
    return List.of(
        Slip.at("the mask left out", ReductionSlips::unmasked),
        Slip.at("the mask left out of the numerator", node -> masked(node, true)),
        Slip.at("the mask left out of the denominator", node -> masked(node, false)),
        Slip.at("what is left out counts all the same", ReductionSlips::unselected),
        Slip.at(SUM, node -> other(node, ReduceOp.MEAN, ReduceOp.SUM)),
        Slip.at(MEAN, node -> other(node, ReduceOp.SUM, ReduceOp.MEAN)),
        Slip.at(BY_RESPONSES, ReductionSlips::responses),
        Slip.at("a mean divided once more by its count", ReductionSlips::again),
        Slip.at(OF_MEANS, ReductionSlips::ofMeans),
        Slip.at(OVER_ALL, ReductionSlips::overAll));
  }

  private static Option<Node.Reduce> reduce(Node node, ReduceOp op) {
    return node instanceof Node.Reduce reduce && reduce.op() == op
        ? Option.some(reduce)
        : Option.none();
  }

  private static Option<Node> unmasked(Node node) {
    return node instanceof Node.Reduce reduce && reduce.where().isDefined()
        ? Option.some(
            Nodes.reduce(reduce.op(), reduce.of(), reduce.to(), reduce.ddof(), Option.none()))
        : Option.none();
  }

  private static Option<Node> masked(Node node, boolean everyNumerator) {
    return reduce(node, ReduceOp.MEAN)
        .filter(mean -> mean.where().isDefined())
        .map(
            mean ->
                Nodes.binary(
                    BinaryOp.DIVIDE,
                    sum(mean, everyNumerator ? Option.none() : mean.where()),
                    count(mean, everyNumerator ? mean.where() : Option.none())));
  }

  private static Node sum(Node.Reduce mean, Option<Node> where) {
    return Nodes.reduce(ReduceOp.SUM, mean.of(), mean.to(), 0, where);
  }

  private static Node count(Node.Reduce mean, Option<Node> where) {
    return Nodes.count(mean.of().level(), mean.to(), where);
  }

  private static Option<Node> unselected(Node node) {
    return node instanceof Node.Select select && isZero(select.right())
        ? Option.some(select.left())
        : Option.none();
  }

  private static boolean isZero(Node node) {
    return node instanceof Node.Broadcast spread
        ? isZero(spread.of())
        : node instanceof Node.Constant number && number.value() == 0;
  }

  private static Option<Node> other(Node node, ReduceOp from, ReduceOp to) {
    return reduce(node, from)
        .filter(sum -> sum.of().level() != Level.Name.VOCABULARY)
        .map(sum -> Nodes.reduce(to, sum.of(), sum.to(), 0, sum.where()));
  }

  private static Option<Node> responses(Node node) {
    return reduce(node, ReduceOp.MEAN)
        .filter(mean -> mean.of().level() == Level.Name.TOKEN && mean.to() == Level.Name.BATCH)
        .map(
            mean ->
                Nodes.binary(
                    BinaryOp.DIVIDE,
                    sum(mean, mean.where()),
                    Nodes.count(Level.Name.SEQUENCE, Level.Name.BATCH, Option.none())));
  }

  private static Option<Node> again(Node node) {
    return reduce(node, ReduceOp.MEAN)
        .filter(mean -> mean.live() && mean.of().level() != Level.Name.VOCABULARY)
        .map(mean -> Nodes.binary(BinaryOp.DIVIDE, mean, count(mean, mean.where())));
  }

  private static Option<Node> ofMeans(Node node) {
    return reduce(node, ReduceOp.MEAN)
        .filter(
            mean ->
                mean.of().level() == Level.Name.TOKEN
                    && mean.to() != Level.Name.SEQUENCE
                    && mean.where().isEmpty())
        .map(mean -> mean(mean(mean.of(), Level.Name.SEQUENCE), mean.to()));
  }

  private static Option<Node> overAll(Node node) {
    return reduce(node, ReduceOp.MEAN)
        .filter(mean -> mean.where().isEmpty())
        .flatMap(mean -> reduce(mean.of(), ReduceOp.MEAN))
        .filter(inner -> inner.where().isEmpty())
        .map(inner -> mean(inner.of(), ((Node.Reduce) node).to()));
  }

  private static Node mean(Node of, Level.Name to) {
    return Nodes.reduce(ReduceOp.MEAN, of, to, 0, Option.none());
  }
}
