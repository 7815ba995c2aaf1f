package lossmith.dsl.print;

/**
 * A condition as text: a comparison {@code left word right}, or, where the word is a connective,
 * conditions already joined in {@code left}.
 *
 * @param swapped whether readers expect the sides the other way round, a bound on the right
 */
record Relation(String left, String word, String right, boolean swapped) {
  static Relation joined(String text, String connective) {
    return new Relation(text, connective, "", false);
  }

  boolean comparison() {
    return !right.isEmpty();
  }

  String text(Notation notation) {
    if (!comparison()) {
      return left;
    }
    return swapped
        ? right + " " + notation.relation(mirrored()) + " " + left
        : left + " " + notation.relation(word) + " " + right;
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
      case "<" -> new Relation(right, "<=", left, !swapped);
      case "<=" -> new Relation(right, "<", left, !swapped);
      case "==" -> new Relation(left, "!=", right, swapped);
      case "!=" -> new Relation(left, "==", right, swapped);
      default -> joined(notation.relation("not") + bracketed(notation), "not");
    };
  }

  private String bracketed(Notation notation) {
    String text = text(notation);
    return text.contains(" ") ? "(" + text + ")" : text;
  }

  /** Both or either; two comparisons that share their middle become one chain. */
  Relation join(Notation notation, String connective, Relation other) {
    boolean chain =
        connective.equals("and")
            && comparison()
            && other.comparison()
            && right.equals(other.left)
            && !word.equals("!=")
            && !other.word.equals("!=");
    String text =
        chain
            ? left + step(notation, this) + step(notation, other)
            : inside(notation, connective)
                + " "
                + notation.relation(connective)
                + " "
                + other.inside(notation, connective);
    return joined(text, connective);
  }

  private static String step(Notation notation, Relation relation) {
    return " " + notation.relation(relation.word) + " " + relation.right;
  }

  private String inside(Notation notation, String connective) {
    boolean clash = !comparison() && !word.equals("not") && !word.equals(connective);
    return clash ? "(" + text(notation) + ")" : text(notation);
  }
}
