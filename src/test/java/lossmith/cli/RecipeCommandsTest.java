package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import lossmith.Main;
import lossmith.recipes.Recipe;
import lossmith.recipes.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a newcomer types first. */
class RecipeCommandsTest {
  private static String run(int expected, String... arguments) {
    var out = new StringWriter();
    int exit =
        Main.commandLine(new Objectives(Recipes.all()))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(arguments);
    assertEquals(expected, exit, out.toString());
    return out.toString();
  }

  static Stream<String> names() {
    return Recipes.all().toJavaStream().map(Recipe::name);
  }

  @Test
  void withoutArgumentsEveryRecipeIsScoredOnTheSampleOrSaysWhatItLacks() {
    String out = run(0);
    names().forEach(name -> assertTrue(out.lines().anyMatch(l -> l.contains(name)), name));
    assertTrue(out.contains("Next:"), out);
  }

  @Test
  void recipesListsEveryName() {
    String out = run(0, "recipes");
    names().forEach(name -> assertTrue(out.contains(name), name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void showSaysWhatARecipeIs(String name) {
    String out = run(0, "show", name);
    for (String head :
        new String[] {"Formula", "Listing", "Gradient at the logits", "Flow", "Schedule"}) {
      assertTrue(out.lines().anyMatch(head::equals), name + " without " + head);
    }
    assertTrue(out.contains("∂L/∂"), out);
    assertFalse(out.contains("LinkedHashMap"), out);
    assertFalse(out.contains("+ 0)"), out);
  }

  @ParameterizedTest
  @MethodSource("names")
  void showWritesLatex(String name) {
    String out = run(0, "show", name, "--latex");
    assertTrue(out.contains("\\begin{aligned}"), out);
    assertTrue(out.contains("\\partial"), out);
  }

  @Test
  void aNameThatIsNearlyRightIsFound() {
    assertTrue(run(2, "show", "grpoo").contains("did you mean grpo?"));
    assertTrue(run(2, "show", "java.lang.String").contains("a class that is no Recipe"));
  }
}
