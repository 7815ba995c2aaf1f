package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.export.NeedsPython;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is typed of functions in Python, and what is printed. */
@NeedsPython
final class PythonCommandsTest {
  private static Path file(Path folder, String name, String text) throws Exception {
    String python = System.getenv("LOSSMITH_PYTHON");
    if (python == null || python.isBlank()) {
      System.out.println("PyTorch: left out without LOSSMITH_PYTHON: commands of functions");
    }
    Assumptions.assumeTrue(python != null && !python.isBlank());
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void ofALossThatAlwaysFailsNothingIsPresumed(@TempDir Path folder) throws Exception {
    Path file =
        file(
            folder,
            "gone.py",
            """
            def gone(logp, adv, mask):
                raise ValueError("not today")
            """);
    Typed proof = Typed.run("prove", "--python", file + ":gone", "--cases", "2");
    assertEquals(1, proof.exit(), proof.err());
    assertTrue(proof.out().contains("ValueError: not today, line 2"), proof.out());
    assertTrue(!proof.out().contains("presumed"), proof.out());
  }

  @Test
  void anAdvantageIsNamedAndHeldToItsOwnLaws(@TempDir Path folder) throws Exception {
    Path file =
        file(
            folder,
            "mine.py",
            """
            def mine(rewards, group):
                out = rewards.clone()
                for g in group.unique():
                    out[group == g] = rewards[group == g] - rewards[group == g].mean()
                return out
            """);
    Path json = folder.resolve("found.json");
    Typed found = Typed.run("identify", "--python", file + ":mine", "--json", json.toString());
    assertTrue(
        found
            .out()
            .contains(
                "equal to the last digit: mean-centred\n  the same as the part group-centred"),
        found.out());
    assertEquals("mean-centred", new ObjectMapper().readTree(json.toFile()).path("equal").asText());
    Typed proof = Typed.run("prove", "--python", file + ":mine", "--cases", "3");
    assertEquals(0, proof.exit(), proof.out());
    assertTrue(proof.out().contains("zero-mean"), proof.out());
    Typed other = Typed.run("prove", "--python", file + ":mine", "--law", "clip-side");
    assertTrue(
        other.err().contains("\"clip-side\", no law of an advantage in Python"), other.err());
  }
}
