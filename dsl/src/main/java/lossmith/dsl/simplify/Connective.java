package lossmith.dsl.simplify;

import io.vavr.collection.List;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;

/**
 * Conditions joined by "and" ({@code all}) or by "or": none twice, none that another one decides,
 * what two share taken out of both. Every law holds for both, with the connectives exchanged.
 */
public final class Connective {
  private final Simplify s;
  private final boolean all;
  private final Level.Name level;

  Connective(Simplify s, boolean all, Level.Name level) {
    this.s = s;
    this.all = all;
    this.level = level;
  }

  Node of(Node x, Node y) {
    return of(List.of(x, y));
  }

  private Node of(List<Node> conditions) {
    List<Node> parts = taken(conditions.flatMap(part -> parts(all, part)).distinct());
    for (int i = parts.size() - 1; i >= 0; i--) {
      Node part = parts.get(i);
      List<Node> others = parts.removeAt(i);
      Facts known = Facts.of(all ? others : others.map(s::not));
      if (adds(known, part, false)) {
        return s.intern(Nodes.truth(!all, level));
      }
      if (adds(known, part, true)) {
        return of(others);
      }
      List<Node> inner = parts(!all, part);
      List<Node> open = inner.reject(one -> adds(known, one, false));
      if (open.size() < inner.size()) {
        return of(parts.update(i, chain(!all, open)));
      }
      Node simpler = all ? known.within(s, part) : part;
      if (simpler != part) {
        return of(parts.update(i, simpler));
      }
    }
    return chain(all, parts);
  }

  /**
   * Whether a part is known to be what "and" (true) or "or" (false) may leave out, or the other.
   */
  private boolean adds(Facts known, Node part, boolean nothing) {
    return nothing == all ? known.tell(part) : known.refute(part);
  }

  /** The same, what two share taken out of both: (a ∧ b) ∨ (a ∧ c) is a ∧ (b ∨ c). */
  private List<Node> taken(List<Node> parts) {
    for (int i = 0; i < parts.size(); i++) {
      for (int j = i + 1; j < parts.size(); j++) {
        List<Node> one = parts(!all, parts.get(i));
        List<Node> other = parts(!all, parts.get(j));
        List<Node> shared = one.filter(other::contains);
        if (shared.nonEmpty()) {
          Node left = chain(!all, one.removeAll(shared));
          Node right = chain(!all, other.removeAll(shared));
          Node both = new Connective(s, !all, level).of(shared.append(of(left, right)));
          List<Node> flat = parts(all, both);
          List<Node> rest = parts.removeAt(j).removeAt(i);
          return taken(rest.take(i).appendAll(flat).appendAll(rest.drop(i)).distinct());
        }
      }
    }
    return parts;
  }

  private Node chain(boolean both, List<Node> parts) {
    return parts
        .reduceLeftOption((x, y) -> s.intern(Nodes.logic(both, x, y)))
        .getOrElse(() -> s.intern(Nodes.truth(both, level)));
  }

  /** What a condition joins by "and", or by "or": itself where it joins nothing in that way. */
  public static List<Node> parts(boolean all, Node node) {
    return node instanceof Node.Logic logic && logic.all() == all
        ? parts(all, logic.left()).appendAll(parts(all, logic.right()))
        : List.of(node);
  }
}
