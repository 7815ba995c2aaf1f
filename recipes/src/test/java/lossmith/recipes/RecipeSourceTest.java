package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.print.Formula;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

/**
 * The source of a recipe reads like its equation: it is short, and its class comment ends with the
 * formula that runs, what it reads, its parameters, its source and where it differs.
 *
 * <p>With {@code -Dlossmith.write=true} the comments are written instead of compared.
 */
class RecipeSourceTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern COMMENT =
      Pattern.compile(
          "^/\\*\\*(.*?)\\*/\\s*^public final class ", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern CARD =
      Pattern.compile(
          "^  @Override\\s+public Card card\\(\\) \\{.*?^  }$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final String FACTS = "<p>Formula";
  private static final int WIDTH = 90;
  private static final int LINES = 30;

  /**
   * At most 10 lines of a recipe are not its objective: its card, and around it the lines that open
   * and close the class and the method of the loss.
   */
  private static final int CARD_LINES = 10 - 5;

  @Test
  void everyCommentSaysWhatRuns() {
    for (Recipe recipe : Recipes.all()) {
      Path file = file(recipe);
      String text = text(file);
      Matcher comment = COMMENT.matcher(text);
      assertTrue(comment.find(), file + " has no class comment");
      String[] halves = comment.group(1).split(FACTS, 2);
      String written = halves.length < 2 ? "" : plain(FACTS + halves[1]);
      String expected = plain(facts(recipe));
      boolean titled = plain(halves[0]).startsWith(recipe.title());
      if (Boolean.getBoolean("lossmith.write") && !(titled && written.equals(expected))) {
        write(file, text.replace(comment.group(1), comment(halves[0], recipe)));
      } else {
        assertTrue(titled, "the comment of " + file + " begins with its title, " + recipe.title());
        assertEquals(
            expected,
            written,
            "the comment of " + file + "; run this test with -Dlossmith.write=true to write it");
      }
    }
  }

  @Test
  void everyRecipeIsShort() {
    assertEquals(
        List.empty(),
        Recipes.all()
            .map(recipe -> text(file(recipe)))
            .filter(text -> lines(text) > LINES || lines(card(text)) > CARD_LINES)
            .map(
                text ->
                    text.substring(text.indexOf("public final class")).split(" \\{", 2)[0]
                        + ": "
                        + lines(text)
                        + " lines, at most "
                        + LINES
                        + "; its card "
                        + lines(card(text))
                        + ", at most "
                        + CARD_LINES));
  }

  private static String card(String text) {
    Matcher card = CARD.matcher(text);
    assertTrue(card.find(), text);
    return card.group();
  }

  private static Path file(Recipe recipe) {
    return SOURCES.resolve(recipe.getClass().getName().replace('.', '/') + ".java");
  }

  private static long lines(String text) {
    return text.replaceAll("(?s)/\\*\\*.*?\\*/", "")
        .lines()
        .filter(line -> !line.isBlank())
        .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
        .count();
  }

  /** {@return the text without what the formatter may move} */
  private static String plain(String comment) {
    return comment.replaceAll("(?m)^ \\*", " ").replaceAll("\\s+", " ").strip();
  }

  private static String comment(String said, Recipe recipe) {
    String title = recipe.title();
    String head = plain(said).startsWith(title) ? plain(said) : title + ". " + plain(said);
    return "\n * "
        + head
        + "\n *\n"
        + facts(recipe)
            .indent(0)
            .lines()
            .map(line -> " * " + line)
            .reduce("", (a, b) -> a + b + "\n")
        + " ";
  }

  private static String facts(Recipe recipe) {
    Loss loss = recipe.loss(Conventions.paper());
    return FACTS
        + " under the papers' conventions:\n\n<pre>{@code\n"
        + List.ofAll(Formula.unicode(loss).lines().toList())
            .map(RecipeSourceTest::wrapped)
            .mkString("\n")
        + "\n}</pre>\n\n<ul>\n"
        + facts(recipe, loss).map(fact -> "  <li>" + fact + "\n").mkString()
        + "</ul>";
  }

  private static Seq<String> facts(Recipe recipe, Loss loss) {
    Seq<Node.Input> columns = Inputs.withDefaults(loss).columns();
    Source source = recipe.source();
    return List.of(
            "Reads: " + columns.map(RecipeSourceTest::column).distinct().sorted().mkString(", "))
        .appendAll(
            loss.parameters()
                .headOption()
                .map(
                    any ->
                        "Parameters: "
                            + loss.parameters()
                                .map(p -> code(p.name()) + " = " + p.range())
                                .mkString(", ")))
        .append(
            "Source: <a href=\""
                + source.url()
                + "\">"
                + source.paper()
                + "</a>, "
                + source.where())
        .appendAll(recipe.deviations().map(sentence -> "Differs: " + sentence));
  }

  private static String column(Node.Input input) {
    String level = input.level().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return code(input.name())
        + " ("
        + level
        + (input.trained() ? ", trained" : "")
        + (input.otherwise().isDefined() ? ", may be absent" : "")
        + ")";
  }

  private static String code(String name) {
    return "{@code " + name + "}";
  }

  private static String wrapped(String line) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String word : line.split("(?<=\\S) ", -1)) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        out.append("\n      ");
        column = 6;
      } else if (column > 0) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    return out.toString();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
