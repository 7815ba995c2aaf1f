package lossmith.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Child processes that are no Python: what is told of each, and that none stays. */
final class DriverProcessTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static DriverProcess child(Path folder, String script) throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh");
    Path file = Files.writeString(folder.resolve("child"), "#!/bin/sh\n" + script + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return DriverProcess.start(new Interpreter(file.toString()));
  }

  private static String told(DriverProcess process) {
    IOException problem =
        assertThrows(
            IOException.class,
            () -> {
              Frame unused = process.ask(Frame.of(Frame.asking("call")), SECOND);
            });
    return String.valueOf(problem.getMessage());
  }

  @Test
  void anAnswerIsRead(@TempDir Path folder) throws Exception {
    // The length of {"ok":true} is 11, octal 13.
    try (DriverProcess process =
        child(folder, "printf '\\013\\000\\000\\000{\"ok\":true}'; cat > /dev/null")) {
      Frame answer = process.ask(Frame.of(Frame.asking("call")), Duration.ofSeconds(20));
      assertTrue(answer.header().get("ok").asBoolean());
    }
  }

  @Test
  void oneThatHangsIsEnded(@TempDir Path folder) throws Exception {
    try (DriverProcess process = child(folder, "echo waiting >&2; exec sleep 60")) {
      assertEquals("no answer within 1 s, and printed last: waiting", told(process));
      Thread.sleep(200);
      assertFalse(process.alive());
    }
  }

  @Test
  void oneThatEndsTellsWhy(@TempDir Path folder) throws Exception {
    try (DriverProcess process =
        child(folder, "sleep 0.3; echo 'Segmentation fault' >&2; exit 3")) {
      String told = told(process);
      assertTrue(told.contains("exit code 3") && told.endsWith("Segmentation fault"), told);
    }
  }

  @Test
  void oneThatIsKilledTellsTheSignal(@TempDir Path folder) throws Exception {
    try (DriverProcess process = child(folder, "sleep 0.3; kill -9 $$")) {
      assertEquals("Python was killed (signal 9), as where memory runs out", told(process));
    }
    try (DriverProcess process = child(folder, "sleep 0.3; kill -6 $$")) {
      assertEquals("Python was ended by signal 6", told(process));
    }
  }

  @Test
  void whatItStartedIsEndedWithIt(@TempDir Path folder) throws Exception {
    Path started = folder.resolve("started");
    try (DriverProcess process = child(folder, "sleep 60 & echo $! > " + started + "; wait")) {
      assertEquals("no answer within 1 s", told(process));
    }
    long child = Long.parseLong(Files.readString(started).strip());
    for (int i = 0;
        i < 100 && ProcessHandle.of(child).filter(ProcessHandle::isAlive).isPresent();
        i++) {
      Thread.sleep(20);
    }
    assertFalse(ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void oneThatPrintsIntoTheAnswersIsRefused(@TempDir Path folder) throws Exception {
    try (DriverProcess process = child(folder, "echo Hello, world; exec cat > /dev/null")) {
      assertEquals("an answer that is no frame", told(process));
      assertFalse(process.alive());
    }
  }

  @Test
  void aProgramThatIsNotThereIsTold() {
    ProblemException problem =
        assertThrows(
            ProblemException.class,
            () -> {
              DriverProcess unused = DriverProcess.start(new Interpreter("/no/such/python"));
            });
    String text = problem.problems().head().toString();
    assertTrue(text.contains("/no/such/python") && text.contains("LOSSMITH_PYTHON"), text);
  }
}
