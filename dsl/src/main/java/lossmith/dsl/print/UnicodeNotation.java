package lossmith.dsl.print;

import io.vavr.collection.List;

/** Formulas for a terminal. */
final class UnicodeNotation implements Notation {
  @Override
  public String symbol(String name) {
    return name;
  }

  @Override
  public String number(double x) {
    return Numbers.text(x);
  }

  @Override
  public String pi(String policy, String at) {
    return "π" + (policy.isEmpty() ? "" : "_" + policy) + "(" + at + ")";
  }

  @Override
  public String log(String of) {
    return "log " + of;
  }

  @Override
  public String call(String function, List<String> arguments) {
    return function + arguments.mkString("(", ", ", ")");
  }

  @Override
  public String over(String function, String index, List<String> arguments) {
    return call(function + (index.length() == 1 ? "_" + index : "_{" + index + "}"), arguments);
  }

  @Override
  public String product(Summand summand) {
    var sizes = summand.under().partition(one -> one.rank() == Factor.Rank.SIZE);
    List<String> over = texts(Summand.ordered(summand.over()), sizes._2.isEmpty());
    List<String> counts =
        sizes._1.size() == 1 ? sizes._1.map(Factor::text) : texts(sizes._1, false);
    List<String> under = texts(Summand.ordered(sizes._2), false);
    List<String> all = counts.isEmpty() ? over : over.prepend(oneOver(counts.mkString("·")));
    return (all.isEmpty() ? "1" : all.mkString("·"))
        + (under.isEmpty() ? "" : " / " + grouped(under));
  }

  /** The last factor may be an open sum. */
  private static List<String> texts(List<Factor> factors, boolean open) {
    return factors.zipWithIndex(
        (one, i) ->
            open && one.rank() == Factor.Rank.BIG_SUM && i == factors.size() - 1
                ? one.text()
                : one.bracketed());
  }

  private static String grouped(List<String> factors) {
    return factors.size() == 1 ? factors.head() : factors.mkString("(", "·", ")");
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
    boolean brackets = count.contains(" ") || count.contains("·");
    return "(1/" + (brackets ? "(" + count + ")" : count) + ")";
  }

  @Override
  public String relation(String word) {
    return switch (word) {
      case "<=" -> "≤";
      case ">=" -> "≥";
      case "==" -> "=";
      case "!=" -> "≠";
      case "and" -> "∧";
      case "or" -> "∨";
      case "not" -> "¬";
      default -> word;
    };
  }

  @Override
  public String slope(String input) {
    return "∂L/∂" + input;
  }

  @Override
  public String part(String name) {
    return "L_" + name;
  }

  @Override
  public String equivalence(String left, String right) {
    return left + " ⇔ " + right;
  }

  @Override
  public String display(List<String> formulas, List<String> definitions, List<String> remarks) {
    return formulas
        .appendAll(definitions.map(one -> "  where " + one))
        .appendAll(remarks)
        .mkString("\n");
  }
}
