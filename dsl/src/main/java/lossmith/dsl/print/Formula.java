package lossmith.dsl.print;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.simplify.Branches;

/**
 * An objective as a textbook writes it, followed by what its symbols stand for. The formula is read
 * off the very graph that runs.
 */
public final class Formula {
  private static final String FOOTNOTE =
      "exp saturates at ±700 (float64), ±80 (float32); its slope is 0 there";

  private static final String CLAMPED =
      "exp(x) - x - 1 holds x within ±700 (float64), ±80 (float32); its slope is 0 beyond";

  private Formula() {}

  /** {@return the formula of a node, in Unicode} */
  public static String unicode(Node node) {
    return text(new UnicodeNotation(), LinkedHashMap.of("", node));
  }

  /** {@return a term on one line, with what it calls by a name behind it} */
  public static String line(Node node) {
    return unicode(node).strip().replaceAll("\\s*\\R\\s*", ", ");
  }

  /** {@return the formula of each part of a loss, in Unicode} */
  public static String unicode(Loss loss) {
    return loss(new UnicodeNotation(), loss);
  }

  /** {@return the formula of a node, in LaTeX} */
  public static String latex(Node node) {
    return text(new LatexNotation(), LinkedHashMap.of("", node));
  }

  /** {@return the formula of each part of a loss, in LaTeX} */
  public static String latex(Loss loss) {
    return loss(new LatexNotation(), loss);
  }

  /**
   * {@return the slope of a loss by one of its inputs, in Unicode: {@code ∂L/∂log π(y_t) = …}}
   *
   * @param input the name of the input
   * @param gradient the derivative of the loss by it
   */
  public static String unicode(String input, Node gradient) {
    return slope(new UnicodeNotation(), input, gradient);
  }

  /**
   * {@return the slope of a loss by one of its inputs, in LaTeX}
   *
   * @param input the name of the input
   * @param gradient the derivative of the loss by it
   */
  public static String latex(String input, Node gradient) {
    return slope(new LatexNotation(), input, gradient);
  }

  private static String text(Notation notation, Map<String, Node> roots) {
    HashConsing sharing = new HashConsing();
    Branches branches = new Branches();
    Seq<Node> parts = Naming.of(roots.values().map(sharing::of).map(branches::of).map(sharing::of));
    Map<String, Node> shared = LinkedHashMap.ofEntries(roots.keySet().toList().zip(parts));
    IdentityHashMap<Node, String> symbols = new IdentityHashMap<>();
    IdentityHashMap<Node, String> exponentials = new IdentityHashMap<>();
    Set<String> taken = new HashSet<>();
    Seq<Node.Named> names =
        Graph.only(Node.Named.class, Graph.down(shared.values(), Node::children));
    for (Node.Named named : names) {
      if (exponential(named, UnaryOp.EXP)) {
        String symbol = free(taken, named.symbol());
        symbols.put(named, symbol);
        exponentials.put(named.of().children().head(), symbol);
      }
    }
    for (Node.Named named : names) {
      if (!symbols.containsKey(named)) {
        boolean slope = exponential(named, UnaryOp.EXP_SLOPE);
        String known = slope ? exponentials.get(named.of().children().head()) : null;
        String symbol = known == null ? free(taken, named.symbol()) : known;
        symbols.put(named, symbol);
        if (named.of() instanceof Node.Scan scan && !symbol.contains("_")) {
          symbols.putIfAbsent(scan, symbol);
        }
      }
    }
    FormulaPieces pieces =
        new FormulaPieces(notation, symbols, exponentials, symbol -> free(taken, symbol));
    Fold<Piece> fold = new Fold<>(pieces, (node, piece) -> piece.at(node.level()));
    List<String> formulas =
        shared
            .toList()
            .map(
                root -> {
                  Piece piece = fold.of(root._2);
                  String text =
                      piece
                          .relation()
                          .map(relation -> relation.text(notation))
                          .getOrElse(() -> notation.sum(piece));
                  return root._1.isEmpty() ? text : notation.equation(root._1, text);
                });
    List<String> notes =
        List.of(Tuple.of(pieces.saturates(), FOOTNOTE), Tuple.of(pieces.holds(), CLAMPED))
            .filter(note -> note._1)
            .map(note -> note._2);
    return notation.display(formulas, pieces.definitions().toList(), notes);
  }

  private static boolean exponential(Node.Named named, UnaryOp op) {
    return named.of() instanceof Node.Unary unary && unary.op() == op;
  }

  private static String loss(Notation notation, Loss loss) {
    return text(notation, parts(notation, loss));
  }

  /** {@code L} of one part; of several, each under its name. */
  private static Map<String, Node> parts(Notation notation, Loss loss) {
    boolean one = loss.parts().size() == 1;
    return LinkedHashMap.ofEntries(
        loss.parts()
            .toList()
            .map(part -> Tuple.of(one ? "L" : notation.part(part._1), part._2.node())));
  }

  private static String slope(Notation notation, String input, Node gradient) {
    String by =
        switch (input) {
          case Columns.LOG_PI -> notation.log(notation.pi("", "v"));
          case Columns.LOG_PROB -> notation.log(notation.pi("", "y_t"));
          case "logits" -> "z_v";
          default -> notation.symbol(input);
        };
    return text(notation, LinkedHashMap.of(notation.slope(by), gradient));
  }

  private static String free(Set<String> taken, String symbol) {
    String candidate = symbol;
    while (!taken.add(candidate)) {
      candidate += "'";
    }
    return candidate;
  }
}
