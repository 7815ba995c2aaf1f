package lossmith.dsl.print;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;

/** Formulas for a paper, in mathematics mode. */
final class LatexNotation implements Notation {
  private static final Set<String> FUNCTIONS = HashSet.of("min", "max", "exp", "log", "tanh");

  @Override
  public String symbol(String name) {
    return name.replace("'", "").length() == 1
        ? name
        : "\\mathrm{" + name.replace("_", "\\_") + "}";
  }

  @Override
  public String logPi(String policy, String at) {
    return "\\log \\pi" + (policy.isEmpty() ? "" : "_{\\mathrm{" + policy + "}}") + "(" + at + ")";
  }

  @Override
  public String call(String function, List<String> arguments) {
    String name =
        FUNCTIONS.contains(function)
            ? "\\" + function
            : "\\operatorname{" + function.replace("_", "\\_") + "}";
    return name + arguments.mkString("\\left(", ", ", "\\right)");
  }

  @Override
  public String times(String left, String right) {
    return left + " \\cdot " + right;
  }

  @Override
  public Piece fraction(Piece left, Piece right) {
    return Piece.atom("\\frac{" + left.text() + "}{" + right.text() + "}");
  }

  @Override
  public String indicator(String condition) {
    return "\\mathbf{1}[" + condition + "]";
  }

  @Override
  public String cases(String when, String left, String right) {
    return "\\begin{cases} "
        + left
        + " & "
        + when
        + " \\\\ "
        + right
        + " & \\text{otherwise} \\end{cases}";
  }

  @Override
  public String bigSum(String index) {
    return index.isEmpty() ? "\\sum " : "\\sum_{" + index + "}";
  }

  @Override
  public String oneOver(String count) {
    return "\\frac{1}{" + count + "}";
  }

  @Override
  public String relation(String word) {
    return switch (word) {
      case "<=" -> "\\le";
      case "==" -> "=";
      case "and" -> "\\wedge";
      case "or" -> "\\vee";
      case "not" -> "\\neg ";
      default -> word;
    };
  }
}
