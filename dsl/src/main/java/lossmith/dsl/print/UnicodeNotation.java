package lossmith.dsl.print;

import io.vavr.collection.List;

/** Formulas for a terminal. */
final class UnicodeNotation implements Notation {
  /** How a line begins that says what a symbol stands for. */
  static final String WHERE = "  where ";

  @Override
  public String symbol(String name) {
    return name;
  }

  @Override
  public String number(double x) {
    return NumberText.meant(x);
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
    Fraction of = Fraction.of(summand);
    List<String> over = texts(of.over(), of.under().isEmpty());
    List<String> under = texts(of.under(), false);
    boolean alone = over.isEmpty() && under.isEmpty();
    String counts = of.counts().size() == 1 ? of.counts().head().text() : times(of.counts());
    String share = counts.isEmpty() ? "" : over(of.number(), counts);
    boolean sum = of.over().headOption().exists(one -> one.rank() == Factor.Rank.BIG_SUM);
    String rest = over.mkString("·");
    String front = counts.isEmpty() ? "" : "(" + share + ")" + (sum ? " " : "·");
    String top = alone ? share : front + rest;
    return (top.isEmpty() ? "1" : top) + (under.isEmpty() ? "" : " / " + grouped(under));
  }

  private static String times(List<Factor> factors) {
    return texts(factors, false).mkString("·");
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
  public String cases(CaseRows cases) {
    return cases
        .rows()
        .map(row -> row._1 + " if " + row._2)
        .append(cases.otherwise() + " otherwise")
        .mkString("{", "; ", "}");
  }

  @Override
  public String words(String text) {
    return text;
  }

  @Override
  public String bigSum(String index) {
    return index.isEmpty() ? "Σ" : index.length() == 1 ? "Σ_" + index : "Σ_{" + index + "}";
  }

  @Override
  public String over(String number, String count) {
    boolean brackets = count.contains(" ") || count.contains("·");
    return number + "/" + (brackets ? "(" + count + ")" : count);
  }

  @Override
  public String oneOver(String count) {
    return "(" + over("1", count) + ")";
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
        .appendAll(definitions.map(one -> WHERE + one))
        .appendAll(remarks)
        .mkString("\n");
  }
}
