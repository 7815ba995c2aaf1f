package lossmith.report;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.ArrayList;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.print.Formula;
import lossmith.dsl.print.LatexNotation;
import lossmith.dsl.print.Notation;

/**
 * The LaTeX that {@link LatexNotation} writes, as MathML that a browser typesets by itself. A row
 * becomes several {@code math} elements, so that a long one breaks at its operators.
 */
public final class MathMl {
  /**
   * Brackets around more than this many marks grow with nothing, so that lines can break in them.
   */
  private static final int SHORT = 34;

  /** Rows of cases of more marks stand in one line, one behind the other. */
  private static final int ROW = 70;

  /** Fractions of more are written with a slash. */
  private static final int WIDE = 60;

  private static final Map<String, String> LETTERS =
      HashMap.ofEntries(
          LatexNotation.GREEK
              .toList()
              .map(letter -> letter.map((sign, name) -> io.vavr.Tuple.of(name, sign))));

  private static final Set<String> FUNCTIONS =
      LatexNotation.FUNCTIONS.map(function -> "\\" + function);

  private static final Map<String, String> OPERATORS =
      HashMap.<String, String>empty()
          .put("\\cdot", "·")
          .put("\\times", "×")
          .put("\\le", "≤")
          .put("\\ge", "≥")
          .put("\\ne", "≠")
          .put("\\wedge", "∧")
          .put("\\vee", "∨")
          .put("\\iff", "⇔")
          .put("\\downarrow", "↓")
          .put("=", "=")
          .put("<", "&lt;")
          .put(">", "&gt;")
          .put("+", "+")
          .put("-", "−");

  private final LatexTokens tokens;
  private boolean inBars;

  private MathMl(String latex) {
    this.tokens = new LatexTokens(latex);
  }

  /** {@return the formula of each part of a loss, as paragraphs} */
  public static String of(Loss loss) {
    return of(Formula.latex(loss));
  }

  /**
   * {@return the slope of a loss by one of its inputs, as paragraphs}
   *
   * @param input the name of the input
   * @param gradient the derivative of the loss by it
   */
  public static String of(String input, Node gradient) {
    return of(Formula.latex(input, gradient));
  }

  /** {@return the rows of an {@code aligned} display, each a paragraph} */
  public static String of(String display) {
    String rows =
        display
            .replace("\\begin{aligned}\n", "")
            .replace("\n\\end{aligned}", "")
            .replace("&=", "=")
            .replace("&\\iff", "\\iff");
    return List.of(rows.split(" \\\\\\\\\n", -1)).map(MathMl::row).mkString("\n");
  }

  private static String row(String latex) {
    if (latex.startsWith("&\\text{")) {
      String remark = latex.substring("&\\text{".length(), latex.length() - 1);
      return "<p class=\"remark\">" + escaped(remark.replace("$\\pm$", "±")) + "</p>";
    }
    boolean definition = latex.startsWith(Notation.WHERE);
    String formula = definition ? latex.substring(Notation.WHERE.length()) : latex;
    String head = definition ? "<p class=\"where\">where " : "<p class=\"row\">";
    return head + Atom.broken(new MathMl(formula).atoms("")) + "</p>";
  }

  /** Everything up to a token, which is taken too. */
  private List<Atom> atoms(String end) {
    List<Atom> all = atoms(List.of(end));
    if (!end.isEmpty()) {
      tokens.take(end);
    }
    return all;
  }

  /** Everything up to one of some tokens, which stays. */
  private List<Atom> atoms(List<String> ends) {
    ArrayList<Atom> all = new ArrayList<>();
    boolean operand = false;
    while (!tokens.done() && !ends.exists(tokens::at)) {
      String token = tokens.next();
      List<Atom> read =
          switch (token) {
            case "\\left" -> brackets();
            case "\\frac" -> fraction();
            case "\\begin" -> cases();
            default -> List.of(scripted(token, operand));
          };
      all.addAll(read.asJava());
      operand = !OPERATORS.containsKey(token) && !HashSet.of("(", "[", ",").contains(token);
    }
    return List.ofAll(all);
  }

  private String group() {
    return tokens.at("{") ? braced() : scripted(tokens.next(), false).text();
  }

  private String braced() {
    tokens.take("{");
    return Atom.joined(atoms("}"));
  }

  private List<Atom> brackets() {
    String left = tokens.next();
    List<Atom> inside = atoms("\\right");
    String right = tokens.next();
    boolean tall = inside.exists(one -> one.text().matches("(?s).*<m(frac|under|table)[ >].*"));
    if (Atom.size(inside) <= SHORT && tall) {
      String text =
          "<mrow><mo>" + left + "</mo>" + Atom.joined(inside) + "<mo>" + right + "</mo></mrow>";
      return List.of(Atom.of(text, Atom.size(inside) + 2));
    }
    List<Atom> all = inside.prepend(Atom.fence(left)).append(Atom.fence(right));
    return Atom.size(inside) <= SHORT ? List.of(Atom.of(Atom.joined(all), Atom.size(all))) : all;
  }

