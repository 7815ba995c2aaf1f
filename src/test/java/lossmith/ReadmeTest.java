package lossmith;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import lossmith.objective.Objectives;
import lossmith.proofs.ObjectiveProperties;
import lossmith.proofs.Proof;
import lossmith.proofs.Prover;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Narrowing;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README and the pages beside it show is run, and does what it says. */
class ReadmeTest {
  private static final Path ROOT =
      Files.exists(Path.of("README.md")) ? Path.of("") : Path.of("..").normalize();

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  /** The README, then the pages that it leads to. */
  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<>(List.of(root("README.md")));
    try (Stream<Path> docs = Files.list(root("src/docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  private static List<String> blocks(String language) throws IOException {
    var blocks = new ArrayList<String>();
    for (Path page : pages()) {
      var matcher =
          Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(page));
      while (matcher.find()) {
        blocks.add(matcher.group(1));
      }
    }
    return blocks;
  }

  private static Path root(String file) {
    Path here = ROOT.resolve(file);
    return Files.exists(here) ? here : Path.of("..").resolve(file);
  }

  /** A command whose file lands in a folder of the test, not where the tests are run. */
  private static String in(Path folder, String command) {
    return command.replaceAll(
        "--(out|dir) (\\S+)", "--$1 " + Matcher.quoteReplacement(folder + File.separator) + "$2");
  }

  @Test
  void theFirstPageIsShort() throws Exception {
    long lines = Files.readString(root("README.md")).lines().count();
    assertTrue(lines < 150, lines + " lines");
  }

  @Test
  void linksLeadSomewhere() throws Exception {
    int followed = 0;
    for (Path page : pages()) {
      var link = Pattern.compile("]\\(([^)#]+)\\)").matcher(Files.readString(page));
      while (link.find()) {
        if (!link.group(1).contains("://")) {
          Path to = Path.of("").toAbsolutePath().resolve(page).resolveSibling(link.group(1));
          assertTrue(Files.exists(to), page + " leads to " + to);
          followed++;
        }
      }
    }
    assertTrue(followed > 10, followed + " links");
  }

  @Test
  void thePictureIsWhatTheCommandDraws(@TempDir Path folder) throws Exception {
    Path drawn = folder.resolve("dapo.svg");
    int exit =
        Main.commandLine(new Objectives(Recipes.all()))
            .setOut(new PrintWriter(new StringWriter(), true))
            .execute("show", "dapo", "--plot", drawn.toString());
    assertEquals(0, exit);
    assertEquals(Files.readString(root("src/docs/dapo.svg")), Files.readString(drawn));
  }

  @Test
  void commands(@TempDir Path folder) throws Exception {
    int run = 0;
    for (String block : blocks("bash")) {
      var matcher = Pattern.compile("exec:java -Dexec.args=\"(.*)\"").matcher(block);
      while (matcher.find()) {
        var out = new StringWriter();
        int exit =
            Main.commandLine(new Objectives(Recipes.all()))
                .setOut(new PrintWriter(out, true))
                .execute(in(folder, matcher.group(1)).split(" ", -1));
        assertEquals(0, exit, block);
        assertFalse(out.toString().isBlank());
        run++;
      }
    }
    assertTrue(run > 0);
  }

  @Test
  void recipe(@TempDir Path classes) throws Exception {
    var sources = new ArrayList<Path>();
    for (String block : blocks("java")) {
      var name = Pattern.compile("class (\\w+)").matcher(block);
      assertTrue(name.find(), block);
      sources.add(Files.writeString(classes.resolve(name.group(1) + ".java"), block));
    }
    var errors = new StringWriter();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                errors,
                null,
                null,
                List.of("-d", classes.toString(), "-proc:none", "-classpath", CLASS_PATH),
                null,
                ToolProvider.getSystemJavaCompiler()
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjectsFromPaths(sources))
            .call();
    assertTrue(compiled, errors.toString());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      var out = new StringWriter();
      String sample = root("src/main/resources/sample/rollouts.parquet").toString();
      int exit =
          Main.commandLine(new Objectives(Recipes.all()))
              .setOut(new PrintWriter(out, true))
              .execute("score", sample, "--recipe", "my.Smooth");
      assertEquals(0, exit);
      assertTrue(out.toString().contains("smooth"), out.toString());
      int proved =
          Main.commandLine(new Objectives(Recipes.all()))
              .setOut(new PrintWriter(out, true))
              .execute("prove", "--class", "my.Smooth", "--cases", "20");
      assertEquals(0, proved, out.toString());
      var constructor = loader.loadClass("my.NarrowSmoothTest").getDeclaredConstructor();
      constructor.setAccessible(true);
      proves((ObjectiveProperties) constructor.newInstance());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void proves(ObjectiveProperties suite) {
    Narrowing narrowing = new Narrowing(suite.ranges(), suite::batch);
    try (Subject subject =
        new Subject("Smooth", suite.subject(), suite.claims(), suite.statement(), narrowing)) {
      Proof proof = Prover.prove(subject, Laws.of(subject), 20, 1);
      assertTrue(proof.holds(), proof.toString());
    }
  }

  @Test
  void transcripts() throws Exception {
    int compared = 0;
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      shell.addToClasspath(System.getProperty("java.class.path"));
      // What the start-up DEFAULT imports comes first, as in a shell.
      for (String name :
          List.of("java.util.*", "java.util.function.*", "java.util.stream.*", "java.io.*")) {
        String unused = value(shell, "import " + name + ";");
      }
      for (String line : Files.readAllLines(root("src/jshell/lossmith.jsh"))) {
        if (!line.startsWith("System.out")) {
          String unused = value(shell, line);
        }
      }
      for (String block : blocks("jshell")) {
        for (String step : block.split("(?m)^jshell> ", -1)) {
          if (!step.isEmpty()) {
            String[] typed = step.split("\n", 2);
            String value = value(shell, typed[0]);
            if (!typed[1].isBlank()) {
              assertEquals(typed[1].stripTrailing(), "==> " + value, typed[0]);
              compared++;
            }
          }
        }
      }
    }
    assertTrue(compared > 0);
  }

  private static String value(JShell shell, String source) {
    String value = "";
    for (SnippetEvent event :
        shell.eval(shell.sourceCodeAnalysis().analyzeCompletion(source).source())) {
      if (event.status() == Snippet.Status.OVERWRITTEN) {
        // Of a page before this one.
        continue;
      }
      assertEquals(
          Snippet.Status.VALID,
          event.status(),
          source + shell.diagnostics(event.snippet()).toList());
      assertEquals(null, event.exception(), source);
      value = event.value() == null ? "" : event.value();
    }
    return value;
  }
}
