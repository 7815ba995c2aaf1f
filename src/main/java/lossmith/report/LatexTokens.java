package lossmith.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The marks of a formula in LaTeX, one after another; spaces mean nothing between them. */
final class LatexTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\\\\[A-Za-z]+|\\\\\\\\|[0-9]+(?:\\.[0-9]+)?|[A-Za-z]+|.)", Pattern.DOTALL);

  private final String latex;
  private int at;

  LatexTokens(String latex) {
    this.latex = latex.strip();
  }

  boolean done() {
    return at >= latex.length();
  }

  private Matcher ahead() {
    Matcher matcher = TOKEN.matcher(latex).region(at, latex.length());
    if (!matcher.lookingAt()) {
      throw new IllegalStateException("no mark at " + at + " of " + latex);
    }
    return matcher;
  }

  String next() {
    Matcher matcher = ahead();
    at = matcher.end();
    return matcher.group(1);
  }

  boolean at(String token) {
    return !token.isEmpty() && !done() && ahead().group(1).equals(token);
  }

  /** Whether the token comes next; it is taken then. */
  boolean skip(String token) {
    boolean here = at(token);
    if (here) {
      at = ahead().end();
    }
    return here;
  }

  void take(String token) {
    if (!skip(token)) {
      throw new IllegalStateException("no " + token + " at " + at + " of " + latex);
    }
  }

  /** The text in the braces that come next, underscores as they are meant. */
  String text() {
    take("{");
    int end = latex.indexOf('}', at);
    String text = latex.substring(at, end);
    at = end + 1;
    return text.replace("\\_", "_");
  }
}
