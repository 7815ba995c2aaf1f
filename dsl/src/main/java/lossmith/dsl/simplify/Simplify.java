package lossmith.dsl.simplify;

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
 * The simplifier: a rewriting meaning whose every case is a smart constructor, so that terms are
 * simple as soon as they are made. Each rule keeps the value on finite numbers; equal parts become
 * one object on the way.
 */
public class Simplify extends Rebuild {
  private final HashConsing sharing = new HashConsing();

  /** {@return the simplified node} */
  public Node of(Node node) {
    return new Fold<>(this).of(sharing.of(node));
  }

  public final Node intern(Node node) {
    return sharing.of(node);
  }

  @Override
  public Node named(Node.Named node, Node of) {
    boolean known = of instanceof Node.Constant || of instanceof Node.Truth;
    return known ? of : intern(super.named(node, of));
  }

  @Override
  public Node unary(Node.Unary node, Node of) {
    return unary(node.op(), of);
  }

  @Override
  public Node binary(Node.Binary node, Node left, Node right) {
    return binary(node.op(), left, right);
  }

  @Override
  public Node broadcast(Node.Broadcast node, Node of) {
    return spread(of, node.to());
  }

  @Override
  public Node not(Node.Not node, Node of) {
    return not(of);
  }

  @Override
  public Node logic(Node.Logic node, Node left, Node right) {
    return Conditions.logic(this, node.all(), left, right);
  }

  @Override
  public Node compare(Node.Compare node, Node left, Node right) {
    return Conditions.compare(this, node.op(), left, right);
  }

  @Override
  public Node select(Node.Select node, Node when, Node left, Node right) {
    return select(when, left, right);
  }

  @Override
  public Node clip(Node.Clip node, Node of, Node low, Node high) {
    if (of instanceof Node.Constant x
        && low instanceof Node.Constant l
        && high instanceof Node.Constant h) {
      return constant(Math.max(l.value(), Math.min(h.value(), x.value())), of.level());
    }
    return intern(super.clip(node, of, low, high));
  }

  @Override
  public Node gather(Node.Gather node, Node of) {
    return of instanceof Node.Broadcast x
        ? spread(x.of(), Level.Name.TOKEN)
        : intern(super.gather(node, of));
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    return node.op() == ReduceOp.SUM && where.isEmpty()
        ? sum(of, node.to())
        : intern(super.reduce(node, of, where));
  }

  public final Node constant(double value, Level.Name level) {
    return intern(Nodes.constant(value, level));
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
    if (a instanceof Node.Truth x) {
      return intern(Nodes.truth(!x.value(), x.level()));
    }
    return a instanceof Node.Not x ? x.of() : intern(Nodes.not(a));
  }

  public final Node and(Node a, Node b) {
    return Conditions.logic(this, true, a, b);
  }

  public final Node or(Node a, Node b) {
    return Conditions.logic(this, false, a, b);
  }

  public final Node atMost(Node a, Node b) {
    return Conditions.compare(this, CompareOp.AT_MOST, a, b);
  }

  public final Node unary(UnaryOp op, Node x) {
    if (x instanceof Node.Constant c) {
      Option<Double> value = Constants.of(op, c.value());
      if (value.isDefined()) {
        return constant(value.get(), x.level());
      }
    }
    if (op == UnaryOp.NEGATE && x instanceof Node.Unary inner && inner.op() == UnaryOp.NEGATE) {
      return inner.of();
    }
    boolean even = op == UnaryOp.ABS || op == UnaryOp.SQUARE;
    if (even && x instanceof Node.Unary inner && inner.op() == UnaryOp.NEGATE) {
      return unary(op, inner.of());
    }
    return intern(Nodes.unary(op, x));
  }

  public final Node binary(BinaryOp op, Node x, Node y) {
    return Products.binary(this, op, x, y);
  }

  /**
   * The value at a finer level; products of counts and parameters are spread factor by factor, so
   * that they can cancel.
   */
  public final Node spread(Node x, Level.Name to) {
    if (x.level() == to) {
      return x;
    }
    if (x instanceof Node.Constant c) {
      return constant(c.value(), to);
    }
    if (x instanceof Node.Truth t) {
      return intern(Nodes.truth(t.value(), to));
    }
    if (x instanceof Node.Broadcast b) {
      return spread(b.of(), to);
    }
    if (x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE) {
      return negate(spread(u.of(), to));
    }
    boolean product =
        x instanceof Node.Binary b && (b.op() == BinaryOp.TIMES || b.op() == BinaryOp.DIVIDE);
    if (product && x instanceof Node.Binary b) {
      return binary(b.op(), spread(b.left(), to), spread(b.right(), to));
    }
    return intern(Nodes.broadcast(x, to));
  }

  public final Node select(Node when, Node left, Node right) {
    if (when instanceof Node.Truth t) {
      return t.value() ? left : right;
    }
    if (left == right) {
      return left;
    }
    if (Constants.is(right, 0)) {
      return elseZero(when, left, right);
    }
    if (Constants.is(left, 0)) {
      return elseZero(not(when), right, left);
    }
    if (when instanceof Node.Not n) {
      return select(n.of(), right, left);
    }
    return intern(Nodes.select(when, left, right));
  }

  /** 1[when]·x. */
  private Node elseZero(Node when, Node x, Node zero) {
    if (x instanceof Node.Binary && Conditions.within(x, when)) {
      return x;
    }
    if (x instanceof Node.Select inner && Constants.is(inner.right(), 0)) {
      return select(and(when, inner.when()), inner.left(), zero);
    }
    if (x instanceof Node.Unary u && u.op() == UnaryOp.NEGATE) {
      return negate(select(when, u.of(), zero));
    }
    Node known = Facts.of(when).within(this, x);
    return known == x ? intern(Nodes.select(when, x, zero)) : select(when, known, zero);
  }

  public final Node sum(Node x, Level.Name to) {
    return Sums.over(this, x, to);
  }
}
