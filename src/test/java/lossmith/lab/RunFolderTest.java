package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final String LONG =
      "addition-maximise(min(r.times(A), r.clamp(0.8, 1.2).times(A)).mean(ALL_TOKENS))";

  @Test
  void aShortNameStaysAsItIs() {
    for (String name : new String[] {"addition-clip-higher+k3", "two-ways-maximise(r)"}) {
      assertEquals(name, RunFolder.name(name));
    }
  }

  @Test
  void aLongNameAndOneWithASlashAreOnesThatAFolderCanHave(@TempDir Path folder) throws IOException {
    for (String name :
        new String[] {LONG.repeat(4), "addition-maximise(r.scaledBy(1/3))", "é".repeat(200)}) {
      String given = RunFolder.name(name);
      assertTrue(given.matches("[A-Za-z0-9.+_-]{1,60}"), given);
      Path made = Files.createDirectory(folder.resolve(given));
      assertEquals(folder, made.getParent());
    }
    assertTrue(RunFolder.name(LONG.repeat(4)).startsWith("addition-maximise-min-r.times-A-"));
  }

  @Test
  void longNamesThatEndDifferentlyHaveFoldersOfTheirOwn() {
    assertNotEquals(RunFolder.name(LONG.repeat(4)), RunFolder.name(LONG.repeat(4) + "x"));
  }
}
