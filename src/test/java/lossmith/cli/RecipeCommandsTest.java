package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
import lossmith.recipes.part.Parts;
import lossmith.report.RecipeFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void withoutArgumentsEveryRecipeIsScoredOnTheSampleOrCountedAsNotScored() {
    String out = run(0);
    long scored = names().filter(n -> out.lines().anyMatch(l -> l.startsWith(n + " "))).count();
    long not = names().count() - scored;
    assertTrue(out.contains("Not scored: " + not + " that lack a column"), out);
    assertTrue(scored > not / 2, out);
    assertTrue(out.contains("Next:"), out);
  }

  @Test
  void recipesListsEveryNameOnAScreen() {
    String out = run(0, "recipes");
    names().forEach(name -> assertTrue(out.contains(name), name));
    Parts.all().forEach(part -> assertTrue(out.contains(part.name()), part.name()));
    assertTrue(out.lines().count() < 80, out);
    assertTrue(out.lines().allMatch(line -> line.length() <= 100), out);
  }

  @Test
  void recipesAreFoundByWordsAndFamily() {
    String found = run(0, "recipes", "dapo", "trl");
    assertTrue(found.contains("forking-tokens (entropy): DAPO on the share"), found);
    assertFalse(found.contains("grpo (policy)"), found);
    String critics = run(0, "recipes", "--family", "critic");
    assertTrue(critics.contains("v-mpo (critic)"), critics);
    assertFalse(critics.contains("(part"), critics);
    assertTrue(run(2, "recipes", "--family", "critics").contains("critic"));
    assertTrue(run(2, "recipes", "nobody-wrote-this").contains("fewer or shorter words"));
  }

  @Test
  void recipesForAFileSaysWhatIsMissing(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("r.jsonl"),
            """
            {"prompt_id":1,"reward":1,"log_prob":[-1,-2]}
            {"prompt_id":1,"reward":0,"log_prob":[-1]}
            """);
    String out = run(0, "recipes", "--for", file.toString());
    int not = out.indexOf("Not, for want of:");
    assertTrue(out.indexOf("grpo") < not, out);
    assertTrue(out.indexOf("dpo-hinge") > out.indexOf("the sequence column sign"), out);
    assertTrue(out.indexOf("distil-jsd") > out.indexOf("which --logits gives"), out);
    assertFalse(out.contains("statistic_"), out);
  }

  /** Tokens of the sample are told as text, by its own vocabulary. */
  @Test
  void theSampleIsThereForEveryCommandThatReadsRollouts() {
    String checked = run(0, "check", "@sample");
    assertTrue(checked.contains("@sample: 384 responses to 48 prompts, 11193 tokens"), checked);
    assertEquals(checked, run(0, "check"));
    String scored = run(0, "score", "--recipe", "grpo", "--top-tokens", "1");
    assertTrue(scored.contains("\" after \""), scored);
    assertTrue(run(0, "compare", "dapo", "cispo").contains("of 11193 tokens"));
    assertTrue(run(0, "recipes", "--for", "@sample").contains("Can be scored ("));
  }

  @Test
  void recipesAsJsonHaveWhatTheyRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("recipes.json");
    String unused = run(0, "recipes", "--json", file.toString());
    JsonNode all = new ObjectMapper().readTree(file.toFile());
    assertEquals(Recipes.all().size(), all.size());
    JsonNode grpo = all.get(2);
    assertEquals("grpo", grpo.get("recipe").asText());
    assertEquals("policy", grpo.get("family").asText());
    assertTrue(grpo.get("columns").toString().contains("\"reward\""), grpo.toString());
  }

  @Test
  void showIsShortUnlessMoreIsAsked() {
    String out = run(0, "show", "grpo");
    assertTrue(out.lines().count() < 30, out);
    assertTrue(out.contains("old_log_prob: token, else sg(log π(y_t))"), out);
    assertTrue(out.contains("clip_low = 0.2 in [0, 1]"), out);
    assertFalse(out.contains("%1 ="), out);
    assertTrue(run(0, "show", "grpo", "--listing").contains("%1 = trained log_pi"));
    assertFalse(run(0, "show", "grpo", "--schedule").contains("L ="));
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
    String out = run(0, "show", name, "--all");
    for (String head :
        new String[] {
          "Formula", "Columns", "Listing", "Gradient at the logits", "Flow", "Schedule"
        }) {
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
    String out = run(0, "show", name, "--all");
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
