package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a source file lacks among its imports for what is written into it. */
final class Imports {
  private static final Pattern FIRST = Pattern.compile("(?m)^\\s*import\\s");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s[^;]*;");
  private static final Pattern CLASS = Pattern.compile("(?<![\\w.\"])([A-Z]\\w*)\\.");

  private final Attributed read;

  Imports(Attributed read) {
    this.read = read;
  }

  /** A remedy together with the imports that it needs, on the line of the first import. */
  Suggestion with(Suggestion suggestion) {
    Seq<String> lacking =
        suggestion.edits().map(Edit::text).flatMap(Imports::classes).distinct().filter(this::lacks);
    return lacking.isEmpty() ? suggestion : adding(suggestion, lacking.map(Imports::qualified));
  }

  /** A class or a word of the algebra that is not imported. */
  Option<Suggestion> of(String name, boolean isWord) {
    Suggestion nothing = new Suggestion(List.empty(), "");
    if (isWord) {
      return Option.when(
          !read.imported(true).contains(qualified("Terms")),
          () -> adding(nothing, List.of("static " + qualified("Terms") + ".*")));
    }
    return Option.when(lacks(name), () -> adding(nothing, List.of(qualified(name))));
  }

  private static Seq<String> classes(String text) {
    Seq<String> found = List.empty();
    Matcher matcher = CLASS.matcher(text);
    while (matcher.find()) {
      found = found.append(matcher.group(1));
    }
    return found;
  }

  private static String qualified(String name) {
    return "lossmith.dsl." + name;
  }

  private boolean lacks(String name) {
    return !read.text().place().isEmpty()
        && !read.imported(false).contains("lossmith.dsl")
        && !read.text().source().contains("import " + qualified(name) + ";")
        && read.elements().getTypeElement(qualified(name)) != null;
  }

  private Suggestion adding(Suggestion suggestion, Seq<String> names) {
    String text = read.text().text();
    Matcher first = FIRST.matcher(text);
    Matcher home = PACKAGE.matcher(text);
    int at = first.find() ? first.end() - "import ".length() : home.find() ? home.end() : 0;
    String imports = names.map(name -> "import " + name + "; ").mkString();
    String meaning = "with import " + names.mkString(", ");
    return new Suggestion(
        suggestion.edits().append(new Edit(at, at, imports)),
        suggestion.meaning().isEmpty() ? meaning : suggestion.meaning() + ", " + meaning);
  }
}
