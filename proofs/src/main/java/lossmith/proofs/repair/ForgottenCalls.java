package lossmith.proofs.repair;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.proofs.mutation.Mutant;
import lossmith.proofs.mutation.Mutants;
import lossmith.proofs.role.PresumedRole;

/**
 * Candidate repairs: the objective with one call added that authors often forget, which is
 * stopGradient(), a factor logProb(), a square, or a mean in place of a sum over a wrong count.
 */
final class ForgottenCalls {
  private ForgottenCalls() {}

  static Seq<Mutant> of(Loss loss) {
    Loss shared = loss.rewritten(new HashConsing()::of);
    Seq<Node> nodes = Mutants.nodes(shared);
    Set<Node> divisors =
        Graph.below(
                Graph.only(Node.Binary.class, nodes)
                    .filter(node -> node.op() == BinaryOp.DIVIDE)
                    .map(Node.Binary::right))
            .toSet();
    return nodes.reject(divisors::contains).flatMap(node -> insertions(shared, node));
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
      all = all.appendAll(estimators(reduce.of()).flatMap(x -> estimates(loss, x)));
    }
    if (node instanceof Node.Binary ratio
        && ratio.op() == BinaryOp.DIVIDE
        && ratio.left() instanceof Node.Reduce sum
        && sum.op() == ReduceOp.SUM) {
      Node mean = Nodes.reduce(ReduceOp.MEAN, sum.of(), sum.to(), 0, sum.where());
      all =
          all.append(
              Mutant.of(loss, "divide by the number of summands: mean(…)", ratio, () -> mean));
    }
    return all;
  }

  /** Changes that turn a log-ratio into a KL estimate, or a detached weight into a loss. */
  private static List<Mutant> estimates(Loss loss, Node x) {
    if (x.live() && !PresumedRole.compares(x)) {
      return List.empty(); // what says what a token was worth is no estimate of a divergence
    }
    Node logProb = Terms.logProb().node();
    Node half = Nodes.constant(0.5, x.level());
    Mutant factor =
        Mutant.of(
            loss,
            "logProb() is missing as a factor",
            x,
            () -> Nodes.binary(BinaryOp.TIMES, x, logProb));
    Mutant square =
        Mutant.of(
            loss,
            "a square (and a half) is missing: k2 for k1",
            x,
            () -> Nodes.binary(BinaryOp.TIMES, Nodes.unary(UnaryOp.SQUARE, x), half));
    Mutant rewarded =
        Mutant.of(
            loss,
            "stopGradient().times(logProb()) is missing: k1 in the reward",
            x,
            () -> Nodes.binary(BinaryOp.TIMES, Nodes.stopGradient(x), logProb));
    return x.live()
        ? List.of(factor, square, rewarded)
        : PresumedRole.compares(x) ? List.of(factor, square) : List.of(factor);
  }

  /** Terms that may be meant as a KL estimate: x itself and its summands, without coefficients. */
  private static Seq<Node> estimators(Node x) {
    if (x instanceof Node.Named named) {
      return estimators(named.of());
    } else if (x instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE) {
      return estimators(minus.of());
    } else if (x instanceof Node.Binary sum
        && (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)) {
      return List.of(x, alone(sum.left()), alone(sum.right()));
    }
    return List.of(alone(x));
  }

  private static Node alone(Node x) {
    if (x instanceof Node.Binary product && product.op() == BinaryOp.TIMES) {
      if (coefficient(product.left())) {
        return product.right();
      } else if (coefficient(product.right())) {
        return product.left();
      }
    }
    return x;
  }

  private static boolean coefficient(Node x) {
    return x instanceof Node.Broadcast wide
        ? coefficient(wide.of())
        : x instanceof Node.Constant || x instanceof Node.ParameterValue;
  }
}
