package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.Sharing;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;

/** What people forget: a stop-gradient, log π, a square, the count of what was added up. */
final class Insertions {
  private Insertions() {}

  static Seq<Mutant> of(Loss loss) {
    Loss shared = loss.rewritten(new Sharing()::of);
    return Mutants.nodes(shared).flatMap(node -> insertions(shared, node));
  }

  private static Seq<Mutant> insertions(Loss loss, Node node) {
    List<Mutant> all = List.empty();
    boolean token = node.level() == Level.Name.TOKEN && !node.condition();
    if (node.live() && token) {
      all =
          all.append(
              Mutant.of(loss, "stopGradient() is missing", node, () -> Nodes.stopGradient(node)));
    }
    if (node instanceof Node.Reduce reduce && reduce.of().level() == Level.Name.TOKEN) {
      Node x = reduce.of();
      Node logProb = Terms.logProb().node();
      all =
          all.append(
                  Mutant.of(
                      loss,
                      "logProb() is missing as a factor",
                      x,
                      () -> Nodes.binary(BinaryOp.TIMES, x, logProb)))
              .append(
                  Mutant.of(
                      loss,
                      "a square (and a half) is missing: k2 for k1",
                      x,
                      () ->
                          Nodes.binary(
                              BinaryOp.TIMES,
                              Nodes.unary(UnaryOp.SQUARE, x),
                              Nodes.constant(0.5, x.level()))));
      if (x.live()) {
        all =
            all.append(
                Mutant.of(
                    loss,
                    "stopGradient().times(logProb()) is missing: k1 in the reward",
                    x,
                    () -> Nodes.binary(BinaryOp.TIMES, Nodes.stopGradient(x), logProb)));
      }
    }
    if (node instanceof Node.Binary ratio
        && ratio.op() == BinaryOp.DIVIDE
        && ratio.left() instanceof Node.Reduce sum
        && sum.op() == ReduceOp.SUM) {
      Node mean = Nodes.reduce(ReduceOp.MEAN, sum.of(), sum.to(), 0, sum.where());
      all =
          all.append(
              Mutant.of(
                  loss, "divide by the number of what is added up: mean(…)", ratio, () -> mean));
    }
    return all;
  }
}
