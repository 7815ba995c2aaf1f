package lossmith.proofs.mutation;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Otherwise;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * The mutation operators: for each kind of node the mistakes that an author could make there, each
 * with a name and the wrong node.
 */
final class Mistakes extends Otherwise<Seq<Mistakes.Mistake>> {
  /**
   * One mistake.
   *
   * @param name what it is called
   * @param other makes the wrong node, which replaces the right one
   */
  record Mistake(String name, Supplier<Node> other) {}

  /** Reductions that authors confuse; ULP, the unit of rounding, is not one of them. */
  private static final Seq<ReduceOp> MISTAKABLE = List.of(ReduceOp.values()).remove(ReduceOp.ULP);

  private final Map<String, Node.ParameterValue> parameters;

  /** {@code parameters}: those of the objective by name, of which low and high are swapped. */
  Mistakes(Map<String, Node.ParameterValue> parameters) {
    this.parameters = parameters;
  }

  @Override
  protected Seq<Mistake> otherwise(Node node) {
    return List.empty();
  }

  @Override
  public Seq<Mistake> stopGradient(Node.StopGradient node) {
    return List.of(new Mistake("stop-gradient dropped", node::of));
  }

  @Override
  public Seq<Mistake> unary(Node.Unary node) {
    return List.of(
        new Mistake(node.op() + " dropped", node::of),
        new Mistake("sign flipped", () -> Nodes.unary(UnaryOp.NEGATE, node)));
  }

  @Override
  public Seq<Mistake> compare(Node.Compare node) {
    return List.of(
        new Mistake(
            "comparison reversed",
            () ->
                Nodes.compare(
                    CompareOp.BELOW, /* left= */ node.right(), /* right= */ node.left())));
  }

  @Override
  public Seq<Mistake> logic(Node.Logic node) {
    return List.of(
        new Mistake("and ↔ or", () -> Nodes.logic(!node.all(), node.left(), node.right())),
        new Mistake("condition dropped", node::left),
        new Mistake("condition dropped", node::right));
  }

  @Override
  public Seq<Mistake> not(Node.Not node) {
    return List.of(new Mistake("not dropped", node::of));
  }

  @Override
  public Seq<Mistake> select(Node.Select node) {
    return List.of(
        new Mistake(
            "branches swapped",
            () -> Nodes.select(node.when(), /* left= */ node.right(), /* right= */ node.left())),
        new Mistake("always the first branch", node::left),
        new Mistake("always the second branch", node::right));
  }

  @Override
  public Seq<Mistake> rank(Node.Rank node) {
    return List.of(
        new Mistake(
            "ranked in the opposite order",
            () -> Nodes.rank(Nodes.unary(UnaryOp.NEGATE, node.of()), node.within(), node.where())));
  }

  @Override
  public Seq<Mistake> constant(Node.Constant node) {
    return Double.isFinite(node.value())
        ? List.of(new Mistake("constant + 1", () -> Nodes.constant(node.value() + 1, node.level())))
        : List.empty();
  }

  @Override
  public Seq<Mistake> binary(Node.Binary node) {
    BinaryOp other =
        switch (node.op()) {
          case MIN -> BinaryOp.MAX;
          case MAX -> BinaryOp.MIN;
          case PLUS -> BinaryOp.MINUS;
          case MINUS -> BinaryOp.PLUS;
          case TIMES -> BinaryOp.DIVIDE;
          case DIVIDE -> BinaryOp.TIMES;
          default -> BinaryOp.PLUS;
        };
    Seq<Mistake> all =
        List.of(
            new Mistake(
                node.op() + " → " + other, () -> Nodes.binary(other, node.left(), node.right())),
            new Mistake("second operand dropped", node::left),
            new Mistake("first operand dropped", node::right));
    return node.live() ? all.append(new Mistake("detached", () -> Nodes.stopGradient(node))) : all;
  }

  @Override
  public Seq<Mistake> clip(Node.Clip node) {
    Node least = Nodes.constant(Double.NEGATIVE_INFINITY, node.level());
    Node most = Nodes.constant(Double.POSITIVE_INFINITY, node.level());
    return List.of(
        new Mistake("clip dropped", node::of),
        new Mistake("lower bound dropped", () -> Nodes.clip(node.of(), least, node.high())),
        new Mistake("upper bound dropped", () -> Nodes.clip(node.of(), node.low(), most)));
  }

