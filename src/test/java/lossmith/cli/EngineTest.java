package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines by name, of which this class path has the usual one. */
class EngineTest {
  private static Typed score(Path folder, String... more) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("r.jsonl"), "{\"prompt_id\":1,\"reward\":1,\"log_prob\":[-1,-2]}\n");
    String[] args = new String[more.length + 4];
    args[0] = "score";
    args[1] = file.toString();
    args[2] = "--recipe";
    args[3] = "reinforce";
    System.arraycopy(more, 0, args, 4, more.length);
    return Typed.withRecipes(args);
  }

  @Test
  void theUsualOneHasAName(@TempDir Path folder) throws Exception {
    Typed named = score(folder, "--engine", "here");
    assertEquals(0, named.exit(), named.err());
    assertEquals(score(folder).out(), named.out());
  }

  @Test
  void oneThatIsNotThereIsSaid(@TempDir Path folder) throws Exception {
    Typed absent = score(folder, "--engine", "nobody", "--master", "local[2]");
    assertEquals(2, absent.exit(), absent.err());
    assertTrue(
        absent.err().startsWith("engine: got --engine nobody, which is not on the class path"),
        absent.err());
    assertTrue(absent.err().contains("-Pspark"), absent.err());
  }

  @Test
  void aClusterNeedsAnEngine(@TempDir Path folder) throws Exception {
    Typed alone = score(folder, "--master", "local[2]");
    assertEquals(2, alone.exit(), alone.err());
    assertTrue(alone.err().contains("--master without another engine"), alone.err());
  }
}
