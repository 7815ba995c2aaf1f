package lossmith.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lossmith.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A {@code score} that is interrupted, ended or killed leaves each of its outputs as it was or
 * whole; the next one has them all, and nothing else is left. {@code -Dlossmith.kills=30} tries
 * more than one moment of each signal, {@code -Dlossmith.fuzz.seed=1} others.
 */
final class KillTest {
  private static final List<String> SIGNALS = List.of("INT", "TERM", "KILL");
  private static final List<String> OUTPUTS =
      List.of("scores.json", "tokens.parquet", "gradient.parquet");
  private static final List<String> OPTIONS = List.of("--json", "--tokens", "--gradient");
  private static final String OLD = "what stood there before";
  private static final long SECONDS = 180;

  @TempDir private Path folder = Path.of("");

  private Path made(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private void rows() throws IOException {
    Draw draw = new Draw(7);
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < 800; row++) {
      StringBuilder list = new StringBuilder();
      for (int t = 0; t < 25; t++) {
        list.append(t == 0 ? "" : ",").append(DrawnRows.number(draw, -3, 0));
      }
      rows.append("{\"prompt_id\":" + row / 8 + ",\"reward\":" + draw.below(2))
          .append(",\"log_prob\":[" + list + "]}\n");
    }
    assertTrue(Files.exists(Files.writeString(folder.resolve("r.jsonl"), rows)));
  }

  private Process score(Path outputs) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + made("temporary"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "score",
                folder.resolve("r.jsonl").toString(),
                "--recipe",
                "grpo,dapo"));
    for (int i = 0; i < OUTPUTS.size(); i++) {
      command.addAll(List.of(OPTIONS.get(i), outputs.resolve(OUTPUTS.get(i)).toString()));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    String unused = builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
    return builder.start();
  }

  private static void await(Process process) throws InterruptedException {
    try {
      assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "hangs");
    } finally {
      Process unused = process.destroyForcibly();
    }
  }

  private static List<String> names(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void nothingIsLostOrDoubledOrLeft() throws Exception {
    rows();
    Path whole = made("whole");
    long began = System.nanoTime();
    Process first = score(whole);
    await(first);
    long took = System.nanoTime() - began;
    assertEquals(0, first.exitValue(), Files.readString(folder.resolve("err")));
    assertEquals(OUTPUTS.stream().sorted().toList(), names(whole));
    int kills = Integer.getInteger("lossmith.kills", SIGNALS.size());
    Draw draw = new Draw(Long.getLong("lossmith.fuzz.seed", 1));
    Path outputs = made("outputs");
    int between = 0;
    for (int kill = 0; kill < kills; kill++) {
      String signal = SIGNALS.get(kill % SIGNALS.size());
      for (String output : OUTPUTS) {
        assertTrue(Files.exists(Files.writeString(outputs.resolve(output), OLD)));
      }
      // What one left that was killed is there until another comes as far as to remove it.
      List<String> before = names(outputs);
      List<String> spilled = names(made("temporary"));
      Process process = score(outputs);
      Thread.sleep(TimeUnit.NANOSECONDS.toMillis((long) draw.real(0, (double) took)));
      if (kill % 2 == 1) {
        // At the moment when an output is begun.
        while (process.isAlive() && before.containsAll(names(outputs))) {
          Thread.onSpinWait();
        }
      }
      // One that has ended by itself is as good.
      int unused = new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
      await(process);
      for (String output : OUTPUTS) {
        boolean old = Files.size(outputs.resolve(output)) == OLD.length();
        between += old ? 0 : 1;
        assertTrue(old || same(whole.resolve(output), outputs.resolve(output)), output);
      }
      if (!signal.equals("KILL")) {
        assertTrue(before.containsAll(names(outputs)), () -> signal + " left more than " + before);
        assertTrue(spilled.containsAll(names(made("temporary"))), signal);
      }
      assertFalse(Files.readString(folder.resolve("err")).contains("\tat "), signal);
    }
    Process next = score(outputs);
    await(next);
    assertEquals(0, next.exitValue(), Files.readString(folder.resolve("err")));
    assertEquals(OUTPUTS.stream().sorted().toList(), names(outputs));
    for (String output : OUTPUTS) {
      assertTrue(same(whole.resolve(output), outputs.resolve(output)), output);
    }
    System.out.println(
        kills + " kills of " + SIGNALS + ", " + between + " outputs whole, the others as before");
  }

  private static boolean same(Path one, Path other) throws IOException, SQLException {
    if (one.toString().endsWith(".json")) {
      ObjectMapper mapper = new ObjectMapper();
      JsonNode expected = mapper.readTree(one.toFile());
      return expected.equals(mapper.readTree(other.toFile()));
    }
    String rows = "SELECT row_number() OVER (), * FROM read_parquet('%s')";
    String a = rows.formatted(one);
    String b = rows.formatted(other);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT (SELECT count(*) FROM ("
                    + a
                    + ")), (SELECT count(*) FROM ("
                    + b
                    + ")),"
                    + " (SELECT count(*) FROM ("
                    + a
                    + " EXCEPT "
                    + b
                    + "))")) {
      return found.next()
          && found.getLong(1) > 0
          && found.getLong(1) == found.getLong(2)
          && found.getLong(3) == 0;
    }
  }
}
