package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * The simplifier: whatever it makes passes through its rules, so that terms are simple as soon as
 * they are made. Each rule keeps the value on finite numbers; equal parts become one object on the
 * way.
 *
 * <p>It comes to an end: a rule leaves fewer nodes, or it moves a sign, a fraction bar, a constant
 * factor, an exponential or a condition further out or to the left, a spread or a sum further in, a
 * zero to the right, and no rule moves one back.
 */
public class Simplify extends Rebuild {
  /** All rules: of those for one kind of node the first that applies is taken. */
  static final Seq<Rule<?>> RULES =
      List.of(
              Functions.RULES,
              Products.RULES,
              Conditions.RULES,
              Connective.RULES,
              Choosing.RULES,
              Sums.RULES)
          .flatMap(table -> table);

  private static final ClassValue<Seq<Rule<?>>> OF_KIND =
      new ClassValue<>() {
        @Override
        protected Seq<Rule<?>> computeValue(Class<?> kind) {
          return RULES.filter(rule -> rule.kind().isAssignableFrom(kind));
        }
      };

  private final HashConsing sharing = new HashConsing();

  /** {@return the simplified node} */
  public Node of(Node node) {
    return new Fold<>(this, this::simple).of(sharing.of(node));
  }

  public final Node intern(Node node) {
    return sharing.of(node);
  }

  /** A node of simple parts, simplified. */
  Node simple(Node node) {
    for (Rule<?> rule : OF_KIND.get(node.getClass())) {
      Option<Node> simpler = rule.of(this, node);
      if (simpler.isDefined()) {
        return simpler.get();
      }
    }
    return intern(node);
  }

  public final Node constant(double value, Level.Name level) {
    return intern(Nodes.constant(value, level));
  }

  final Node truth(boolean value, Level.Name level) {
    return intern(Nodes.truth(value, level));
  }

  public final Node zero(Node like) {
    return constant(0, like.level());
  }

  public final Node plus(Node a, Node b) {
    return binary(BinaryOp.PLUS, a, b);
  }

  public final Node minus(Node a, Node b) {
    return binary(BinaryOp.MINUS, a, b);
  }

  public final Node times(Node a, Node b) {
    return binary(BinaryOp.TIMES, a, b);
  }

  public final Node divide(Node a, Node b) {
    return binary(BinaryOp.DIVIDE, a, b);
  }

  public final Node negate(Node a) {
    return unary(UnaryOp.NEGATE, a);
  }

  public final Node not(Node a) {
    return simple(Nodes.not(a));
  }

  public final Node and(Node a, Node b) {
    return simple(Nodes.and(a, b));
  }

  public final Node or(Node a, Node b) {
    return simple(Nodes.or(a, b));
  }

  public final Node atMost(Node a, Node b) {
    return simple(Nodes.compare(CompareOp.AT_MOST, a, b));
  }

  public final Node unary(UnaryOp op, Node x) {
    return simple(Nodes.unary(op, x));
  }

  public final Node binary(BinaryOp op, Node x, Node y) {
    return simple(Nodes.binary(op, x, y));
  }

  /** The value at a finer level, or at its own. */
  public final Node spread(Node x, Level.Name to) {
    return x.level() == to ? x : simple(Nodes.broadcast(x, to));
  }

  public final Node select(Node when, Node left, Node right) {
    return simple(Nodes.select(when, left, right));
  }

  /** 1[when]·x. */
  final Node when(Node when, Node x) {
    return select(when, x, zero(x));
  }

  public final Node sum(Node x, Level.Name to) {
    return simple(Nodes.reduce(ReduceOp.SUM, x, to, 0, Option.none()));
  }

  final Node sumOfRow(Node x) {
    return sum(x, Level.Name.TOKEN);
  }
}
