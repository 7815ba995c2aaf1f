package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Objects;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.UnaryOp;

/**
 * Names for what a formula would otherwise write out more than once: every part that is used twice
 * and is long gets a symbol, as if its author had chosen one.
 *
 * <p>Parts are measured by the symbols and functions in them, so that both notations name the same
 * ones; numbers and counts, which a product puts first, do not count.
 */
final class Naming {
  /** What has fewer marks reads better written out again, such as the clipped side of a minimum. */
  private static final int LONG = 9;

  private static final List<String> NUMBERS = List.of("X", "Y", "Z", "U", "W", "B", "E", "F");
  private static final List<String> CONDITIONS = List.of("C", "J", "K", "Q");
  private static final Rebuild REBUILD = new Rebuild();

  private final IdentityHashMap<Node, Integer> uses = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Integer> marks = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Node> named = new IdentityHashMap<>();
  private Set<String> taken = io.vavr.collection.HashSet.empty();

  private Naming() {}

  /** {@return the same graphs, long parts that are used twice under a name} */
  static Seq<Node> of(Seq<Node> roots) {
    Naming naming = new Naming();
    Seq<Node> parts = childrenFirst(roots);
    roots.forEach(naming::use);
    parts.filter(part -> bare(part) == part).flatMap(Node::children).forEach(naming::use);
    naming.taken = parts.flatMap(Naming::symbols).toSet();
    parts.forEach(naming::add);
    return roots.map(root -> Objects.requireNonNull(naming.named.get(root)));
  }

  private void use(Node node) {
    uses.merge(bare(node), 1, Integer::sum);
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
            : node instanceof Node.Setting setting ? List.of(setting.name()) : List.empty();
  }

  private void add(Node node) {
    Node again = node.apply(REBUILD, child -> Objects.requireNonNull(named.get(child)));
    int size = own(node) + node.children().map(marks::get).sum().intValue();
    boolean twice = bare(node) == node && uses.getOrDefault(node, 0) > 1;
    boolean name = twice && size >= LONG && !(node instanceof Node.Named);
    named.put(node, name ? Nodes.named(again, symbol(node.condition())) : again);
    marks.put(node, name || node instanceof Node.Named ? 1 : size);
  }

  private static int own(Node node) {
    if (node instanceof Node.Constant || node instanceof Node.Count || bare(node) != node) {
      return 0;
    }
    boolean wordy =
        node instanceof Node.Reduce || node instanceof Node.Permute || node instanceof Node.Share;
    return wordy ? 2 : 1;
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

  private static Seq<Node> childrenFirst(Seq<Node> roots) {
    Deque<Node> open = new ArrayDeque<>(roots.asJava());
    IdentityHashMap<Node, Boolean> done = new IdentityHashMap<>();
    java.util.List<Node> order = new java.util.ArrayList<>();
    while (!open.isEmpty()) {
      Node node = open.peek();
      Seq<Node> waiting = node.children().filter(child -> !done.containsKey(child));
      waiting.reverse().forEach(open::push);
      if (waiting.isEmpty()) {
        open.pop();
        if (done.put(node, true) == null) {
          order.add(node);
        }
      }
    }
    return List.ofAll(order);
  }
}
