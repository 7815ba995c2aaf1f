package lossmith.dsl.print;

import io.vavr.collection.List;

/**
 * A condition as text: a comparison {@code left word right}, one condition in {@code left}, or
 * several that a connective joins.
 *
 * @param word the comparison or the connective; nothing for one condition
 * @param swapped whether readers expect the sides the other way round, a bound on the right
 * @param parts what the connective joins
 */
record Relation(String left, String word, String right, boolean swapped, List<Relation> parts) {
  static Relation comparison(String left, String word, String right, boolean swapped) {
    return new Relation(left, word, right, swapped, List.empty());
  }

  /** A condition that needs no brackets. */
  static Relation atom(String text) {
    return comparison(text, "", "", false);
  }

  private boolean comparison() {
    return !right.isEmpty();
  }

  String text(Notation notation) {
    if (parts.nonEmpty()) {
      String between = " " + notation.relation(word) + " ";
      return chains().map(chain -> text(notation, chain)).mkString(between);
    }
    if (!comparison()) {
      return left;
    }
    return swapped
        ? right + " " + notation.relation(mirrored()) + " " + left
        : left + " " + notation.relation(word) + " " + right;
  }

  private String inside(Notation notation) {
    return parts.isEmpty() ? text(notation) : "(" + text(notation) + ")";
  }

  private String mirrored() {
    return switch (word) {
      case "<" -> ">";
      case "<=" -> ">=";
      default -> word;
    };
  }

  /** The condition that holds where this does not. */
  Relation opposite(Notation notation) {
    return switch (word) {
      case "<" -> comparison(right, "<=", left, !swapped);
      case "<=" -> comparison(right, "<", left, !swapped);
      case "==" -> comparison(left, "!=", right, swapped);
      case "!=" -> comparison(left, "==", right, swapped);
      default -> atom(notation.relation("not") + bracketed(notation));
    };
  }

  private String bracketed(Notation notation) {
    String text = text(notation);
    return text.contains(" ") ? "(" + text + ")" : text;
  }

  /** Both, or either. */
  Relation join(String connective, Relation other) {
    List<Relation> all = parts(connective).appendAll(other.parts(connective));
    return new Relation("", connective, "", false, all);
  }

  private List<Relation> parts(String connective) {
    return parts.nonEmpty() && word.equals(connective) ? parts : List.of(this);
  }

  /** Comparisons that meet in the middle together: of low < x and x < high, low < x < high. */
  private List<List<Relation>> chains() {
    List<List<Relation>> chains = List.empty();
    for (Relation part : parts) {
      List<Relation> before =
          chains
              .find(chain -> word.equals("and") && chain.last().meets(part))
              .getOrElse(List.empty());
      List<Relation> behind =
          chains
              .find(chain -> word.equals("and") && part.meets(chain.head()))
              .getOrElse(List.empty());
      chains =
          before.nonEmpty()
              ? chains.replace(before, before.append(part))
              : behind.nonEmpty()
                  ? chains.replace(behind, behind.prepend(part))
                  : chains.append(List.of(part));
    }
    return chains;
  }

  /** Whether the other goes on where this ends, unless that is a bound. */
  private boolean meets(Relation other) {
    return comparison()
        && other.comparison()
        && right.equals(other.left)
        && !other.swapped
        && !word.equals("!=")
        && !other.word.equals("!=");
  }

  private static String text(Notation notation, List<Relation> chain) {
    return chain.size() == 1
        ? chain.head().inside(notation)
        : chain
            .map(one -> " " + notation.relation(one.word) + " " + one.right)
            .mkString(chain.head().left, "", "");
  }
}
