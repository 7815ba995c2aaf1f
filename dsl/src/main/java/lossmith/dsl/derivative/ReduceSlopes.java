package lossmith.dsl.derivative;

import io.vavr.control.Option;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.simplify.Simplify;

/** What flows back through a reduction to each of its members. */
final class ReduceSlopes {
  private ReduceSlopes() {}

  static Adjoint of(Simplify s, Adjoint g, Node.Reduce node) {
    Node x = node.of();
    Level.Name from = x.level();
    Adjoint all =
        switch (node.op()) {
          case SUM -> g.spread(s, from);
          case MEAN -> g.with(term -> s.divide(term, count(s, node))).spread(s, from);
          case STD -> std(s, g, node).spread(s, from);
          case MIN -> g.spread(s, from).when(s, first(s, node, s.negate(x)));
          case MAX -> g.spread(s, from).when(s, first(s, node, x));
          case ULP -> throw new IllegalStateException("an ulp of a live node");
        };
    Adjoint scaled =
        node.op() == ReduceOp.STD
            ? all.with(term -> s.times(term, s.minus(x, s.spread(mean(s, node), from))))
            : all;
    return node.where().map(where -> scaled.when(s, where)).getOrElse(scaled);
  }

  /** The slope is 0 where the std is. */
  private static Adjoint std(Simplify s, Adjoint g, Node.Reduce node) {
    Node free = s.minus(count(s, node), s.constant(node.ddof(), node.to()));
    Node spreads = s.not(s.atMost(node, s.constant(0, node.to())));
    return g.with(term -> s.divide(term, s.times(free, node))).when(s, spreads);
  }

  private static Node count(Simplify s, Node.Reduce node) {
    return s.intern(Nodes.count(node.of().level(), node.to(), node.where()));
  }

  private static Node mean(Simplify s, Node.Reduce node) {
    return s.intern(Nodes.reduce(ReduceOp.MEAN, node.of(), node.to(), 0, node.where()));
  }

  /** Yes at the first member of descending order. */
  private static Node first(Simplify s, Node.Reduce node, Node key) {
    Option<Node> where = node.where();
    Node rank = s.intern(Nodes.rank(s.intern(Nodes.stopGradient(key)), node.to(), where));
    return s.intern(Nodes.compare(CompareOp.EQUAL, rank, s.constant(0, rank.level())));
  }
}
