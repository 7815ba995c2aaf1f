package lossmith.dsl.simplify;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Dependence;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;

/**
 * The conditions that an assumption implies, found from its syntax alone. A comparison with what is
 * not a number does not hold, so that x ≥ y follows from x > y but not from x < y being false.
 */
final class Facts {
  private final Set<Node> held;
  private final boolean ofWholes;

  private Facts(Set<Node> held, boolean ofWholes) {
    this.held = held;
    this.ofWholes = ofWholes;
  }

  static Facts of(Node when) {
    return of(List.of(when));
  }

  /** What is known where all of these hold. */
  static Facts of(List<Node> conditions) {
    Set<Node> held = HashSet.empty();
    List<Node> open = conditions;
    while (open.nonEmpty()) {
      Node one = open.head();
      open = open.tail().prependAll(meant(one));
      held = held.add(one);
    }
    return new Facts(held, false);
  }

  /** The same, for selections alone, those of coarser elements that a term spreads too. */
  Facts ofWholes() {
    return new Facts(held, true);
  }

  /** What a condition says in other words. */
  private static List<Node> meant(Node one) {
    if (one instanceof Node.Named named) {
      return List.of(named.of());
    }
    if (one instanceof Node.Logic logic && logic.all()) {
      return List.of(logic.left(), logic.right());
    }
    if (one instanceof Node.Not not && not.of() instanceof Node.Named named) {
      return List.of(Nodes.not(named.of()));
    }
    return one instanceof Node.Not not && not.of() instanceof Node.Logic logic && !logic.all()
        ? List.of(opposite(logic.left()), opposite(logic.right()))
        : List.empty();
  }

  private static Node opposite(Node condition) {
    return condition instanceof Node.Not not ? not.of() : Nodes.not(condition);
  }

  /** Whether a condition certainly holds. */
  boolean tell(Node condition) {
    if (held.contains(condition)) {
      return true;
    }
    if (condition instanceof Node.Truth truth) {
      return truth.value();
    }
    if (condition instanceof Node.Named named) {
      return tell(named.of());
    }
    if (condition instanceof Node.Not not) {
      return refute(not.of());
    }
    if (condition instanceof Node.Logic logic) {
      boolean left = tell(logic.left());
      return left == logic.all() ? tell(logic.right()) : left;
    }
    return condition instanceof Node.Compare x
        && x.op() == CompareOp.AT_MOST
        && (holds(CompareOp.BELOW, x.left(), x.right()) || equal(x));
  }

  /** Whether a condition certainly does not hold. */
  boolean refute(Node condition) {
    if (held.contains(opposite(condition))) {
      return true;
    }
    if (condition instanceof Node.Truth truth) {
      return !truth.value();
    }
    if (condition instanceof Node.Named named) {
      return refute(named.of());
    }
    if (condition instanceof Node.Not not) {
      return tell(not.of());
    }
    if (condition instanceof Node.Logic logic) {
      boolean left = refute(logic.left());
      return left == logic.all() ? left : refute(logic.right());
    }
    return condition instanceof Node.Compare x && refute(x);
  }

  private boolean refute(Node.Compare x) {
    boolean above = holds(CompareOp.BELOW, x.right(), x.left());
    return switch (x.op()) {
      case BELOW -> above || equal(x) || holds(CompareOp.AT_MOST, x.right(), x.left());
      case AT_MOST -> above;
      case EQUAL -> above || holds(CompareOp.BELOW, x.left(), x.right());
    };
  }

  private boolean equal(Node.Compare x) {
    return holds(CompareOp.EQUAL, x.left(), x.right())
        || holds(CompareOp.EQUAL, x.right(), x.left());
  }

  private boolean holds(CompareOp op, Node x, Node y) {
    return held.contains(Nodes.compare(op, x, y));
  }

