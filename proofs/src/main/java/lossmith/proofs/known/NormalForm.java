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
final class NormalForm implements Algebra<TermForm> {
  /** From here on a clamp on both sides is meant for no number that occurs. */
  private static final double WIDE = 5;

  /** And one above alone. */
  private static final double FAR = 10;

  @Override
  public TermForm input(Node.Input node) {
    String word = isElsewhere(node) ? node.name() + " of " + node.level() : node.name();
    return TermForm.leaf(word, node, node.trained());
  }

  /** A log-prob that is not of tokens, or a reward that is not of responses, is another column. */
  private static boolean isElsewhere(Node.Input node) {
    return switch (node.name()) {
      case Columns.LOG_PROB,
          Columns.OLD_LOG_PROB,
          Columns.REFERENCE_LOG_PROB,
          Columns.ROLLOUT_LOG_PROB,
          Columns.TOKEN_REWARD,
          Columns.VALUE,
          Columns.ENTROPY ->
          node.level() != Level.Name.TOKEN;
      case Columns.REWARD, Columns.SIGN -> node.level() != Level.Name.SEQUENCE;
      default -> false;
    };
  }

  @Override
  public TermForm sampled(Node.Sampled node) {
    return TermForm.leaf("sampled", node, false);
  }

  @Override
  public TermForm constant(Node.Constant node) {
    return TermForm.constant(node.value(), node);
  }

  @Override
  public TermForm truth(Node.Truth node) {
    return TermForm.leaf(node.value() ? "yes" : "no", node, false);
  }

  @Override
  public TermForm parameter(Node.ParameterValue node) {
    return TermForm.number(Amount.parameter(node.name()), node);
  }

  @Override
  public TermForm uniform(Node.Uniform node, TermForm seed, TermForm step) {
    return TermForm.of("uniform", node, seed, step);
  }

  @Override
  public TermForm named(Node.Named node, TermForm of) {
    return of;
  }

  @Override
  public TermForm unary(Node.Unary node, TermForm of) {
    return switch (node.op()) {
      case NEGATE -> Shapes.negated(of, node);
      default -> Shapes.function(node.op().toString(), node, of);
    };
  }

  @Override
  public TermForm not(Node.Not node, TermForm of) {
    return Shapes.not(of, node);
  }

  @Override
  public TermForm stopGradient(Node.StopGradient node, TermForm of) {
    return of.stopped();
  }

  @Override
  public TermForm broadcast(Node.Broadcast node, TermForm of) {
    return of;
  }

  @Override
  public TermForm neighbour(Node.Neighbour node, TermForm of) {
    return TermForm.of("next " + node.from(), node, of, TermForm.constant(node.edge(), node));
  }

  @Override
  public TermForm gather(Node.Gather node, TermForm of) {
    return of.is(Columns.LOG_PI) || of.is(TermForm.STOPPED + Columns.LOG_PI)
        ? TermForm.leaf(of.word().replace(Columns.LOG_PI, Columns.LOG_PROB), node, of.isLive())
        : TermForm.of("sampled of", node, of);
  }

  @Override
  public TermForm binary(Node.Binary node, TermForm left, TermForm right) {
    return switch (node.op()) {
      case PLUS -> Shapes.sum(node, left, right);
      case MINUS -> Shapes.sum(node, left, Shapes.negated(right, right.node()));
      case TIMES -> Shapes.product(node, left, right);
      case DIVIDE -> Shapes.product(node, left, Shapes.inverse(right, right.node()));
      case PROB_TIMES -> Shapes.product(node, Shapes.function("exp", left.node(), left), right);
      case MIN, MAX -> Shapes.extreme(node.op().toString(), node, left, right);
      case LOG_ADD_EXP ->
          TermForm.inAnyOrder(BinaryOp.LOG_ADD_EXP.toString(), node, both(left, right));
      case SIGMOID_DIFF ->
          Shapes.function(
              "sigmoid", node, Shapes.sum(node, left, Shapes.negated(right, right.node())));
    };
  }

  private static Seq<TermForm> both(TermForm left, TermForm right) {
    return List.of(left, right);
  }

  @Override
  public TermForm compare(Node.Compare node, TermForm left, TermForm right) {
    if (node.op() == CompareOp.EQUAL) {
      TermForm apart = Shapes.sum(node, left, Shapes.negated(right, right.node())).stopped();
      return TermForm.of("equal", node, Shapes.oriented(apart)._2);
    }
    return Shapes.positive(Shapes.sum(node, right, Shapes.negated(left, left.node())), node);
  }

  @Override
  public TermForm logic(Node.Logic node, TermForm left, TermForm right) {
    String word = node.all() ? "and" : "or";
    return TermForm.inAnyOrder(
        word, node, both(left, right).flatMap(one -> one.is(word) ? one.of() : List.of(one)));
  }

  @Override
  public TermForm scan(Node.Scan node, TermForm addend, TermForm coefficient) {
    return TermForm.of("scan " + node.direction(), node, addend, coefficient);
  }

  @Override
  public TermForm sumByKey(Node.SumByKey node, TermForm of, TermForm key) {
    String word = node.cumulative() ? "sum up to key in " : "sum of key in ";
    return TermForm.of(word + node.within(), node, of, key.stopped());
  }

  @Override
  public TermForm permute(Node.Permute node, TermForm of, TermForm key) {
    String word = node.inverse() ? "unsorted in " : "sorted in ";
    return TermForm.of(word + node.within(), node, of, key.stopped());
  }

  /** A clamp that only keeps an exponential finite is left out. */
  @Override
  public TermForm clip(Node.Clip node, TermForm of, TermForm low, TermForm high) {
    boolean wide = low.value() == -high.value() && high.value() >= WIDE;
    boolean far = low.value() == Double.NEGATIVE_INFINITY && high.value() >= FAR;
    return wide || far ? of : TermForm.of("clip", node, of, low, high);
  }

  @Override
  public TermForm select(Node.Select node, TermForm when, TermForm left, TermForm right) {
    return Shapes.select(node, when, left, right);
  }

  /** What only tells rounding from a difference is left out where it is compared. */
  @Override
  public TermForm reduce(Node.Reduce node, TermForm of, Option<TermForm> where) {
    return node.op() == ReduceOp.ULP
        ? TermForm.leaf(TermForm.ROUNDING, node, false)
        : Shapes.reduction(
            over(node.op().toString(), node.of().level(), node.to()), node, of, counted(where));
  }

  @Override
  public TermForm count(Node.Count node, Option<TermForm> where) {
    return TermForm.of(
        over("count", node.from(), node.to()), node, counted(where).toJavaArray(TermForm[]::new));
  }

  private static String over(String word, Level.Name from, Level.Name to) {
    return word + " " + from + " of " + to;
  }

  private static Seq<TermForm> counted(Option<TermForm> where) {
    return where.filter(one -> !one.is("yes")).toList();
  }

  @Override
  public TermForm rank(Node.Rank node, TermForm of, Option<TermForm> where) {
    return TermForm.of(
        "rank in " + node.within(),
        node,
        where.toList().prepend(of.stopped()).toJavaArray(TermForm[]::new));
  }

  @Override
  public TermForm quantile(
      Node.Quantile node, TermForm of, TermForm fraction, Option<TermForm> where) {
    return TermForm.of(
        over("quantile", node.of().level(), node.to()),
        node,
        where.toList().prepend(fraction).prepend(of.stopped()).toJavaArray(TermForm[]::new));
  }
}
