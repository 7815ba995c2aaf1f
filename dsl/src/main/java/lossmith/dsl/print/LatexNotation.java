package lossmith.dsl.print;

import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;

/** Formulas for a paper: an {@code aligned} display in mathematics mode, names as text. */
public final class LatexNotation implements Notation {
  public static final Set<String> FUNCTIONS = HashSet.of("min", "max", "exp", "log", "tanh");
  public static final Map<String, String> GREEK =
      HashMap.ofEntries(
          List.of(
                  "α alpha",
                  "β beta",
                  "γ gamma",
                  "δ delta",
                  "ε epsilon",
                  "η eta",
                  "κ kappa",
                  "λ lambda",
                  "π pi",
                  "ρ rho",
                  "σ sigma",
                  "τ tau",
                  "θ theta",
                  "φ phi",
                  "ψ psi")
              .map(letter -> Tuple.of(letter.substring(0, 1), "\\" + letter.substring(2))));

  /** Letters that are no letters of an alphabet. */
  static final Map<String, String> LETTERS = HashMap.of("ℓ", "\\ell", "Â", "\\hat{A}");

  /** What authors put behind a letter. */
  private static final Map<String, String> MARKS =
      HashMap.of("²", "^{2}", "₂", "_{2}", "↓", "^{\\downarrow}");

  @Override
  public String symbol(String name) {
    String base = name.replace("'", "");
    String primes = name.substring(base.length());
    int end = base.indexOf('_');
    boolean indexed = end > 0 && isLetter(base.substring(0, end));
    String written =
        indexed
            ? word(base.substring(0, end)) + "_{" + word(base.substring(end + 1)) + "}"
            : word(base);
    return written + primes;
  }

  /** Whether this is one letter, or the name of a Greek one. */
  private static boolean isLetter(String word) {
    return word.length() == 1 || GREEK.containsValue("\\" + word);
  }

  private static String word(String word) {
    if (GREEK.containsValue("\\" + word)) {
      return "\\" + word;
    }
    String marks = MARKS.getOrElse(word.substring(word.length() - 1), "");
    String bare = marks.isEmpty() ? word : word.substring(0, word.length() - 1);
    String letter =
        bare.length() == 1
            ? GREEK.get(bare).orElse(LETTERS.get(bare)).getOrElse(bare)
            : "\\text{" + bare.replace("_", "\\_") + "}";
    return letter + marks;
  }

  @Override
  public String number(double x) {
    String text = NumberText.meant(x);
    int e = text.indexOf('e');
    if (e < 0) {
      return text.replace("∞", "\\infty");
    }
    String mantissa = text.substring(0, e);
    return (mantissa.equals("1") ? "" : mantissa + " \\times ")
        + "10^{"
        + text.substring(e + 1)
        + "}";
  }

  @Override
  public String pi(String policy, String at) {
    return "\\pi" + (policy.isEmpty() ? "" : "_{\\text{" + policy + "}}") + "(" + at + ")";
  }

  @Override
  public String log(String of) {
    return "\\log " + of;
  }

  private static String function(String name) {
    if (FUNCTIONS.contains(name)) {
      return "\\" + name;
    }
    return name.equals("H")
        ? "H"
        : GREEK.getOrElse(name, "\\operatorname{" + name.replace("_", "\\_") + "}");
  }

  @Override
  public String call(String function, List<String> arguments) {
    return function(function) + arguments.mkString("\\left(", ", ", "\\right)");
  }

  @Override
  public String over(String function, String index, List<String> arguments) {
    return function(function)
        + "_{"
        + index
        + "}"
        + arguments.mkString("\\left(", ", ", "\\right)");
  }

  @Override
  public String product(Summand summand) {
    Fraction of = Fraction.of(summand);
    String body =
        of.under().isEmpty()
            ? text(of.over(), true)
            : "\\frac{"
                + (of.over().isEmpty() ? "1" : side(of.over(), false))
                + "}{"
                + side(of.under(), true)
                + "}";
    List<Factor> sizes = of.counts();
    String counts =
        sizes.isEmpty()
            ? ""
            : over(of.number(), sizes.size() == 1 ? sizes.head().text() : text(sizes, false));
    boolean sum =
        of.under().isEmpty()
            && of.over().headOption().exists(one -> one.rank() == Factor.Rank.BIG_SUM);
    String times = counts.isEmpty() || body.isEmpty() ? "" : sum ? " " : " \\cdot ";
    String all = counts + times + body;
    return all.isEmpty() ? "1" : all;
  }

  /** A fraction's line holds together what stands over and under it. */
  private static String side(List<Factor> factors, boolean open) {
    return factors.size() == 1 ? factors.head().text() : text(factors, open);
  }

  private static String text(List<Factor> factors, boolean open) {
    return factors
        .zipWithIndex(
            (one, i) ->
                open && one.rank() == Factor.Rank.BIG_SUM && i == factors.size() - 1
                    ? one.text()
                    : one.bracketed())
        .mkString(" \\cdot ");
  }

  @Override
  public String indicator(String condition) {
    return "\\mathbf{1}[" + condition + "]";
  }

  @Override
  public String cases(CaseRows cases) {
    return cases
        .rows()
        .map(row -> row._1 + " & \\text{if } " + row._2 + " \\\\ ")
        .append(cases.otherwise() + " & \\text{otherwise}")
        .mkString("\\begin{cases} ", "", " \\end{cases}");
  }

  @Override
  public String words(String text) {
    return "\\text{" + text + "}";
  }

  @Override
  public String bigSum(String index) {
    return index.isEmpty() ? "\\sum " : "\\sum_{" + index + "}";
  }

  @Override
  public String over(String number, String count) {
    return "\\frac{" + number + "}{" + count + "}";
  }

  @Override
  public String oneOver(String count) {
    return over("1", count);
  }

  @Override
  public String relation(String word) {
    return switch (word) {
      case "<=" -> "\\le";
      case ">=" -> "\\ge";
      case "==" -> "=";
      case "!=" -> "\\ne";
      case "and" -> "\\wedge";
      case "or" -> "\\vee";
      case "not" -> "\\neg ";
      default -> word;
    };
  }

  @Override
  public String slope(String input) {
    return "\\frac{\\partial L}{\\partial " + input + "}";
  }

  @Override
  public String part(String name) {
    return "L_{" + symbol(name) + "}";
  }

  @Override
  public String equation(String left, String right) {
    return left + " &= " + right;
  }

  @Override
  public String equivalence(String left, String right) {
    return left + " &\\iff " + right;
  }

  @Override
  public String display(List<String> formulas, List<String> definitions, List<String> remarks) {
    return formulas
        .appendAll(definitions.map(one -> WHERE + one))
        .appendAll(remarks.map(one -> "&\\text{" + one.replace("±", "$\\pm$") + "}"))
        .mkString("\\begin{aligned}\n", " \\\\\n", "\n\\end{aligned}");
  }
}