  /**
   * The term or condition as it is where the facts hold: of a selection the side that is taken, of
   * a minimum the smaller, of clip(z, low, high) just z where low ≤ z ≤ high.
   *
   * @param after what is done with each node that is made again, from such a part up
   */
  Node within(UnaryOperator<Node> after, Node x) {
    if (x.level() == Level.Name.VOCABULARY || held.isEmpty()) {
      return x;
    }
    IdentityHashMap<Node, Node> known = new IdentityHashMap<>();
    Predicate<Node> end =
        node ->
            known.computeIfAbsent(node, part -> known(after, part)) != node || !elementwise(node);
    Fold<Node> fold = new Fold<>(new Rebuild(), after);
    boolean found = false;
    for (Node node : Graph.first(x, end)) {
      Node told = Objects.requireNonNull(known.get(node));
      fold = fold.given(node, told);
      found |= told != node;
    }
    return found ? within(after, fold.of(x)) : x;
  }

  private Node known(UnaryOperator<Node> after, Node node) {
    if (node instanceof Node.Select select) {
      return tell(select.when())
          ? select.left()
          : refute(select.when()) ? select.right() : select(after, select);
    }
    if (ofWholes) {
      return node instanceof Node.Broadcast spread ? spread(after, spread) : node;
    }
    if (node instanceof Node.Binary x && x.op() == BinaryOp.MIN) {
      return smaller(x.left(), x.right()).getOrElse(x);
    }
    if (node instanceof Node.Binary x && x.op() == BinaryOp.MAX) {
      return smaller(x.left(), x.right())
          .map(y -> y == x.left() ? x.right() : x.left())
          .getOrElse(x);
    }
    return node instanceof Node.Clip clip && inside(clip) ? clip.of() : node;
  }

  private Node spread(UnaryOperator<Node> after, Node.Broadcast spread) {
    Node known = coarser(spread.of().level()).within(after, spread.of());
    return known == spread.of() ? spread : after.apply(Nodes.broadcast(known, spread.to()));
  }

  /** What is known of the element of a coarser level that this one belongs to. */
  private Facts coarser(Level.Name level) {
    return of(held.toList().flatMap(one -> coarser(one, level))).ofWholes();
  }

  private static Option<Node> coarser(Node fact, Level.Name level) {
    if (fact instanceof Node.Not not) {
      return coarser(not.of(), level).map(Facts::opposite);
    }
    return fact instanceof Node.Broadcast spread && !spread.of().level().finerThan(level)
        ? Option.some(
            spread.of().level() == level ? spread.of() : Nodes.broadcast(spread.of(), level))
        : Option.none();
  }

  /** The same selection by what is not known of its condition. */
  private Node select(UnaryOperator<Node> after, Node.Select select) {
    List<Node> parts = Connective.parts(true, select.when());
    List<Node> open = parts.reject(this::tell);
    Node when = open.reduceLeft(Nodes::and);
    return open.size() == parts.size()
        ? select
        : after.apply(
            Nodes.select(new Fold<>(new Rebuild(), after).of(when), select.left(), select.right()));
  }

  private Option<Node> smaller(Node x, Node y) {
    return atMost(x, y) ? Option.some(x) : atMost(y, x) ? Option.some(y) : Option.none();
  }

  private boolean inside(Node.Clip clip) {
    return (Constants.is(clip.low(), Double.NEGATIVE_INFINITY) || atMost(clip.low(), clip.of()))
        && (Constants.is(clip.high(), Double.POSITIVE_INFINITY) || atMost(clip.of(), clip.high()));
  }

  private boolean atMost(Node x, Node y) {
    return tell(Nodes.compare(CompareOp.AT_MOST, x, y));
  }

  /**
   * Not what looks at other elements, since a fact about one says nothing of them, nor what has a
   * name, which would mean two things otherwise.
   */
  private static boolean elementwise(Node node) {
    Dependence dependence = Dependence.of(node);
    return (dependence == Dependence.LEAF || dependence == Dependence.ELEMENTWISE)
        && !(node instanceof Node.Named)
        && node.children().forAll(child -> child.level() == node.level());
  }
}
