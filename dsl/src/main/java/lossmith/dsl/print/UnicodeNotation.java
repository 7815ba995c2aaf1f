package lossmith.dsl.print;

import io.vavr.collection.List;

/** Formulas for a terminal. */
final class UnicodeNotation implements Notation {
  @Override
  public String symbol(String name) {
    return name;
  }

  @Override
  public String logPi(String policy, String at) {
    return "log π" + (policy.isEmpty() ? "" : "_" + policy) + "(" + at + ")";
  }

  @Override
  public String call(String function, List<String> arguments) {
    return function + arguments.mkString("(", ", ", ")");
  }

  @Override
  public String times(String left, String right) {
    return left + "·" + right;
  }

  @Override
  public Piece fraction(Piece left, Piece right) {
    return new Piece(
        left.atLeast(Piece.PRODUCT) + " / " + right.atLeast(Piece.ATOM), Piece.PRODUCT);
  }

  @Override
  public String indicator(String condition) {
    return "1[" + condition + "]";
  }

  @Override
  public String cases(String when, String left, String right) {
    return "{" + left + " if " + when + "; " + right + " otherwise}";
  }

  @Override
  public String bigSum(String index) {
    return index.isEmpty() ? "Σ" : index.length() == 1 ? "Σ_" + index : "Σ_{" + index + "}";
  }

  @Override
  public String oneOver(String count) {
    return "(1/" + (count.contains(" ") ? "(" + count + ")" : count) + ")";
  }

  @Override
  public String relation(String word) {
    return switch (word) {
      case "<=" -> "≤";
      case "==" -> "=";
      case "and" -> "∧";
      case "or" -> "∨";
      case "not" -> "¬";
      default -> word;
    };
  }
}
