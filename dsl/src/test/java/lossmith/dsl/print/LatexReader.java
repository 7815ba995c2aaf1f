package lossmith.dsl.print;

/** LaTeX written plainly, command by command. */
final class LatexReader {
  private LatexReader() {}

  /** The same formula with its definitions as {@link FormulaReader} reads it. */
  static String unicode(String latex) {
    return plain(
        latex
            .replace("\\begin{aligned}\n", "")
            .replace("\n\\end{aligned}", "")
            .replace(" \\\\\n\\text{where } ", "\n  where ")
            .replace(" &= ", " = ")
            .replace(" &\\iff ", " ⇔ "));
  }

  private static String plain(String latex) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < latex.length()) {
      String rest = latex.substring(at);
      if (rest.startsWith("\\frac{")) {
        int middle = closing(latex, at + 5);
        int end = closing(latex, middle + 1);
        text.append("((")
            .append(plain(latex.substring(at + 6, middle)))
            .append(") / (")
            .append(plain(latex.substring(middle + 2, end)))
            .append("))");
        at = end + 1;
      } else if (rest.startsWith("\\begin{cases} ")) {
        int end = casesEnd(latex, at);
        text.append("{").append(rows(latex.substring(at + 14, end))).append("}");
        at = end + " \\end{cases}".length();
      } else {
        String[] word = word(rest);
        text.append(word[1]);
        at += word[0].length();
      }
    }
    return text.toString();
  }

  /** A command at the start of some text, and what it says. */
  private static String[] word(String rest) {
    String[][] words = {
      {"\\left(", "("},
      {"\\right)", ")"},
      {" \\cdot ", "·"},
      {"\\sum_{t}", "Σ_t"},
      {"\\mathbf{1}[", "1["},
      {"\\le ", "≤ "},
      {"\\ge ", "≥ "},
      {"\\ne ", "≠ "},
      {"\\wedge ", "∧ "},
      {"\\vee ", "∨ "},
      {"\\neg ", "¬"},
      {" & \\text{if } ", " if "},
      {" & \\text{otherwise}", " otherwise"},
      {"\\operatorname{clip}", "clip"},
      {"\\operatorname{softplus}", "softplus"},
      {"\\operatorname{sg}", "sg"},
      {"\\min", "min"},
      {"\\max", "max"},
      {"\\exp", "exp"},
      {"\\log", "log"},
      {"\\tanh", "tanh"},
      {"\\sigma", "σ"},
      {" \\times 10^{-8}", "e-8"},
    };
    for (String[] word : words) {
      if (rest.startsWith(word[0])) {
        return word;
      }
    }
    if (rest.charAt(0) == '\\') {
      throw new IllegalStateException("an unknown command: " + rest);
    }
    return new String[] {rest.substring(0, 1), rest.substring(0, 1)};
  }

  /** Where the brace that opens at a place closes. */
  private static int closing(String latex, int open) {
    int depth = 0;
    for (int i = open; ; i++) {
      depth += latex.charAt(i) == '{' ? 1 : latex.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
  }

  private static int casesEnd(String latex, int start) {
    int depth = 0;
    for (int i = start; ; i++) {
      if (latex.startsWith("\\begin{cases}", i)) {
        depth++;
      } else if (latex.startsWith(" \\end{cases}", i) && --depth == 0) {
        return i;
      }
    }
  }

  /** The rows, whose own parts may be cases again. */
  private static String rows(String body) {
    int depth = 0;
    for (int i = 0; i < body.length(); i++) {
      if (body.startsWith("\\begin{cases}", i)) {
        depth++;
      } else if (body.startsWith("\\end{cases}", i)) {
        depth--;
      } else if (depth == 0 && body.startsWith(" \\\\ ", i)) {
        return plain(body.substring(0, i)) + "; " + rows(body.substring(i + 4));
      }
    }
    return plain(body);
  }
}
