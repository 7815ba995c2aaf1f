package lossmith.cli;

import static lossmith.cli.SmallRuns.rows;
import static lossmith.cli.SmallRuns.small;
import static lossmith.cli.SmallRuns.train;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainKillTest {
  /** Milliseconds in which a few steps are made. */
  private static final long MOMENT = 150;

  /** Milliseconds in which the program starts. */
  private static final long START = 3000;

  private static long lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    }
  }

  /**
   * {@code -Dlossmith.kills=20} kills as often, {@code -Dlossmith.kills.seed=7} at other moments:
   * every second time while the program starts or reads what is there, otherwise after its next
   * step. A wish to stop comes last.
   */
  @Test
  void aRunThatIsKilledOrStoppedGoesOnAsIfNothingHadHappened(@TempDir Path folder)
      throws Exception {
    int kills = Integer.getInteger("lossmith.kills", 3);
    int steps = 12 * (kills + 2);
    String[] more = {"--steps", "" + steps, "--recipe", "prorl", "--reset-every", "5"};
    assertEquals(0, train(folder, "whole", more).exit());
    List<String> arguments = small(folder, "killed", more);
    arguments.add("--resume");
    Path metrics = folder.resolve("killed").resolve("metrics.jsonl");
    long seed = Long.getLong("lossmith.kills.seed", 1);
    SplittableRandom random = new SplittableRandom(seed);
    for (int kill = 0; kill < kills; kill++) {
      long after = random.nextLong(kill % 2 == 0 ? MOMENT : START);
      System.out.printf("seed %d, kill %d: %d ms%n", seed, kill + 1, after);
      long seen = lines(metrics);
      Process process = OwnProcess.started(folder, arguments);
      while (kill % 2 == 0 && process.isAlive() && lines(metrics) <= seen) {
        Thread.sleep(1);
      }
      Thread.sleep(after);
      OwnProcess.signal(process, "KILL");
      assertFalse(OwnProcess.ended(process) == 0, "killed too late");
    }
    Process stopped = OwnProcess.started(folder, arguments);
    long seen = lines(metrics);
    while (stopped.isAlive() && lines(metrics) <= seen) {
      Thread.sleep(1);
    }
    OwnProcess.signal(stopped, "TERM");
    assertEquals(0, OwnProcess.ended(stopped), Files.readString(folder.resolve("err")));
    String said = Files.readString(folder.resolve("out"));
    assertTrue(said.contains("go on with --resume"), said);
    assertEquals(0, Typed.withRecipes(arguments.toArray(String[]::new)).exit());
    assertEquals(rows(folder.resolve("whole")), rows(folder.resolve("killed")));
    assertEquals(numbers(folder.resolve("whole")), numbers(folder.resolve("killed")));
  }

  /** What a checkpoint holds, by name. */
  private static Map<String, List<Byte>> numbers(Path run) throws IOException {
    Map<String, List<Byte>> found = new TreeMap<>();
    try (ZipFile zip = new ZipFile(run.resolve("checkpoint.npz").toFile())) {
      for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
        List<Byte> bytes = new ArrayList<>();
        for (byte one : zip.getInputStream(entry).readAllBytes()) {
          bytes.add(one);
        }
        found.put(entry.getName(), bytes);
      }
    }
    assertTrue(found.containsKey("policy.npy"), found.keySet().toString());
    return found;
  }
}
