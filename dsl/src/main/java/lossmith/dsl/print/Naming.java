package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.function.UnaryOperator;
import lossmith.dsl.ByDependence;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Names for what a formula would otherwise write out more than once: every part gets a symbol, as
 * if its author had chosen one, where that saves enough text. Text is measured in Unicode, so that
 * both notations name the same parts.
 */
final class Naming {
  /**
   * How many characters must be saved; what is shorter, such as the clipped side of a minimum,
   * reads better written out again.
   */
  private static final int SAVED = 40;

  private static final List<String> NUMBERS = List.of("X", "Y", "Z", "U", "W", "B", "E", "F");
  private static final List<String> CONDITIONS = List.of("C", "J", "K", "Q");
  private static final Rebuild REBUILD = new Rebuild();

  private final IdentityHashMap<Node, Integer> uses = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Piece> texts = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Node> named = new IdentityHashMap<>();
  private final IdentityHashMap<Node, String> symbols = new IdentityHashMap<>();
  private final Notation notation = new UnicodeNotation();
  private final FormulaPieces pieces =
      new FormulaPieces(notation, symbols, new IdentityHashMap<>(), UnaryOperator.identity());
  private final IdentityHashMap<Node, Node.Named> names = new IdentityHashMap<>();
  private final java.util.Set<Node> middles = Collections.newSetFromMap(new IdentityHashMap<>());
  private Set<String> taken = io.vavr.collection.HashSet.empty();

  private Naming() {}

  /** {@return the same graphs, long parts that are used twice under a name} */
  static Seq<Node> of(Seq<Node> roots) {
    Naming naming = new Naming();
    Seq<Node> parts = Graph.below(roots, Node::children);
    roots.forEach(naming::use);
    parts.filter(part -> bare(part) == part).flatMap(Node::children).forEach(naming::use);
    parts.flatMap(Naming::saidTwice).forEach(naming::use);
    parts.forEach(naming::once);
    naming.taken = parts.flatMap(Naming::symbols).toSet();
    parts.forEach(naming::authored);
    parts.forEach(naming::add);
    return roots.map(root -> Objects.requireNonNull(naming.named.get(root)));
  }

  private void use(Node node) {
    uses.merge(bare(node), 1, Integer::sum);
  }

  /**
   * A mean writes the condition that narrows it over and under its line, exp(x) - x - 1 writes x
   * twice.
   */
  private static Option<Node> saidTwice(Node node) {
    if (node instanceof Node.Unary unary && unary.op() == UnaryOp.EXP_REMAINDER) {
      return Option.some(unary.of());
    }
    return node instanceof Node.Reduce mean && mean.op() == ReduceOp.MEAN
        ? mean.where()
        : Option.none();
  }

  /** What is written once although two use it: x of low < x < high, and of e^x and its slope. */
  private void once(Node node) {
    boolean ends = node instanceof Node.Compare below && !middles.add(bare(below.right()));
    boolean begins = node instanceof Node.Compare above && !middles.add(bare(above.left()));
    boolean slope = node instanceof Node.Unary exp && exp.op() == UnaryOp.EXP_SLOPE;
    if (slope) {
      uses.merge(bare(node.children().head()), -1, Integer::sum);
    }
    if (ends) {
      uses.merge(bare(node.children().get(1)), -1, Integer::sum);
    }
    if (begins) {
      uses.merge(bare(node.children().head()), -1, Integer::sum);
    }
  }

  /** What its author names is written by that name everywhere. */
  private void authored(Node node) {
    if (node instanceof Node.Named known
        && bare(known.of()) == known.of()
        && !symbol(known.of())
        && !(known.of() instanceof Node.Named)) {
      names.putIfAbsent(known.of(), known);
    }
  }

  /** Whether this has a symbol of its own. */
  private static boolean symbol(Node node) {
    return node.match(new OwnSymbol());
  }

  private static final class OwnSymbol extends ByDependence<Boolean> {
    @Override
    public Boolean sampled(Node.Sampled node) {
      return false;
    }

