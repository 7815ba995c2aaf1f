package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.List;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lossmith.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the world around a process is, it ends with an exit code and a line, or none. */
final class EndsTest {
  private static final String ROWS =
      """
      {"prompt_id":1,"tokens":[5,6],"reward":1,"log_prob":[-1,-2]}
      {"prompt_id":1,"tokens":[5,6],"reward":0,"log_prob":[-1,-3]}
      """;

  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path folder = Path.of("");

  private ProcessBuilder lossmith(List<String> java, String... args) {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(ProcessHandle.current().info().command().orElse("java"))
                .appendAll(java)
                .append("-Djava.io.tmpdir=" + folder)
                .append("-cp")
                .append(System.getProperty("java.class.path"))
                .append(Main.class.getName())
                .appendAll(List.of(args))
                .asJava());
    // TensorFlow sets it in this process when it starts; a new one would inherit it.
    String unused = builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
    return builder.directory(folder.toFile());
  }

  private Typed run(ProcessBuilder builder) throws Exception {
    File out = folder.resolve("stdout").toFile();
    File err = folder.resolve("stderr").toFile();
    if (builder.redirectOutput().equals(Redirect.PIPE)) {
      builder = builder.redirectOutput(out);
    }
    Process process = builder.redirectError(err).start();
    try {
      assertTrue(process.waitFor(3, TimeUnit.MINUTES));
    } finally {
      process.destroyForcibly();
    }
    String said = out.exists() ? Files.readString(out.toPath()) : "";
    return new Typed(process.exitValue(), said, Files.readString(err.toPath()));
  }

  private String rows(String name) throws IOException {
    return Files.writeString(folder.resolve(name), ROWS).toString();
  }

  private List<String> libraries() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return List.ofAll(files.map(Path::getFileName).map(Path::toString))
          .filter(name -> name.endsWith(".so") || name.endsWith(".tmp"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar EG u-nu-arab", "th TH u-nu-thai", "hi IN u-nu-deva", "tr TR "})
  void foreignDigitsChangeNothing(String locale) throws Exception {
    String[] parts = locale.split(" ", -1);
    Typed run =
        run(
            lossmith(
                List.of(
                    "-Duser.language=" + parts[0],
                    "-Duser.country=" + parts[1],
                    "-Duser.extensions=" + parts[2]),
                "score",
                rows("r.jsonl"),
                "--recipe",
                "grpo"));
    assertEquals(0, run.exit(), run.err());
    assertEquals("", run.err());
    assertTrue(run.out().contains("0.50000"), run.out());
    assertEquals(List.empty(), libraries());
  }

  @Test
  void aFullOutputIsBadInputInALine() throws Exception {
    assumeTrue(Files.exists(FULL));
    for (String args : List.of("recipes", "--help")) {
      Typed run = run(lossmith(List.empty(), args).redirectOutput(FULL.toFile()));
      assertEquals(2, run.exit(), run.err());
      assertEquals(1, run.err().lines().count(), run.err());
      assertTrue(run.err().contains("stdout: got"), run.err());
    }
  }

  @Test
  void aReaderThatHasHadEnoughIsNoMistake() throws Exception {
    Process process = lossmith(List.empty(), "show", "grpo").start();
    process.getInputStream().close();
    try (var err = process.errorReader()) {
      assertEquals("", String.join("\n", err.lines().toList()));
    }
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(2, process.exitValue());
  }

  @Test
  void lettersThatTheLocaleDoesNotHaveAreNamed() throws Exception {
    // The letter comes from a shell: this Java may know no more letters than that one.
    ProcessBuilder builder = lossmith(List.empty(), "score");
    builder.command(
        List.of("sh", "-c", "exec \"$@\" \"$(printf '\\303\\266').jsonl\"", "sh")
            .appendAll(builder.command())
            .asJava());
    String unused = builder.environment().put("LC_ALL", "C");
    Typed run = run(builder);
    assertEquals(2, run.exit(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("write LC_ALL=C.UTF-8"), run.err());
  }

  @Test
  void tooLittleMemoryIsALine() throws Exception {
    Path file = folder.resolve("large.jsonl");
    String list = "0.25,".repeat(200_000) + "0.25]";
    String row =
        "{\"prompt_id\":1,\"reward\":1,\"tokens\":["
            + list.replace("0.25", "7")
            + ",\"log_prob\":["
            + list.replace("0.25", "-0.25")
            + "}\n";
    assertEquals(file, Files.writeString(file, row.repeat(12)));
    Typed run = run(lossmith(List.of("-Xmx48m"), "score", file.toString()));
    assertEquals(3, run.exit(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("memory: got"), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }
}
