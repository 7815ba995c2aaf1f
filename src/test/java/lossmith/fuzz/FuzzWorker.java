package lossmith.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import lossmith.Main;
import lossmith.objective.Objectives;
import lossmith.recipes.catalogue.Recipes;

/**
 * A process that runs the inputs of the seeds it reads, one a line, and answers each in a line: the
 * kind, whether it was past the first check, and the faults. {@code show SEED} prints all about
 * one.
 */
final class FuzzWorker {
  private FuzzWorker() {}

  /**
   * Reads seeds until there are no more.
   *
   * @param args the folder for files, or {@code show SEED}
   */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    PrintStream answers = System.out;
    System.setOut(System.err);
    if (args[0].equals("show")) {
      Path folder = Files.createTempDirectory("fuzz");
      FuzzCase given = FuzzCases.of(Long.parseLong(args[1]), folder);
      answers.println(folder + "\n" + given);
      answers.println(run(given, folder, answers));
      System.exit(0);
    }
    try (BufferedReader seeds =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String seed = seeds.readLine(); seed != null; seed = seeds.readLine()) {
        Path folder = Files.createDirectory(Path.of(args[0], seed));
        FuzzCase given = FuzzCases.of(Long.parseLong(seed), folder);
        Verdict verdict = run(given, folder, null);
        remove(folder);
        String faults = String.join(" | ", verdict.faults()).replaceAll("\\s+", " ");
        answers.println(
            given.kind().replaceAll("\\s", " ") + "\t" + verdict.past() + "\t" + faults);
        answers.flush();
      }
    }
    System.exit(0);
  }

  private static Verdict run(
      FuzzCase given, Path folder, @org.jspecify.annotations.Nullable PrintStream show)
      throws IOException {
    Map<String, String> before = Verdict.files(folder);
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Main.commandLine(new Objectives(Recipes.all()))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(given.args().toArray(String[]::new));
    if (show != null) {
      show.println("exit " + exit + "\nout:\n" + out + "\nerr:\n" + err);
    }
    return Verdict.of(given, exit, out.toString(), err.toString(), folder, before);
  }

  static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : List.copyOf(all.sorted(Comparator.reverseOrder()).toList())) {
        Files.delete(path);
      }
    }
  }
}
