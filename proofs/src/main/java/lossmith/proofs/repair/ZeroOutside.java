package lossmith.proofs.repair;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.CompareOp;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Otherwise;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.Inputs;

/** The condition on masks outside which a number is 0, where there is one. */
final class ZeroOutside extends Otherwise<Option<Node>> {
  private final Set<String> masks;

  private ZeroOutside(Set<String> masks) {
    this.masks = masks;
  }

  static Option<Node> of(Node node, Set<String> masks) {
    return node.match(new ZeroOutside(masks));
  }

  @Override
  public Option<Node> input(Node.Input node) {
    return Option.when(
        masks.contains(node.name()),
        () -> Nodes.compare(CompareOp.BELOW, Nodes.constant(0, node.level()), /* right= */ node));
  }

  @Override
  public Option<Node> broadcast(Node.Broadcast node) {
    return node.of().match(this).map(mask -> Nodes.broadcast(mask, node.to()));
  }

  @Override
  public Option<Node> named(Node.Named node) {
    return node.of().match(this);
  }

  @Override
  public Option<Node> stopGradient(Node.StopGradient node) {
    return node.of().match(this);
  }

  @Override
  public Option<Node> unary(Node.Unary node) {
    return node.op() == UnaryOp.NEGATE ? node.of().match(this) : Option.none();
  }

  @Override
  public Option<Node> select(Node.Select node) {
    Seq<String> read = Inputs.of(List.of(node.when())).columns().map(Node.Input::name);
    boolean given = read.nonEmpty() && masks.containsAll(read);
    return Option.when(given && zero(node.right()), node.when())
        .orElse(() -> Option.when(given && zero(node.left()), () -> Nodes.not(node.when())));
  }

  @Override
  public Option<Node> binary(Node.Binary node) {
    Option<Node> left = node.left().match(this);
    return switch (node.op()) {
      case TIMES -> left.orElse(() -> node.right().match(this));
      case DIVIDE -> left;
      case PLUS, MINUS ->
          left.filter(mask -> node.right().match(this).exists(o -> HashConsing.same(mask, o)));
      default -> Option.none();
    };
  }

  @Override
  protected Option<Node> otherwise(Node node) {
    return Option.none();
  }

  private static boolean zero(Node node) {
    return node instanceof Node.Constant constant && constant.value() == 0;
  }
}
