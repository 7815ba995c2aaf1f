package lossmith.proofs.known;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Algebra;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;

/** The normal form of a node, those of its children known. */
final class NormalForm implements Algebra<Shape> {
  /** From here on a clamp on both sides is meant for no number that occurs. */
  private static final double WIDE = 5;

  /** And one above alone. */
  private static final double FAR = 10;

  @Override
  public Shape input(Node.Input node) {
    return Shape.leaf(node.name(), node, node.trained());
  }

  @Override
  public Shape sampled(Node.Sampled node) {
    return Shape.leaf("sampled", node, false);
  }

  @Override
  public Shape constant(Node.Constant node) {
    return Shape.constant(node.value(), node);
  }

  @Override
  public Shape truth(Node.Truth node) {
    return Shape.leaf(node.value() ? "yes" : "no", node, false);
  }

  @Override
  public Shape parameter(Node.ParameterValue node) {
    return Shape.leaf(Shape.NUMBER, node, false);
  }

  @Override
  public Shape uniform(Node.Uniform node, Shape seed, Shape step) {
    return Shape.of("uniform", node, seed, step);
  }

  @Override
  public Shape named(Node.Named node, Shape of) {
    return of;
  }

  @Override
  public Shape unary(Node.Unary node, Shape of) {
    return switch (node.op()) {
      case NEGATE -> Shapes.negated(of, node);
      default -> Shapes.function(node.op().toString(), node, of);
    };
  }

  @Override
  public Shape not(Node.Not node, Shape of) {
    return Shapes.not(of, node);
  }

  @Override
  public Shape stopGradient(Node.StopGradient node, Shape of) {
    return of.stopped();
  }

  @Override
  public Shape broadcast(Node.Broadcast node, Shape of) {
    return of;
  }

  @Override
  public Shape neighbour(Node.Neighbour node, Shape of) {
    return Shape.of("next " + node.from(), node, of, Shape.constant(node.edge(), node));
  }

  @Override
  public Shape gather(Node.Gather node, Shape of) {
    return of.is(Columns.LOG_PI) || of.is(Shape.STOPPED + Columns.LOG_PI)
        ? Shape.leaf(of.word().replace(Columns.LOG_PI, Columns.LOG_PROB), node, of.isLive())
        : Shape.of("sampled of", node, of);
  }

  @Override
  public Shape binary(Node.Binary node, Shape left, Shape right) {
    return switch (node.op()) {
      case PLUS -> Shapes.sum(node, left, right);
      case MINUS -> Shapes.sum(node, left, Shapes.negated(right, right.node()));
      case TIMES -> Shapes.product(node, left, right);
      case DIVIDE -> Shapes.product(node, left, Shapes.inverse(right, right.node()));
      case PROB_TIMES -> Shapes.product(node, Shapes.function("exp", left.node(), left), right);
      case MIN, MAX -> Shapes.extreme(node.op().toString(), node, left, right);
      case LOG_ADD_EXP ->
          Shape.inAnyOrder(BinaryOp.LOG_ADD_EXP.toString(), node, both(left, right));
      case SIGMOID_DIFF ->
          Shapes.function(
              "sigmoid", node, Shapes.sum(node, left, Shapes.negated(right, right.node())));
    };
  }

  private static Seq<Shape> both(Shape left, Shape right) {
    return List.of(left, right);
  }

  @Override
  public Shape compare(Node.Compare node, Shape left, Shape right) {
    if (node.op() == CompareOp.EQUAL) {
      Shape apart = Shapes.sum(node, left, Shapes.negated(right, right.node())).stopped();
      return Shape.of("equal", node, Shapes.oriented(apart)._2);
    }
    return Shapes.positive(Shapes.sum(node, right, Shapes.negated(left, left.node())), node);
  }

  @Override
  public Shape logic(Node.Logic node, Shape left, Shape right) {
    String word = node.all() ? "and" : "or";
    return Shape.inAnyOrder(
        word, node, both(left, right).flatMap(one -> one.is(word) ? one.of() : List.of(one)));
  }

  @Override
  public Shape scan(Node.Scan node, Shape addend, Shape coefficient) {
    return Shape.of("scan " + node.direction(), node, addend, coefficient);
  }

  @Override
  public Shape sumByKey(Node.SumByKey node, Shape of, Shape key) {
    String word = node.cumulative() ? "sum up to key in " : "sum of key in ";
    return Shape.of(word + node.within(), node, of, key.stopped());
  }

  @Override
  public Shape permute(Node.Permute node, Shape of, Shape key) {
    String word = node.inverse() ? "unsorted in " : "sorted in ";
    return Shape.of(word + node.within(), node, of, key.stopped());
  }

  /** A clamp that only keeps an exponential finite is left out. */
  @Override
  public Shape clip(Node.Clip node, Shape of, Shape low, Shape high) {
    boolean wide = low.value() == -high.value() && high.value() >= WIDE;
    boolean far = low.value() == Double.NEGATIVE_INFINITY && high.value() >= FAR;
    return wide || far ? of : Shape.of("clip", node, of, low, high);
  }

  @Override
  public Shape select(Node.Select node, Shape when, Shape left, Shape right) {
    return Shapes.select(node, when, left, right);
  }

  /** What only tells rounding from a difference is left out where it is compared. */
  @Override
  public Shape reduce(Node.Reduce node, Shape of, Option<Shape> where) {
    return node.op() == ReduceOp.ULP
        ? Shape.leaf(Shape.ROUNDING, node, false)
        : Shapes.reduction(
            over(node.op().toString(), node.of().level(), node.to()), node, of, counted(where));
  }

  @Override
  public Shape count(Node.Count node, Option<Shape> where) {
    return Shape.of(
        over("count", node.from(), node.to()), node, counted(where).toJavaArray(Shape[]::new));
  }

  private static String over(String word, Level.Name from, Level.Name to) {
    return word + " " + from + " of " + to;
  }

  private static Seq<Shape> counted(Option<Shape> where) {
    return where.filter(one -> !one.is("yes")).toList();
  }

  @Override
  public Shape rank(Node.Rank node, Shape of, Option<Shape> where) {
    return Shape.of(
        "rank in " + node.within(),
        node,
        where.toList().prepend(of.stopped()).toJavaArray(Shape[]::new));
  }

  @Override
  public Shape quantile(Node.Quantile node, Shape of, Shape fraction, Option<Shape> where) {
    return Shape.of(
        over("quantile", node.of().level(), node.to()),
        node,
        where.toList().prepend(fraction).prepend(of.stopped()).toJavaArray(Shape[]::new));
  }
}