    @Override
    public Boolean scan(Node.Scan node) {
      return true;
    }

    @Override
    public Boolean gather(Node.Gather node) {
      return node.of() instanceof Node.Input;
    }

    @Override
    protected Boolean leaf(Node.Leaf node) {
      return true;
    }

    @Override
    protected Boolean elementwise(Node node) {
      return false;
    }

    @Override
    protected Boolean around(Node node, Level.Name within) {
      return false;
    }

    @Override
    protected Boolean reducing(Node node, Level.Name to) {
      return false;
    }
  }

  /** What a node writes around the text of its child, if anything, is no reason for a name. */
  private static Node bare(Node node) {
    Node at = node;
    while (true) {
      if (at instanceof Node.Broadcast spread) {
        at = spread.of();
      } else if (at instanceof Node.StopGradient held) {
        at = held.of();
      } else if (at instanceof Node.Unary minus && minus.op() == UnaryOp.NEGATE) {
        at = minus.of();
      } else {
        return at;
      }
    }
  }

  private static Seq<String> symbols(Node node) {
    return node instanceof Node.Named named
        ? List.of(named.symbol())
        : node instanceof Node.Input input
            ? List.of(input.name())
            : node instanceof Node.ParameterValue setting ? List.of(setting.name()) : List.empty();
  }

  private void add(Node node) {
    if (node instanceof Node.Named known) {
      symbols.put(node, known.symbol());
    }
    Node again = node.apply(REBUILD, child -> Objects.requireNonNull(named.get(child)));
    Piece text = node.apply(pieces, child -> Objects.requireNonNull(texts.get(child)));
    Node.Named author = names.get(node);
    if (author != null) {
      name(node, again, author.symbol());
    } else if (node instanceof Node.Named && names.get(node.children().head()) == node) {
      named.put(node, Objects.requireNonNull(named.get(node.children().head())));
      texts.put(node, Objects.requireNonNull(texts.get(node.children().head())));
    } else if (saves(node, text)) {
      name(node, again, symbol(node.condition()));
    } else {
      named.put(node, plain(node, again));
      texts.put(node, text.at(node.level()));
    }
  }

  private void name(Node node, Node again, String symbol) {
    named.put(node, Nodes.named(again, symbol));
    texts.put(node, pieces.symbol(symbol, node).at(node.level()));
  }

  /**
   * Whether a name saves enough; a big sum, which cannot be taken out of a bracket, counts twice.
   */
  private boolean saves(Node node, Piece piece) {
    boolean never =
        bare(node) != node
            || node instanceof Node.Named
            || symbol(node)
            || piece.logOf().isDefined()
            || (!node.condition() && piece.bounds());
    String text =
        piece.relation().map(of -> of.text(notation)).getOrElse(() -> notation.sum(piece));
    boolean big =
        node instanceof Node.Reduce sum && (sum.op() == ReduceOp.SUM || sum.op() == ReduceOp.MEAN);
    boolean twice = big && text.length() > SAVED / 2;
    int again = (uses.getOrDefault(node, 0) - 1) * (twice ? 2 : 1);
    return !never && again * text.length() >= SAVED;
  }

  /** An alias of an alias is resolved, unless the inner name is used elsewhere. */
  private Node plain(Node node, Node again) {
    return node instanceof Node.Named outer
            && again instanceof Node.Named rebuilt
            && outer.of() instanceof Node.Named inner
            && rebuilt.of() instanceof Node.Named alias
            && uses.getOrDefault(inner, 0) < 2
        ? Nodes.named(alias.of(), rebuilt.symbol())
        : again;
  }

  /** The first free letter, primed where there is none. */
  private String symbol(boolean condition) {
    List<String> letters = condition ? CONDITIONS : NUMBERS;
    List<String> candidates =
        List.of("", "'", "''", "'''").flatMap(primes -> letters.map(letter -> letter + primes));
    String symbol = candidates.find(one -> !taken.contains(one)).getOrElse(letters.head());
    taken = taken.add(symbol);
    return symbol;
  }
}
