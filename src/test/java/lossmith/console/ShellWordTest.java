package lossmith.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
  @ParameterizedTest
  @ValueSource(strings = {"grpo", "overlong+dapo", "losses/My.java", "trl:KTO=x,y@1%-2"})
  void whatNoShellMindsStaysAsItIs(String text) {
    assertEquals(text, ShellWord.of(text));
  }

  /** What a shell makes of it is told by a shell. */
  @ParameterizedTest
  @ValueSource(strings = {"maximise(r.times(A))", "a b", "", "$HOME 'x' \"y\" \\ *", "a;b&c|d<e>f"})
  void aShellReadsTheTextItself(String text) throws Exception {
    Path shell = Path.of("/bin/sh");
    assumeTrue(Files.isExecutable(shell));
    Process process =
        new ProcessBuilder(shell.toString(), "-c", "printf %s " + ShellWord.of(text)).start();
    String read = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    assertEquals(text, read);
  }
}
