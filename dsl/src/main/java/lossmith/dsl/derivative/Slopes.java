package lossmith.dsl.derivative;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.simplify.Simplify;

/**
 * One step of reverse mode: what flows to each child of a node, given what flows to the node.
 * Detached children get nothing.
 */
final class Slopes implements Node.Cases<List<Tuple2<Node, Adjoint>>> {
  private final Simplify s;
  private final Adjoint g;
  private final Map<Node, String> symbols;

  /**
   * {@code symbols} names the exponentials that readers know by a symbol; their slopes carry it
   * too.
   */
  Slopes(Simplify s, Adjoint g, Map<Node, String> symbols) {
    this.s = s;
    this.g = g;
    this.symbols = symbols;
  }

  private static List<Tuple2<Node, Adjoint>> none() {
    return List.empty();
  }

  private static List<Tuple2<Node, Adjoint>> to(Node child, Adjoint adjoint) {
    return child.live() ? List.of(Tuple.of(child, adjoint)) : List.empty();
  }

  private Adjoint times(Node slope) {
    return g.with(term -> s.times(term, slope));
  }

  private Node number(double value, Node like) {
    return s.constant(value, like.level());
  }

  @Override
  public List<Tuple2<Node, Adjoint>> input(Node.Input node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> sampled(Node.Sampled node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> constant(Node.Constant node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> truth(Node.Truth node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> parameter(Node.ParameterValue node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> uniform(Node.Uniform node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> named(Node.Named node) {
    return to(node.of(), g);
  }

  @Override
  public List<Tuple2<Node, Adjoint>> unary(Node.Unary node) {
    Node x = node.of();
    return switch (node.op()) {
      case NEGATE -> to(x, g.with(term -> s.negate(term)));
      case EXP, EXP_SLOPE, EXPM1 -> to(x, times(slopeOfExp(node)));
      case EXP_REMAINDER -> to(x, times(s.unary(UnaryOp.EXP_REMAINDER_SLOPE, x)));
      case EXP_REMAINDER_SLOPE -> to(x, times(s.unary(UnaryOp.EXP_SLOPE, x)));
      case LOG -> to(x, g.with(term -> s.divide(term, x)));
      case SQRT ->
          to(
              x,
              g.when(s, s.not(s.atMost(x, number(0, x))))
                  .with(term -> s.divide(term, s.times(number(2, x), node))));
      case ABS -> to(x, times(s.unary(UnaryOp.SIGN, x)));
      case SIGN, FLOOR -> none();
      case SQUARE -> to(x, times(s.times(number(2, x), x)));
      case SIGMOID -> to(x, times(s.times(node, s.unary(UnaryOp.SIGMOID, s.negate(x)))));
      case LOG_SIGMOID -> to(x, times(s.unary(UnaryOp.SIGMOID, s.negate(x))));
      case SOFTPLUS -> to(x, times(s.unary(UnaryOp.SIGMOID, x)));
      case TANH -> to(x, times(s.minus(number(1, x), s.unary(UnaryOp.SQUARE, node))));
      case LOG1P -> to(x, g.with(term -> s.divide(term, s.plus(number(1, x), x))));
      case LOG1M_EXP ->
          to(x, g.with(term -> s.negate(s.divide(term, s.unary(UnaryOp.EXPM1, s.negate(x))))));
    };
  }

  private Node slopeOfExp(Node.Unary node) {
    Node slope = s.unary(UnaryOp.EXP_SLOPE, node.of());
    return symbols.get(node).map(symbol -> s.intern(Nodes.named(slope, symbol))).getOrElse(slope);
  }

  @Override
  public List<Tuple2<Node, Adjoint>> not(Node.Not node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> stopGradient(Node.StopGradient node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> broadcast(Node.Broadcast node) {
    return to(node.of(), Adjoint.of(s.sum(g.applied(s), node.of().level())));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> neighbour(Node.Neighbour node) {
    Node back = Nodes.neighbour(g.applied(s), node.from().reversed(), 0);
    return to(node.of(), Adjoint.of(s.intern(back)));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> gather(Node.Gather node) {
    Node everywhere = s.spread(g.applied(s), Level.Name.VOCABULARY);
    return to(node.of(), Adjoint.of(everywhere).when(s, s.intern(Nodes.sampled())));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> binary(Node.Binary node) {
    Node x = node.left();
    Node y = node.right();
    return switch (node.op()) {
      case PLUS -> to(x, g).appendAll(to(y, g));
      case MINUS -> to(x, g).appendAll(to(y, g.with(term -> s.negate(term))));
      case TIMES -> to(x, times(y)).appendAll(to(y, times(x)));
      case DIVIDE ->
          to(x, g.with(term -> s.divide(term, y)))
              .appendAll(to(y, g.with(term -> s.negate(s.divide(s.times(term, node), y)))));
      case MIN ->
          to(x, g.when(s, s.atMost(x, y))).appendAll(to(y, g.when(s, s.not(s.atMost(x, y)))));
      case MAX ->
          to(x, g.when(s, s.atMost(y, x))).appendAll(to(y, g.when(s, s.not(s.atMost(y, x)))));
      case LOG_ADD_EXP ->
          to(x, times(s.binary(BinaryOp.SIGMOID_DIFF, x, y)))
              .appendAll(to(y, times(s.binary(BinaryOp.SIGMOID_DIFF, y, x))));
      case SIGMOID_DIFF -> {
        Node slope = s.times(node, s.binary(BinaryOp.SIGMOID_DIFF, y, x));
        yield to(x, times(slope)).appendAll(to(y, times(s.negate(slope))));
      }
      case PROB_TIMES ->
          to(x, g.with(term -> s.binary(BinaryOp.PROB_TIMES, x, s.times(term, y))))
              .appendAll(to(y, g.with(term -> s.binary(BinaryOp.PROB_TIMES, x, term))));
    };
  }

  @Override
  public List<Tuple2<Node, Adjoint>> compare(Node.Compare node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> logic(Node.Logic node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> scan(Node.Scan node) {
    Node shifted = Nodes.neighbour(node.right(), node.direction().reversed(), 0);
    Node back = Nodes.scan(g.applied(s), shifted, node.direction().reversed());
    return to(node.left(), Adjoint.of(s.intern(back)));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> sumByKey(Node.SumByKey node) {
    Node order = node.cumulative() ? s.unary(UnaryOp.NEGATE, node.right()) : node.right();
    Node back = Nodes.sumByKey(g.applied(s), order, node.within(), node.cumulative());
    return to(node.left(), Adjoint.of(s.intern(back)));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> permute(Node.Permute node) {
    Node back = Nodes.permute(g.applied(s), node.right(), node.within(), !node.inverse());
    return to(node.left(), Adjoint.of(s.intern(back)));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> clip(Node.Clip node) {
    Node inside = s.and(s.atMost(node.low(), node.of()), s.atMost(node.of(), node.high()));
    return to(node.of(), g.when(s, inside));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> select(Node.Select node) {
    return to(node.left(), g.when(s, node.when()))
        .appendAll(to(node.right(), g.when(s, s.not(node.when()))));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> reduce(Node.Reduce node) {
    return to(node.of(), ReduceSlopes.of(s, g, node));
  }

  @Override
  public List<Tuple2<Node, Adjoint>> count(Node.Count node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> rank(Node.Rank node) {
    return none();
  }

  @Override
  public List<Tuple2<Node, Adjoint>> quantile(Node.Quantile node) {
    return none();
  }
}
