package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lossmith.Main;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.print.Formula;
import lossmith.objective.Objectives;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.report.RecipeFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @Test
  void conventionsAreChosenByName() {
    String trl = run(0, "show", "grpo", "--conventions", "trl");
    assertTrue(trl.contains("those of trl"), trl);
    assertTrue(trl.contains("ddof 1") && trl.contains("1e-4"), trl);
    assertFalse(run(0, "show", "grpo").contains("Conventions"));
    String wrong = run(2, "show", "grpo", "--conventions", "vrel");
    assertTrue(wrong.contains("one of paper, verl, trl, openrlhf"), wrong);
  }

  @Test
  void anExpressionIsShown() {
    String out = run(0, "show", "maximise(r.weightedBy(A).mean(ALL_TOKENS))");
    assertTrue(out.contains("L = -(1/Σ|y|) Σ_{i,t} r·A"), out);
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

  /**
   * What each paper says the gradient is: CE-GPPO bounds it where the clip would stop it to β (1 ±
   * ε) A; ASPO divides a positive token's by its ratio; SAPO has 4 r σ(x) σ(-x) with x = τ(r − 1);
   * KL(π ‖ q) has π (log π/q − KL) at a logit, where −KL = H + Σ π log q; and generalised JSD the
   * same with the mixture m, times 1 − β.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ce-gppo; ∂L/∂log π(y_t) = -(1/Σ|y|)·A·(beta_high·(1 + clip_high)·1[above]"
            + " + 1[¬above ∧ ¬below]·r + beta_low·(1 - clip_low)·1[below])",
        "aspo; ∂L/∂log π(y_t) = -(1/Σ|y|)·A·(dual_clip·1[soft]"
            + " + 1[¬soft ∧ A > 0 ∧ r ≤ 1 + clip_high] / r"
            + " + 1[¬soft ∧ A ≤ 0 ∧ r ≥ 1 - clip_low]·r)",
        "sapo; ∂L/∂log π(y_t) = -(4/(ΣG·|y_i|))·r·A·σ((r - 1)·τ)·σ(-(r - 1)·τ)",
        "distil-reverse-kl; ∂L/∂z_v = (1/Σ|y|)·π(v)·(H(π) + Σ_v π(v)·log π_ref(v)"
            + " + log π(v) - log π_ref(v)) / temperature",
        "distil-jsd; ∂L/∂z_v = (1/Σ|y|)·(1 - beta)·π(v)·(H(π) + Σ_v π(v)·m + log π(v) - m)"
            + " / temperature",
        "dpo; ∂L/∂log π(y_t) =" + " -(1/N)·beta·σ(-beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s)·s",
      })
  void aGradientReadsAsInItsPaper(String name, String gradient) {
    String out = run(0, "show", name);
    assertTrue(out.lines().map(String::strip).anyMatch(gradient::equals), out);
  }

  /**
   * Rounded numbers, two signs in a row, brackets in brackets, conditions that decide each other.
   */
  private static final Pattern UNTIDY =
      Pattern.compile(
          "0000000|9999999|[-+] -|\\(\\([^()]*\\)\\)|¬¬|(\\w+) ∨ \\(¬\\1|1\\[(\\w+)\\]·1\\[\\2");

  @ParameterizedTest
  @MethodSource("names")
  void whatIsPrintedIsTidyAndNoLineIsLong(String name) {
    Recipe recipe = new Objectives(Recipes.all()).named(name);
    for (Conventions conventions : List.of(Conventions.paper(), Conventions.verl())) {
      Loss loss = recipe.loss(conventions);
      List<String> texts =
          Stream.of(Surface.values())
              .map(surface -> BoundLoss.of(loss, surface, RecipeFacts.columns(loss)))
              .flatMap(bound -> bound.gradients().toJavaStream())
              .map(by -> Formula.unicode(by._1, by._2))
              .toList();
      for (String text : List.of(Formula.unicode(loss), String.join("\n", texts))) {
        assertFalse(UNTIDY.matcher(text).find(), text);
        boolean paper = conventions.equals(Conventions.paper());
        assertTrue(text.lines().allMatch(line -> line.length() < (paper ? 240 : 420)), text);
      }
    }
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