  @Override
  public Seq<Mistake> reduce(Node.Reduce node) {
    Seq<Mistake> all = List.empty();
    for (ReduceOp op : MISTAKABLE) {
      if (op != node.op() && MISTAKABLE.contains(node.op())) {
        int ddof = op == ReduceOp.STD ? 1 : 0;
        all =
            all.append(
                new Mistake(
                    node.op() + " → " + op,
                    () -> Nodes.reduce(op, node.of(), node.to(), ddof, node.where())));
      }
    }
    if (node.op() == ReduceOp.STD) {
      all =
          all.append(
              new Mistake(
                  "std over n ↔ n − 1",
                  () ->
                      Nodes.reduce(
                          node.op(), node.of(), node.to(), 1 - node.ddof(), node.where())));
    }
    if (node.op() == ReduceOp.MEAN && node.where().isEmpty()) {
      all = all.appendAll(denominators(node));
    }
    if (node.where().isDefined()) {
      all =
          all.append(
              new Mistake(
                  "mask dropped",
                  () -> Nodes.reduce(node.op(), node.of(), node.to(), 0, Option.none())));
    }
    if (node.live() && node.to() != Level.Name.BATCH) {
      all = all.append(new Mistake("detached", () -> Nodes.stopGradient(node)));
    }
    return all;
  }

  /** A mean over all for a mean of means, and the other way round. */
  private static Seq<Mistake> denominators(Node.Reduce node) {
    if (node.of() instanceof Node.Reduce inner
        && inner.op() == ReduceOp.MEAN
        && inner.where().isEmpty()) {
      return List.of(
          new Mistake("mean of means → mean over all", () -> mean(inner.of(), node.to())));
    }
    boolean all = node.of().level() == Level.Name.TOKEN && node.to() != Level.Name.SEQUENCE;
    return all
        ? List.of(
            new Mistake(
                "mean over all → mean of means",
                () -> mean(mean(node.of(), Level.Name.SEQUENCE), node.to())))
        : List.empty();
  }

  private static Node mean(Node of, Level.Name to) {
    return Nodes.reduce(ReduceOp.MEAN, of, to, 0, Option.none());
  }

  @Override
  public Seq<Mistake> sumByKey(Node.SumByKey node) {
    Node turned = Nodes.unary(UnaryOp.NEGATE, node.right());
    return List.of(
        new Mistake(
            "sum over equal keys ↔ cumulative sum",
            () -> Nodes.sumByKey(node.left(), node.right(), node.within(), !node.cumulative())),
        new Mistake(
            "keys in the opposite order",
            () -> Nodes.sumByKey(node.left(), turned, node.within(), node.cumulative())));
  }

  @Override
  public Seq<Mistake> quantile(Node.Quantile node) {
    Node one = Nodes.constant(1, node.fraction().level());
    return List.of(
        new Mistake(
            "quantile q → 1 − q",
            () ->
                Nodes.quantile(
                    node.of(),
                    Nodes.binary(BinaryOp.MINUS, one, node.fraction()),
                    node.to(),
                    node.where())));
  }

  @Override
  public Seq<Mistake> parameter(Node.ParameterValue node) {
    String name = node.name();
    String other = name.contains("low") ? name.replace("low", "high") : name.replace("high", "low");
    Seq<Mistake> dead =
        List.of(
            new Mistake(
                "parameter ignored",
                () -> Nodes.constant(node.range().initial(), Level.Name.BATCH)));
    return other.equals(name)
        ? dead
        : dead.appendAll(
            parameters.get(other).map(o -> new Mistake(name + " → " + other, () -> o)));
  }

  @Override
  public Seq<Mistake> input(Node.Input node) {
    return node.level() == Level.Name.TOKEN
        ? List.of(
            new Mistake("shifted by one token", () -> Nodes.neighbour(node, Direction.BACKWARD, 0)))
        : List.empty();
  }
}
