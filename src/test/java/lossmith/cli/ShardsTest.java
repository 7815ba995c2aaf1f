package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.ProblemException;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.RolloutPaths;
import lossmith.rollouts.Rollouts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several files, folders and patterns are read as one file. */
class ShardsTest {
  private static final String ROW = "{\"prompt_id\":1,\"reward\":%s,\"log_prob\":[-1]}\n";

  @TempDir Path folder = Path.of("");

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @BeforeEach
  void shards() throws IOException {
    Path unused = write("b.jsonl", ROW.formatted(2) + ROW.formatted(3));
    unused = write("a.csv", "prompt_id,reward,log_prob\n1,1,[-1]\n");
    unused = write(".hidden.jsonl", "no rollouts");
    unused = Files.createDirectory(folder.resolve("c.jsonl"));
  }

  private static Rollouts read(Seq<Path> given, boolean patterns) {
    return RolloutFile.read(RolloutPaths.of(given, patterns), Reading.plain());
  }

  private static double[] rewards(Rollouts rollouts) {
    return rollouts.samples().column("reward").get();
  }

  @Test
  void aFolderIsItsFilesByName() {
    assertArrayEquals(new double[] {1, 2, 3}, rewards(read(List.of(folder), false)));
  }

  @Test
  void filesAreReadInTheOrderGiven() {
    Seq<Path> files = List.of(folder.resolve("b.jsonl"), folder.resolve("a.csv"));
    assertArrayEquals(new double[] {2, 3, 1}, rewards(read(files, false)));
  }

  @Test
  void aPatternIsOneOnlyWhereItIsAskedFor() throws IOException {
    Seq<Path> pattern = List.of(folder.resolve("[ab].*"));
    assertArrayEquals(new double[] {1, 2, 3}, rewards(read(pattern, true)));
    assertThrows(
        ProblemException.class, () -> assertEquals(0, rewards(read(pattern, false)).length));
    assertThrows(
        ProblemException.class,
        () -> assertEquals(0, read(List.of(folder.resolve("x*")), true).slots().length));
    Path unused = write("[ab].jsonl", ROW.formatted(7));
    Seq<Path> named = List.of(folder.resolve("[ab].jsonl"));
    assertArrayEquals(new double[] {7}, rewards(read(named, true)));
  }

  @Test
  void aFileThatIsMeantTwiceWouldCountTwice() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolveSibling("l" + folder.getFileName()), folder);
    for (Path other : List.of(folder.resolve("b.jsonl"), link.resolve("b.jsonl"))) {
      Typed run =
          Typed.withRecipes("score", "--recipe", "grpo", folder.toString(), other.toString());
      assertEquals(2, run.exit());
      assertTrue(run.err().contains("b.jsonl, 2 times; expected files of rollouts, each once"));
    }
    Files.delete(link);
  }

  @Test
  void anErrorSaysItsFileAndRow() throws IOException {
    Path bad = write("d.jsonl", ROW.formatted(1) + ROW.formatted("\"good\""));
    String told =
        String.valueOf(
            assertThrows(
                    ProblemException.class,
                    () -> assertEquals(0, read(List.of(folder), false).slots().length))
                .getMessage());
    assertTrue(told.contains("column reward, " + bad + ", row 2: "), told);
  }

  @Test
  void aColumnThatOneFileLacksIsTold() throws IOException {
    Path lacking = write("d.jsonl", "{\"prompt_id\":1,\"log_prob\":[-1]}\n");
    Rollouts rollouts = read(List.of(folder), false);
    assertTrue(
        rollouts.notes().contains(lacking + " has nothing in reward."),
        rollouts.notes().toString());
  }

  @Test
  void scoreAndCheckTakeThem() {
    String one = folder.resolve("a.csv").toString();
    String two = folder.resolve("b.jsonl").toString();
    Typed score = Typed.withRecipes("score", "--recipe", "grpo", one, two);
    assertEquals(0, score.exit(), score.err());
    Typed check = Typed.withRecipes("check", "--glob", folder.resolve("[ab].*").toString());
    assertEquals(0, check.exit(), check.err());
    assertTrue(check.out().contains("3 responses to 1 prompt"), check.out());
  }
}
