package lossmith.cli;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.objective.Objectives;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
  private static final String SAMPLE =
      Path.of(Files.exists(Path.of("src/main")) ? "" : "..")
          .resolve("src/main/resources/sample/rollouts.parquet")
          .toString();

  @Test
  void everyCommandReadsWhatWasExported(@TempDir Path folder) {
    String file = folder.resolve("mine.json").toString();
    Typed written =
        Typed.run("export", "leave-one-out+clip-higher+k3", "--to", "json", "--out", file);
    assertEquals(0, written.exit(), written.err());
    String formula = after(Typed.run("show", "leave-one-out+clip-higher+k3").out(), "Formula");
    assertEquals(formula, after(Typed.run("show", file).out(), "Formula"));
    Typed scored = Typed.run("score", SAMPLE, "--recipe", file);
    assertEquals(0, scored.exit(), scored.err());
    assertEquals(
        Typed.run("score", SAMPLE, "--recipe", "leave-one-out+clip-higher+k3").out(), scored.out());
    Typed both = Typed.run("score", SAMPLE, "--recipe", "leave-one-out+clip-higher+k3," + file);
    assertEquals(2, both.exit(), both.out());
    assertTrue(both.err().contains("two objectives named leave-one-out"), both.err());
    Typed proved = Typed.run("prove", file, "--cases", "2");
    assertEquals(0, proved.exit(), proved.out() + proved.err());
  }

  @Test
  void withoutAFileItIsPrinted(@TempDir Path folder) throws Exception {
    Typed printed = Typed.withRecipes("export", "cispo", "--to", "json", "--conventions", "verl");
    assertEquals(0, printed.exit(), printed.err());
    Path file = Files.writeString(folder.resolve("cispo.json"), printed.out());
    assertEquals(printed.out(), Typed.run("export", file.toString(), "--to", "json").out());
  }

  @Test
  void mistakesAreTold(@TempDir Path folder) throws Exception {
    Typed format = Typed.withRecipes("export", "grpo", "--to", "yaml");
    assertEquals(2, format.exit());
    assertTrue(format.err().contains("json"), format.err());
    for (String[] typed : new String[][] {{"vrl", "verl"}, {"JSON", "json"}}) {
      String said = Typed.withRecipes("export", "grpo", "--to", typed[0]).err();
      assertTrue(said.contains("(did you mean " + typed[1] + "?)"), said);
      assertEquals(1, said.split("json, pytorch", -1).length - 1, said);
    }
    Typed missing = Typed.run("show", folder.resolve("none.json").toString());
    assertEquals(2, missing.exit());
    assertTrue(missing.err().contains("does not exist"), missing.err());
    Path file = Files.writeString(folder.resolve("own.json"), "{\"prompt_id\": 1}");
    Typed other = Typed.run("score", SAMPLE, "--recipe", file.toString());
    assertEquals(2, other.exit());
    assertTrue(other.err().contains("lossmith objective"), other.err());
    Typed over = Typed.run("export", file.toString(), "--to", "json", "--out", file.toString());
    assertEquals(2, over.exit(), over.out());
    assertEquals("{\"prompt_id\": 1}", Files.readString(file));
    assertFalse(over.err().contains("Exception"), over.err());
  }

  @Test
  void allObjectivesAreAPackageForPython(@TempDir Path folder) throws Exception {
    Path to = folder.resolve("python");
    Typed written = Typed.withRecipes("export", "--all", "--to", "pytorch", "--dir", to.toString());
    assertEquals(0, written.exit(), written.err());
    Path modules = to.resolve("lossmith_objectives");
    for (String name : List.of("grpo", "clip_cov", "k3", "leave_one_out", "dpo")) {
      String text = Files.readString(modules.resolve(name + ".py"));
      assertTrue(text.contains("\ndef " + name + "("), name);
      assertTrue(Files.readString(to.resolve("README.md")).contains("- `" + name + "`: "), name);
    }
    assertTrue(Files.exists(modules.resolve("__init__.py")));
    assertTrue(Files.exists(to.resolve("test_objectives.py")));
  }

  @Test
  void aPackageIsOfAllObjectivesInAFolder(@TempDir Path folder) {
    for (String line :
        List.of(
            "export --to pytorch",
            "export --all --to pytorch",
            "export --all --to json --dir " + folder,
            "export --all --to trl --dir " + folder,
            "export --all --to trl",
            "export grpo --all --to pytorch --dir " + folder,
            "export grpo --to pytorch --dir " + folder)) {
      Typed typed = Typed.withRecipes(line.split(" "));
      assertEquals(2, typed.exit(), line + typed.out());
      assertTrue(typed.err().contains("--all --to pytorch --dir D"), line + typed.err());
    }
  }

  @Test
  void aTrainersFilesLieTogether(@TempDir Path folder) throws Exception {
    Path to = folder.resolve("for/verl");
    Typed written = Typed.withRecipes("export", "grpo", "--to", "verl", "--dir", to.toString());
    assertEquals(0, written.exit(), written.err());
    for (String name : List.of(".py", ".md")) {
      String text = Files.readString(to.resolve("grpo_verl" + name));
      assertTrue(text.contains("lossmith_grpo"), text);
    }
    assertTrue(Files.exists(to.resolve("test_grpo_verl.py")));
    assertTrue(Files.readString(to.resolve("test_grpo_verl.json")).contains("\"loss\":"));
    Typed one = Typed.withRecipes("export", "grpo", "--to", "verl");
    assertEquals(Files.readString(to.resolve("grpo_verl.py")), one.out());
    Typed refused = Typed.withRecipes("export", "clip-cov", "--to", "verl");
    assertEquals(2, refused.exit(), refused.out());
    assertTrue(refused.err().contains("rows have no share of the loss"), refused.err());
    String lacking = Typed.withRecipes("export", "prorl", "--to", "verl").err();
    String why = "where it reads the token column ref_log_prob, which is not handed over;";
    assertTrue(lacking.contains(why), lacking);
    String dark = Typed.withRecipes("export", "qpg", "--to", "tinker").err();
    assertTrue(dark.contains("write an objective over log_prob"), dark);
    assertFalse(dark.contains("statistic_"), dark);
  }

  @Test
  void aGraphForTinkersServiceLiesBesideWhatComputesItsInputs(@TempDir Path folder)
      throws Exception {
    Path to = folder.resolve("graph");
    Typed written =
        Typed.withRecipes("export", "grpo", "--to", "tinker-graph", "--dir", to.toString());
    assertEquals(0, written.exit(), written.err());
    String body = Files.readString(to.resolve("grpo_tinker_graph.json"));
    assertEquals(body, Typed.withRecipes("export", "grpo", "--to", "tinker-graph").out());
    assertTrue(body.startsWith("{\n  \"type\": \"create_custom_loss\""), body);
    String module = Files.readString(to.resolve("grpo_tinker_graph.py"));
    assertTrue(module.contains("def loss_fn_inputs("), module);
    String said = Files.readString(to.resolve("grpo_tinker_graph.md"));
    assertTrue(said.contains("**Not tried against the service.**"), said);
    assertTrue(said.contains("`torch.masked_select`"), said);
    Typed refused = Typed.withRecipes("export", "dpo", "--to", "tinker-graph");
    assertEquals(2, refused.exit(), refused.out());
    assertEquals("", refused.out());
    assertTrue(refused.err().contains("an export to tinker or pytorch"), refused.err());
  }

  @Test
  void aSavedModelIsAFolderOfItsOwn(@TempDir Path folder) throws Exception {
    Path to = folder.resolve("made/grpo");
    String[] line =
        ("export grpo --to saved-model --without old_log_prob --out " + to).split(" ", -1);
    Typed written = Typed.withRecipes(line);
    assertEquals(0, written.exit(), written.err());
    byte[] model = Files.readAllBytes(to.resolve("saved_model.pb"));
    Typed again = Typed.withRecipes(line);
    assertEquals(2, again.exit(), again.out());
    assertTrue(again.err().contains("where something is already"), again.err());
    assertArrayEquals(model, Files.readAllBytes(to.resolve("saved_model.pb")));
    Path other = folder.resolve("other");
    for (String wrong :
        List.of(
            "export grpo --to saved-model",
            "export grpo --to saved-model --dir " + other,
            "export clip-cov --to saved-model --out " + other,
            "export grpo --to saved-model --without reward --out " + other)) {
      Typed typed = Typed.withRecipes(wrong.split(" ", -1));
      assertEquals(2, typed.exit(), wrong + typed.out());
      assertFalse(typed.err().contains("Exception"), typed.err());
      assertFalse(Files.exists(other), wrong);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("made")), left.toList());
    }
  }

  /** A recipe of a given loss. */
  private record Given(Loss loss) implements Recipe {
    @Override
    public Card card() {
      return Card.of("dead", "a loss without gradient", Recipes.all().head().source());
    }

    @Override
    public Loss loss(Conventions c) {
      return loss;
    }
  }

  @Test
  void anObjectiveWithoutGradientIsRefusedWhateverItIsWrittenFor(@TempDir Path folder) {
    for (Loss dead :
        List.of(
            maximise(reward().mean(Over.SEQUENCES).mean(Over.GROUPS)),
            maximise(logProb().stopGradient().mean(Over.ALL_TOKENS)),
            maximise(logProb().mean(Over.ALL_TOKENS)).training())) {
      Objectives objectives = new Objectives(io.vavr.collection.List.of(new Given(dead)));
      for (String format :
          List.of(
              "json",
              "pytorch",
              "saved-model",
              "markdown",
              "latex",
              "trl",
              "tinker",
              "tinker-graph")) {
        Path to = folder.resolve("out");
        Typed typed =
            Typed.run(objectives, "export", "dead", "--to", format, "--out", to.toString());
        assertEquals(2, typed.exit(), dead + " to " + format + typed.out());
        assertTrue(typed.err().contains("dead-objective"), dead + " to " + format + typed.err());
        assertFalse(Files.exists(to));
      }
    }
  }

  private static String after(String text, String head) {
    int from = text.indexOf(head);
    assertTrue(from >= 0, text);
    return text.substring(from, text.indexOf("\n\n", from));
  }
}
