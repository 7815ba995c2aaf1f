package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
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
    for (String name : java.util.List.of("grpo", "clip_cov", "k3", "leave_one_out", "dpo")) {
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
        java.util.List.of(
            "export --to pytorch",
            "export --all --to pytorch",
            "export --all --to json --dir " + folder,
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
    for (String name : java.util.List.of(".py", ".md")) {
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
  }

  private static String after(String text, String head) {
    int from = text.indexOf(head);
    assertTrue(from >= 0, text);
    return text.substring(from, text.indexOf("\n\n", from));
  }
}
