package lossmith.dsl.print;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import lossmith.dsl.Fold;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Sharing;
import lossmith.dsl.UnaryOp;

/**
 * An objective as a textbook writes it, followed by what its symbols stand for. The formula is read
 * off the very graph that runs.
 */
public final class Formula {
  private static final String FOOTNOTE =
      "exp saturates at ±700 (float64), ±80 (float32); its slope is 0 there";

  private Formula() {}

  /** {@return the formula of a node, in Unicode} */
  public static String unicode(Node node) {
    return text(new UnicodeNotation(), LinkedHashMap.of("", node));
  }

  /** {@return the formula of each part of a loss, in Unicode} */
  public static String unicode(Loss loss) {
    return text(new UnicodeNotation(), parts(loss));
  }

  /** {@return the formula of a node, in LaTeX} */
  public static String latex(Node node) {
    return text(new LatexNotation(), LinkedHashMap.of("", node));
  }

  /** {@return the formula of each part of a loss, in LaTeX} */
  public static String latex(Loss loss) {
    return text(new LatexNotation(), parts(loss));
  }

  private static Map<String, Node> parts(Loss loss) {
    return LinkedHashMap.ofEntries(
        loss.parts().toList().map(part -> part.map2(term -> term.node())));
  }

  private static String text(Notation notation, Map<String, Node> roots) {
    Sharing sharing = new Sharing();
    Map<String, Node> shared =
        LinkedHashMap.ofEntries(roots.toList().map(root -> root.map2(sharing::of)));
    IdentityHashMap<Node, String> symbols = new IdentityHashMap<>();
    IdentityHashMap<Node, String> exponentials = new IdentityHashMap<>();
    Set<String> taken = new HashSet<>();
    for (Node node : shared.values().flatMap(Nested::of)) {
      if (node instanceof Node.Named named && !symbols.containsKey(node)) {
        symbols.put(node, free(taken, named.symbol()));
        if (named.of() instanceof Node.Unary unary && unary.op() == UnaryOp.EXP) {
          exponentials.put(unary.of(), symbols.get(node));
        }
      }
    }
    Pieces pieces = new Pieces(notation, symbols, exponentials);
    Fold<Piece> fold = new Fold<>(pieces);
    List<String> formulas =
        shared
            .toList()
            .map(
                root ->
                    (root._1.isEmpty() ? "" : notation.symbol(root._1) + " = ")
                        + fold.of(root._2).text());
    List<String> where =
        pieces.definitions().toList().map(one -> "  where " + one._1 + " = " + one._2);
    List<String> notes = pieces.saturates() ? List.of(FOOTNOTE) : List.empty();
    return formulas.appendAll(where).appendAll(notes).mkString("\n");
  }

  private static String free(Set<String> taken, String symbol) {
    String candidate = symbol;
    while (!taken.add(candidate)) {
      candidate += "'";
    }
    return candidate;
  }
}