  private List<Atom> fraction() {
    tokens.take("{");
    List<Atom> over = atoms("}");
    tokens.take("{");
    List<Atom> under = atoms("}");
    if (Math.max(Atom.size(over), Atom.size(under)) <= WIDE) {
      String text = "<mfrac>" + Atom.joined(over) + Atom.joined(under) + "</mfrac>";
      return List.of(Atom.of(text, Math.max(Atom.size(over), Atom.size(under))));
    }
    if (Atom.size(under) <= SHORT / 2) {
      String share = "<mfrac><mrow><mn>1</mn></mrow>" + Atom.joined(under) + "</mfrac>";
      return (Atom.sum(over) ? Atom.bracketed(over) : over)
          .prependAll(
              List.of(Atom.of(share, Atom.size(under)), Atom.operator("·", "\\cdot", true)));
    }
    return Atom.bracketed(over)
        .append(Atom.operator("/", "/", true))
        .appendAll(Atom.bracketed(under));
  }

  /** One of the two bars of |x|, which stand close to it. */
  private Atom bar() {
    inBars = !inBars;
    String form = inBars ? "prefix" : "postfix";
    return Atom.of("<mo form=\"" + form + "\" stretchy=\"false\">|</mo>", 1);
  }

  private Atom scripted(String token, boolean operand) {
    Atom base = atom(token, operand);
    String below = tokens.skip("_") ? group() : "";
    String above = tokens.skip("^") ? group() : "";
    if (below.isEmpty() && above.isEmpty()) {
      return base;
    }
    String tag = above.isEmpty() ? "msub" : below.isEmpty() ? "msup" : "msubsup";
    String kind = token.equals("\\sum") ? "munder" : tag;
    String text = "<" + kind + ">" + base.text() + below + above + "</" + kind + ">";
    return Atom.of(text, base.size() + 1);
  }

  private Atom atom(String token, boolean operand) {
    if (OPERATORS.containsKey(token)) {
      return Atom.operator(OPERATORS.get(token).get(), token, operand);
    }
    if (LETTERS.containsKey(token)) {
      return Atom.of("<mi>" + LETTERS.get(token).get() + "</mi>", 1);
    }
    if (FUNCTIONS.contains(token)) {
      Atom name = name(token.substring(1));
      return tokens.at("\\left") || tokens.at("_") ? name : Atom.spaced(name);
    }
    return switch (token) {
      case "\\frac" -> Atom.of(Atom.joined(fraction()), 8);
      case "\\text" ->
          Atom.of("<mtext>" + escaped(tokens.text()).replace(' ', '\u00a0') + "</mtext>", 6);
      case "\\operatorname" -> name(tokens.text());
      case "\\mathbf" -> Atom.of("<mn>" + tokens.text().replace("1", "𝟏") + "</mn>", 1);
      case "\\sum" -> Atom.of("<mo movablelimits=\"false\">∑</mo>", 2);
      case "\\hat" -> Atom.of("<mover>" + group() + "<mo>^</mo></mover>", 1);
      case "\\ell" -> Atom.of("<mi>ℓ</mi>", 1);
      case "\\infty" -> Atom.of("<mi>∞</mi>", 1);
      case "\\partial" -> Atom.of("<mo>∂</mo>", 1);
      case "\\neg" -> Atom.of("<mo>¬</mo>", 1);
      case "{" -> new Atom(Atom.joined(atoms("}")), 4, false, false);
      case "," -> new Atom("<mo>,</mo>", 1, false, true);
      case "(", ")", "[", "]" -> Atom.fence(token);
      case "|" -> bar();
      case "'" -> Atom.of("<mo>′</mo>", 0);
      default -> plain(token);
    };
  }

  private static Atom name(String text) {
    return Atom.of("<mi mathvariant=\"normal\">" + escaped(text) + "</mi>", text.length());
  }

  private static Atom plain(String token) {
    if (token.startsWith("\\")) {
      throw new IllegalStateException("no MathML for " + token);
    }
    String tag =
        Character.isDigit(token.charAt(0))
            ? "mn"
            : Character.isLetter(token.charAt(0)) ? "mi" : "mo";
    return Atom.of("<" + tag + ">" + escaped(token) + "</" + tag + ">", token.length());
  }

  private List<Atom> cases() {
    String unusedName = tokens.text();
    List<List<Atom>> cells = List.empty();
    boolean more = true;
    while (more) {
      List<Atom> value = atoms("&");
      List<Atom> when = atoms(List.of("\\\\", "\\end"));
      more = tokens.skip("\\\\");
      cells = cells.append(value).append(when);
    }
    tokens.take("\\end");
    String unusedEnd = tokens.text();
    List<List<Atom>> rows =
        cells.grouped(2).map(row -> row.get(0).append(Atom.space()).appendAll(row.get(1))).toList();
    if (rows.exists(row -> Atom.size(row) > ROW)) {
      Atom next = new Atom("<mo>;</mo>", 1, false, true);
      return rows.reduceLeft((all, row) -> all.append(next).appendAll(row))
          .prepend(Atom.fence("{"))
          .append(Atom.fence("}"));
    }
    String table =
        cells
            .grouped(2)
            .map(row -> tableRow(Atom.joined(row.get(0)), Atom.joined(row.get(1))))
            .mkString();
    String text = "<mrow><mo>{</mo><mtable displaystyle=\"true\">" + table + "</mtable></mrow>";
    return List.of(Atom.of(text, 30));
  }

  private static String tableRow(String left, String right) {
    return "<mtr><mtd>" + left + "</mtd><mtd>" + right + "</mtd></mtr>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
