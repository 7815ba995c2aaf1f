package lossmith.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a cluster, a folder or a row is said in a line. */
class SparkErrorsTest {
  private static String row(int number) {
    return "{\"prompt_id\":"
        + number / 2
        + ",\"reward\":"
        + number % 2
        + ",\"log_prob\":[-1,-2]}\n";
  }

  private static Path file(Path folder, String name, int rows) throws IOException {
    return Files.writeString(
        folder.resolve(name), List.range(0, rows).map(SparkErrorsTest::row).mkString());
  }

  private static void refused(List<String> args, String... told) {
    Commands run =
        Commands.run(
            args.prepend("score").appendAll(List.of("--engine", "spark", "--recipe", "grpo")));
    assertEquals(2, run.exit(), run.err());
    for (String one : told) {
      assertTrue(run.err().contains(one), run.err());
    }
    assertFalse(run.err().contains("\tat "), run.err());
    assertEquals("", run.out());
  }

  @Test
  void aClusterThatIsNone(@TempDir Path folder) throws IOException {
    String file = file(folder, "r.jsonl", 8).toString();
    refused(List.of(file), "master: got --engine spark without a master");
    refused(List.of(file, "--master", "nonsense"), "master: got --master nonsense");
    refused(List.of(file, "--master", "spark://127.0.0.1:1"), "where nobody listens");
    refused(List.of(file, "--master", "local[many]"), "--master local[many]");
  }

  @Test
  void aFolderThatIsNone(@TempDir Path folder) throws IOException {
    String file = file(folder, "r.jsonl", 8).toString();
    String absent = folder.resolve("absent").toString();
    refused(List.of(file, "--master", "spark://there:7077"), "without --staging");
    refused(
        List.of(file, "--master", "local[1]", "--staging", absent),
        "staging: got --staging " + absent + ", which does not exist");
    refused(List.of(file, "--master", "local[1]", "--tokens", folder.toString()), "a folder");
    refused(
        List.of(file, "--master", "local[1]", "--gradient", absent + ".parquet"),
        "engine: got --gradient");
  }

  /** Rows count from 1 in their own file, whatever part they went to. */
  @Test
  void aRowIsNamedInItsFile(@TempDir Path folder) throws IOException {
    String first = file(folder, "a.jsonl", 10).toString();
    Path cut = file(folder, "cut.jsonl", 10);
    String text = Files.readString(cut).replace("{\"prompt_id\":3,\"reward\":1", "{\"prompt_id\":");
    Path unused = Files.writeString(cut, text);
    refused(
        List.of(first, cut.toString(), "--master", "local[2]"),
        "file: got " + cut + ", which is cut off or not what its name says (row 8: ");
    Path wrong = file(folder, "wrong.jsonl", 10);
    Path unusedToo =
        Files.writeString(
            wrong,
            Files.readString(wrong)
                .replace(
                    "{\"prompt_id\":2,\"reward\":1,\"log_prob\":[-1,",
                    "{\"prompt_id\":2,\"reward\":1,\"log_prob\":[null,"));
    refused(
        List.of(first, wrong.toString(), "--master", "local[2]"),
        "column log_prob, " + wrong.toAbsolutePath() + ", row 6: entry 1 = null");
    try (var left = Files.list(folder)) {
      assertEquals(3, left.count());
    }
  }
}
