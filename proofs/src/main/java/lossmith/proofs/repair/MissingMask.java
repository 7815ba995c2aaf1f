package lossmith.proofs.repair;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Over;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.print.Formula;
import lossmith.proofs.mutation.Mutant;
import lossmith.proofs.mutation.Mutants;
import lossmith.proofs.trial.Trial;

/**
 * A mean that carries gradient and in whose summand a mask is a factor: what is masked adds nothing
 * and still counts in the denominator. A mask is a column of tokens, or {@code finished}, that is 0
 * or 1 in every case.
 *
 * @param over the plural that names the mean
 * @param mask the condition outside which the summand is 0
 * @param mended the objective with {@code where(mask)} in that mean
 */
record MissingMask(String over, Node mask, Mutant mended) {
  static Seq<MissingMask> of(Loss loss, Seq<Trial> trials) {
    Loss shared = loss.rewritten(new HashConsing()::of);
    Seq<Node> nodes = Mutants.nodes(shared);
    Set<String> masks =
        given(shared.parts().values().map(part -> part.node()))
            .filter(column -> trials.forAll(trial -> binary(trial, column)))
            .map(Node.Input::name)
            .toSet();
    Seq<Node> weighted =
        nodes.flatMap(n -> quotient(n).filter(q -> reads(q.right(), masks)).map(Node.Pair::left));
    return nodes
        .removeAll(Mutants.nodes(weighted))
        .flatMap(node -> mean(shared, node, masks).orElse(() -> quotient(shared, node, masks)));
  }

  @Override
  public String toString() {
    String m = Formula.unicode(mask);
    return String.format(
        "where %s does not hold, nothing is added but the denominator counts it; to leave it out of"
            + " both write %s.where(m), m the condition %s, at %s",
        m, over, m, Formula.line(mended.site()));
  }

  private static boolean binary(Trial trial, Node.Input column) {
    return (column.level() == Level.Name.TOKEN || column.name().equals(Columns.FINISHED))
        && trial
            .samples()
            .column(column.name())
            .exists(values -> Arrays.stream(values).allMatch(x -> x == 0 || x == 1));
  }

  private static Seq<Node.Input> given(Iterable<Node> nodes) {
    return Inputs.of(nodes).columns().filter(column -> !column.trained());
  }

  private static boolean reads(Node node, Set<String> masks) {
    return given(List.of(node)).exists(column -> masks.contains(column.name()));
  }

  private static Option<MissingMask> mean(Loss loss, Node node, Set<String> masks) {
    return node instanceof Node.Reduce mean
            && mean.op() == ReduceOp.MEAN
            && mean.live()
            && mean.where().forAll(w -> !reads(w, masks))
        ? ZeroOutside.of(mean.of(), masks)
            .map(
                mask ->
                    padding(
                        loss,
                        mean,
                        mask,
                        mean.of().level(),
                        Nodes.reduce(mean.op(), mean.of(), mean.to(), 0, and(mean.where(), mask))))
        : Option.none();
  }

  /** A mean written as a sum and a count. */
  private static Option<MissingMask> quotient(Loss loss, Node node, Set<String> masks) {
    return quotient(node)
        .flatMap(
            quotient ->
                quotient.left() instanceof Node.Reduce sum
                        && sum.op() == ReduceOp.SUM
                        && sum.live()
                        && quotient.right() instanceof Node.Count count
                        && count.from() == sum.of().level()
                        && !reads(count, masks)
                    ? ZeroOutside.of(sum.of(), masks)
                        .map(
                            mask ->
                                padding(
                                    loss,
                                    quotient,
                                    mask,
                                    count.from(),
                                    Nodes.binary(
                                        BinaryOp.DIVIDE,
                                        sum,
                                        Nodes.count(
                                            count.from(), count.to(), and(count.where(), mask)))))
                    : Option.none());
  }

  private static Option<Node.Binary> quotient(Node node) {
    return node instanceof Node.Binary binary && binary.op() == BinaryOp.DIVIDE
        ? Option.some(binary)
        : Option.none();
  }

  private static MissingMask padding(Loss loss, Node site, Node mask, Level.Name from, Node other) {
    String change = "where(" + Formula.unicode(mask) + ") is missing";
    String over = new Over<Level, Level>(from, site.level(), Option.none()).word();
    return new MissingMask(over, mask, Mutant.of(loss, change, site, () -> other));
  }

  private static Option<Node> and(Option<Node> where, Node mask) {
    return Option.some(where.map(w -> Nodes.and(w, mask)).getOrElse(mask));
  }
}
