package lossmith.dsl.print;

import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;

/** Sums over an index: what the index does not change stands before the sign. */
final class BigSums {
  private final Notation notation;
  private final Arithmetic arithmetic;

  BigSums(Notation notation, Arithmetic arithmetic) {
    this.notation = notation;
    this.arithmetic = arithmetic;
  }

  /** Σ or a mean of a body, of what a condition keeps where there is one. */
  Piece of(Node.Reduce node, Piece of, Option<Piece> kept) {
    Level.Name from = node.of().level();
    Summand body = of.product(notation);
    boolean mean = node.op() == ReduceOp.MEAN;
    Summand constant =
        body.part(
            factor -> !mean && constant(factor, node),
            factor -> !mean && factor.rank() == Factor.Rank.SIZE && constant(factor, node));
    Summand rest = constant.leftOf(body.negative() ? body.negated() : body);
    String sum = notation.bigSum(Notation.index(from, node.to())) + " ";
    String count = kept.map(k -> sum + notation.sum(k)).getOrElse(notation.size(from, node.to()));
    String head = mean ? notation.oneOver(count) + " " + sum : sum;
    Summand inside =
        kept.map(k -> arithmetic.product(k, Piece.of(rest)).product(notation)).getOrElse(rest);
    boolean whole = !mean && kept.isEmpty();
    Summand total =
        whole && from == Level.Name.VOCABULARY && policy(rest)
            ? constant
            : whole && rest.equals(Summand.ONE)
                ? constant.times(Summand.of(new Factor(count, false, Factor.Rank.SIZE)))
                : constant.times(Summand.of(Factor.big(head + notation.product(inside))));
    return Piece.of(body.negative() ? total.negated() : total);
  }

  /** What does not change with the index of a sum and is no weight that people write inside it. */
  private static boolean constant(Factor factor, Node.Reduce sum) {
    boolean outside =
        sum.of().level() == Level.Name.VOCABULARY || factor.rank().compareTo(Factor.Rank.SIZE) <= 0;
    return outside && factor.level().exists(level -> !level.finerThan(sum.to()));
  }

  /** Whether this is π(v) of the policy, whose sum over the vocabulary is 1. */
  private boolean policy(Summand rest) {
    return rest.only() && rest.over().head().text().equals(notation.pi("", "v"));
  }
}
