package lossmith;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lossmith.objective.Objectives;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What a user reads, as it was read by somebody once: help, first screens and errors are those of
 * {@code golden/texts} of the resources ({@code -Dlossmith.write=true} writes them, to be read
 * before they are kept).
 */
class TextsTest {
  private static final Path TEXTS =
      Path.of(System.getProperty("basedir", "")).resolve("test/resources/golden/texts");

  /** Two responses to a prompt, the second with a log-prob too few. */
  private static final String BROKEN =
      """
      {"prompt_id":"a","tokens":[5,6],"reward":1,"log_prob":[-1,-2],"old_log_prob":[-1,-2]}
      {"prompt_id":"a","tokens":[7,5],"reward":0,"log_prob":[-1],"old_log_prob":[-1,-2]}
      """;

  @TempDir Path folder = Path.of("");

  private static CommandLine commandLine() {
    return Main.commandLine(new Objectives(Recipes.all()));
  }

  /** What a command line prints, how it ends, and which file of the texts it is. */
  private String typed(String... args) {
    StringWriter out = new StringWriter();
    PrintWriter both = new PrintWriter(out, true);
    int exit = commandLine().setOut(both).setErr(both).execute(args);
    String words = String.join(" ", args);
    return ("$ lossmith " + words + "\n" + out + "[exit code " + exit + "]\n")
        .replace(folder.toString(), "FOLDER")
        .replace("\r\n", "\n");
  }

  private static void isKept(String name, String text) throws IOException {
    Path file = TEXTS.resolve(name + ".txt");
    if (Boolean.getBoolean("lossmith.write")) {
      Path unused = Files.createDirectories(TEXTS);
      Path unusedFile = Files.writeString(file, text);
    }
    assertTrue(Files.exists(file), file + " is missing; -Dlossmith.write=true writes it");
    assertEquals(Files.readString(file), text, name);
  }

  @TestFactory
  Stream<DynamicTest> helpOfEachCommand() {
    Stream<String> commands = commandLine().getSubcommands().keySet().stream().sorted();
    return Stream.concat(Stream.of(""), commands)
        .map(
            command ->
                DynamicTest.dynamicTest(
                    "help " + command,
                    () ->
                        isKept(
                            command.isEmpty() ? "help" : "help-" + command,
                            command.isEmpty() ? typed("--help") : typed(command, "--help"))));
  }

  @Test
  void firstScreens() throws Exception {
    isKept("recipes", typed("recipes"));
    isKept("recipes-dapo", typed("recipes", "dapo"));
    isKept("show-grpo", typed("show", "grpo"));
    isKept("show-grpo-plot", typed("show", "grpo", "--plot"));
    String score = typed("score", "@sample", "--recipe", "grpo,dapo,cispo,gspo");
    isKept("score", score);
    assertFalse(score.contains("null"), score);
  }

  @Test
  void theFirstScreenOfTheShell() throws Exception {
    Path start = Path.of(System.getProperty("basedir", "")).resolve("jshell/lossmith.jsh");
    String lines =
        Pattern.compile("(?m)^System.out.println\\(\"(.*)\"\\)$")
            .matcher(Files.readString(start))
            .results()
            .map(line -> line.group(1).translateEscapes())
            .collect(Collectors.joining("\n", "", "\n"));
    assertTrue(lines.contains("samples"), lines);
    isKept("shell", lines);
  }

  @Test
  void mistakesAreToldWithWhatToWrite() throws Exception {
    String broken = Files.writeString(folder.resolve("broken.jsonl"), BROKEN).toString();
    String absent = folder.resolve("absent.jsonl").toString();
    String nowhere = folder.resolve("none/scores.json").toString();
    Map<String, String> errors = new LinkedHashMap<>();
    errors.put("unknown-command", typed("scor"));
    errors.put("unknown-option", typed("score", "--recipes", "grpo"));
    errors.put("unknown-recipe", typed("show", "gpro"));
    errors.put("recipe-among-parts", typed("prove", "grpo+k3"));
    errors.put("objective-file", typed("prove", broken));
    errors.put("unknown-word", typed("recipes", "nothing-of-that-name"));
    errors.put("unknown-format", typed("score", "--format", "xml"));
    errors.put("missing-argument", typed("show"));
    errors.put("missing-file", typed("score", absent));
    errors.put("missing-column", typed("score", "@sample", "--recipe", "dpo"));
    errors.put("broken-row", typed("score", broken, "--recipe", "grpo"));
    errors.put("parameter", typed("score", "@sample", "--recipe", "grpo", "--set", "clip_low=-1"));
    errors.put("unknown-parameter", typed("score", "--recipe", "grpo", "--set", "clip=0.1"));
    errors.put("output", typed("score", "@sample", "--recipe", "grpo", "--json", nowhere));
    errors.put("plot", typed("score", "--plot", broken));
    for (Map.Entry<String, String> error : errors.entrySet()) {
      assertTrue(error.getValue().endsWith("[exit code 2]\n"), error.getValue());
      isKept("error-" + error.getKey(), error.getValue());
    }
  }
}
