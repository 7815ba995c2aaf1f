package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lossmith.Main;

/** The program in a process of its own, which can be killed. */
final class OwnProcess {
  private static final long SECONDS = 180;

  private OwnProcess() {}

  /** Starts it; what it prints goes to the files {@code out} and {@code err} of a folder. */
  static Process started(Path folder, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  /** Waits for it, and gives its exit code. */
  static int ended(Process process) throws InterruptedException {
    try {
      assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "hangs");
      return process.exitValue();
    } finally {
      Process unused = process.destroyForcibly();
    }
  }

  /** Sends a signal, such as {@code KILL}. */
  static void signal(Process process, String signal) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor());
  }
}
