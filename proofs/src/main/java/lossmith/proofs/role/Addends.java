package lossmith.proofs.role;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Function;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Otherwise;
import lossmith.dsl.ReduceOp;

/**
 * Each node means the summands of which it is a sum: sums, means, signs and detached factors are
 * looked through, and so are clips and choices; any other function carries the gradient itself, and
 * so does a sum over the vocabulary. A node without a gradient has none.
 */
final class Addends extends Otherwise<Seq<Addend>> {
  private final Function<Node, Seq<Addend>> of;

  private Addends(Function<Node, Seq<Addend>> of) {
    this.of = of;
  }

  /** The summands of a node. */
  static Seq<Addend> of(Node node) {
    return Fold.<Seq<Addend>>by(Addends::new).of(node);
  }

  private static Seq<Addend> carrier(Node node) {
    return node.live() ? List.of(Addend.of(node)) : List.empty();
  }

  private Seq<Addend> through(Node node, Node child) {
    return under(node, of.apply(child));
  }

  private static Seq<Addend> under(Node node, Seq<Addend> summands) {
    return summands.size() == 1 ? summands.map(one -> one.under(node)) : summands;
  }

  @Override
  public Seq<Addend> input(Node.Input node) {
    return carrier(node);
  }

  @Override
  public Seq<Addend> named(Node.Named node) {
    return through(node, node.of());
  }

  @Override
  public Seq<Addend> broadcast(Node.Broadcast node) {
    return through(node, node.of());
  }

  @Override
  public Seq<Addend> gather(Node.Gather node) {
    return carrier(node);
  }

  @Override
  public Seq<Addend> unary(Node.Unary node) {
    return switch (node.op()) {
      case NEGATE -> through(node, node.of());
      case SIGN, FLOOR -> List.empty();
      default -> carrier(node);
    };
  }

  @Override
  public Seq<Addend> binary(Node.Binary node) {
    boolean both = node.left().live() && node.right().live();
    Node held = node.left().live() ? node.right() : node.left();
    Node live = node.left().live() ? node.left() : node.right();
    return switch (node.op()) {
      case PLUS, MINUS ->
          both
              ? of.apply(node.left()).appendAll(of.apply(node.right()))
              : under(node, of.apply(live).map(one -> one.shifted(held)));
      case TIMES -> both ? product(node) : under(node, of.apply(live).map(one -> one.times(held)));
      case DIVIDE ->
          node.right().live()
              ? carrier(node)
              : countsTokens(node.right())
                  ? under(node, of.apply(node.left()))
                  : under(node, of.apply(node.left()).map(one -> one.times(node.right())));
      case MIN, MAX -> chosen(node, node.left(), node.right());
      default -> carrier(node);
    };
  }

  /** Whether what divides makes a mean of a sum over tokens: it is no factor of its own. */
  private static boolean countsTokens(Node divisor) {
    Node plain = PresumedRole.plain(divisor);
    if (plain instanceof Node.Binary most && most.op() == BinaryOp.MAX) {
      return most.children().exists(Addends::countsTokens)
          && most.children().map(PresumedRole::plain).exists(Node.Constant.class::isInstance);
    }
    return plain instanceof Node.Count count && count.from() == Level.Name.TOKEN;
  }

  /** What two terms with a gradient are multiplied by is outside of their product. */
  private Seq<Addend> product(Node.Binary node) {
    Seq<Addend> both = of.apply(node.left()).appendAll(of.apply(node.right()));
    return both.size() == 2
        ? List.of(new Addend(node, List.of(node), both.flatMap(Addend::factors), List.empty()))
        : carrier(node);
  }

  /** A bound at a constant bends what it bounds, such as a hinge at 0; another only chooses. */
  private Seq<Addend> chosen(Node node, Node left, Node right) {
    return isNumber(left) || isNumber(right) ? carrier(node) : either(node, left, right);
  }

  private Seq<Addend> either(Node node, Node left, Node right) {
    Seq<Addend> first = of.apply(left);
    Seq<Addend> second = of.apply(right);
    return first.size() == 1 && second.size() == 1
        ? List.of(first.head().or(second.head(), node))
        : under(
            node, first.appendAll(second).distinctBy(one -> System.identityHashCode(one.top())));
  }

  private static boolean isNumber(Node node) {
    return node instanceof Node.Broadcast spread
        ? isNumber(spread.of())
        : node instanceof Node.Constant;
  }

  @Override
  public Seq<Addend> clip(Node.Clip node) {
    return through(node, node.of());
  }

  @Override
  public Seq<Addend> select(Node.Select node) {
    return either(node, node.left(), node.right());
  }

  @Override
  public Seq<Addend> neighbour(Node.Neighbour node) {
    return through(node, node.of());
  }

  @Override
  public Seq<Addend> scan(Node.Scan node) {
    return through(node, node.left());
  }

  @Override
  public Seq<Addend> sumByKey(Node.SumByKey node) {
    return through(node, node.left());
  }

  @Override
  public Seq<Addend> permute(Node.Permute node) {
    return through(node, node.left());
  }

  @Override
  public Seq<Addend> reduce(Node.Reduce node) {
    boolean linear = node.op() == ReduceOp.SUM || node.op() == ReduceOp.MEAN;
    return linear && node.of().level() != Level.Name.VOCABULARY
        ? through(node, node.of())
        : carrier(node);
  }

  @Override
  protected Seq<Addend> otherwise(Node node) {
    return List.empty();
  }
}
