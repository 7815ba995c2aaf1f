package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lossmith.rollouts.NpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake of a user: exit code 2, one line that names it, and no output file. */
class BadInputTest {
  private static final String GOOD =
      "{\"prompt_id\":1,\"tokens\":[5,6],\"reward\":1,\"log_prob\":[-1,-2]}\n";

  @TempDir Path folder = Path.of("");

  private void refused(List<String> words, String... args) {
    Path json = folder.resolve("out.json");
    Path tokens = folder.resolve("out.parquet");
    Typed run =
        Typed.run(
            Stream.concat(
                    Arrays.stream(args),
                    Stream.of("--json", json.toString(), "--tokens", tokens.toString()))
                .toArray(String[]::new));
    assertEquals(2, run.exit(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    words.forEach(word -> assertTrue(run.err().contains(word), run.err()));
    assertEquals("", run.out());
    assertFalse(Files.exists(json) || Files.exists(tokens));
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(
            "a wrong column",
            GOOD.replace("log_prob", "logprob") + GOOD.replace("log_prob", "logprob"),
            List.of("log_prob")),
        Arguments.of(
            "a name that is nearly known",
            (GOOD + GOOD).replace("\"reward\"", "\"rewrd\":1,\"other\""),
            List.of("rewrd", "--columns reward=rewrd")),
        Arguments.of("an empty file", "", List.of("empty file")),
        Arguments.of(
            "a NaN reward",
            GOOD + GOOD.replace("\"reward\":1", "\"reward\":NaN"),
            List.of("reward", "row 2", "NaN")),
        Arguments.of(
            "a group id missing",
            GOOD + GOOD.replace("\"prompt_id\":1,", ""),
            List.of("prompt_id", "row 2")),
        Arguments.of(
            "no token at all",
            (GOOD + GOOD).replace("5,6", "").replace("-1,-2", ""),
            List.of("tokens", "at least one token")),
        Arguments.of(
            "a ragged list",
            GOOD + GOOD.replace("-1,-2", "-1"),
            List.of("log_prob", "row 2", "1 entries for 2")),
        Arguments.of(
            "a null in a list",
            GOOD + GOOD.replace("-1,-2", "-1,null"),
            List.of("log_prob", "row 2", "entry 2")),
        Arguments.of(
            "a broken line", GOOD + GOOD.substring(0, 30), List.of("rollouts.jsonl", "cut off")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void text(String what, String text, List<String> words) throws IOException {
    assertFalse(what.isEmpty());
    refused(words, "score", Files.writeString(folder.resolve("rollouts.jsonl"), text).toString());
  }

  @Test
  void noFile() {
    refused(
        List.of("none.jsonl", "does not exist"), "score", folder.resolve("none.jsonl").toString());
  }

  @Test
  void aDirectory() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    refused(List.of("a directory"), "score", other.toString());
  }

  @Test
  void aTruncatedParquetFile() throws Exception {
    Path whole = folder.resolve("whole.parquet");
    Path good = Files.writeString(folder.resolve("good.jsonl"), GOOD + GOOD);
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      assertFalse(
          statement.execute(
              "COPY (FROM read_json('" + good + "')) TO '" + whole + "' (FORMAT parquet)"));
    }
    assertEquals(0, Typed.run("score", whole.toString()).exit());
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
    refused(List.of("cut.parquet", "cut off"), "score", cut.toString());
  }

  @Test
  void aParameterOutOfRange() throws IOException {
    Path file = Files.writeString(folder.resolve("r.jsonl"), GOOD + GOOD);
    refused(List.of("low", "= 7", "[0.0, 1.0]"), "score", file.toString(), "--set", "low=7");
    refused(List.of("lwo", "no parameter"), "score", file.toString(), "--set", "lwo=0.1");
  }

  @Test
  void anUnknownRecipe() throws IOException {
    Path file = Files.writeString(folder.resolve("r.jsonl"), GOOD + GOOD);
    refused(List.of("cliped"), "score", file.toString(), "--recipe", "cliped");
    refused(
        List.of("none.java, which does not exist"),
        "score",
        file.toString(),
        "--recipe",
        "none.java");
  }

  @Test
  void logitsOfAnotherShape() throws IOException {
    Path file = Files.writeString(folder.resolve("r.jsonl"), GOOD + GOOD);
    Path logits = Files.write(folder.resolve("l.npy"), NpyFile.doubles(new double[3][7]));
    refused(List.of("(3, 7)", "4 rows"), "score", file.toString(), "--logits", logits.toString());
  }

  @Test
  void logitsOfAnotherPolicy() throws IOException {
    Path file = Files.writeString(folder.resolve("r.jsonl"), GOOD + GOOD);
    Path logits = Files.write(folder.resolve("l.npy"), NpyFile.doubles(new double[4][7]));
    refused(
        List.of("log_prob, row 1, entry 1: -1.0", "3 more tokens", "-1.945"),
        "score",
        file.toString(),
        "--logits",
        logits.toString());
  }

  @Test
  void aTemperatureWithoutLogits() throws IOException {
    Path file = Files.writeString(folder.resolve("r.jsonl"), GOOD + GOOD);
    refused(
        List.of("temperature = 0.5", "1.0", "--logits"),
        "score",
        file.toString(),
        "--set",
        "temperature=0.5");
    refused(
        List.of("temperature = 0", "[0.001, 1000.0]"),
        "score",
        file.toString(),
        "--set",
        "temperature=0");
  }

  @Test
  void everyMistakeOfAFileIsToldAtOnce() throws IOException {
    String bad = GOOD.replace("\"reward\":1", "\"reward\":NaN").replace("-1,-2", "-1");
    Typed run =
        Typed.run("score", Files.writeString(folder.resolve("r.jsonl"), GOOD + bad).toString());
    assertEquals(2, run.exit());
    assertEquals(2, run.err().lines().count(), run.err());
  }

  @Test
  void aMisspeltCommandIsToldTheNearest() {
    Typed typed = Typed.run("shwo", "grpo");
    assertEquals(2, typed.exit());
    assertTrue(typed.err().contains("Did you mean: lossmith show"), typed.err());
  }
}
