package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What {@code --version} says. */
class VersionTest {
  @Test
  void saysWhatWasBuiltAndWhatItRunsOn() throws Exception {
    String[] lines = new Version().getVersion();
    assertEquals(3, lines.length);
    assertTrue(lines[0].startsWith("lossmith "), lines[0]);
    assertTrue(
        lines[1].matches("commit [0-9a-f]{7,} of \\d{4}-\\d\\d-\\d\\d")
            || lines[1].equals("built outside of a repository"),
        lines[1]);
    assertTrue(lines[2].endsWith(", Java " + Runtime.version()), lines[2]);
  }
}
