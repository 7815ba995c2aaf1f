package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/** Texts that are no Java: brackets that are not closed, quotes of another language. */
final class Syntax {
  private static final Pattern QUOTED = Pattern.compile("'(\\w{2,})'");

  private Syntax() {}

  static Mistake of(Framed text, Diagnostic<? extends JavaFileObject> error) {
    String written = text.text();
    int at = text.own(error.getPosition());
    int open = count(written, '(') - count(written, ')');
    Seq<Suggestion> suggested = List.empty();
    String what = "This is no Java";
    String expected = said(error).replace(" expected", "");
    Matcher quoted = QUOTED.matcher(written);
    if (quoted.find()) {
      what = quoted.group() + " is in single quotes";
      expected = "double quotes around a text";
      at = quoted.start();
      suggested =
          List.of(Suggestion.of(quoted.start(), quoted.end(), "\"" + quoted.group(1) + "\"", ""));
    } else if (open > 0) {
      what = open + (open == 1 ? " bracket is" : " brackets are") + " not closed";
      expected = "a ) for every (";
      suggested =
          List.of(at, written.stripTrailing().length())
              .map(place -> Suggestion.of(place, place, ")".repeat(open), ""));
    } else if (open < 0) {
      int last = written.lastIndexOf(')');
      what = "More brackets are closed than opened";
      expected = "a ( for every )";
      suggested =
          List.of(
              Suggestion.of(at, Math.min(written.length(), at + 1), "", ""),
              Suggestion.of(last, last + 1, "", ""));
    } else if (error.getCode().equals("compiler.err.expected")) {
      Matcher token = Pattern.compile("'(.)' expected").matcher(error.getMessage(Locale.ROOT));
      if (token.find() && token.group(1).equals(";")) {
        expected = "a dot before a verb, or the end";
        suggested = List.of(Suggestion.of(at, at, ".", ""));
      } else if (token.find(0)) {
        suggested = List.of(Suggestion.of(at, at, token.group(1), ""));
      }
    }
    return new Mistake(
        at,
        Math.min(written.length(), at + 1),
        what,
        expected,
        suggested.filter(one -> one.edits().forAll(edit -> edit.end() <= written.length())));
  }

  private static int count(String text, char c) {
    return (int) text.chars().filter(one -> one == c).count();
  }

  /** The compiler's first line, without packages. */
  static String said(Diagnostic<? extends JavaFileObject> error) {
    return Shape.bare(error.getMessage(Locale.ROOT).lines().findFirst().orElse(""));
  }
}
