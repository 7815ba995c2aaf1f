package lossmith.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drawn inputs end as the documentation says. {@code -Dlossmith.fuzz=10000} draws more, {@code
 * -Dlossmith.fuzz.seed=1} others, {@code -Dlossmith.fuzz.processes=200} also as processes of their
 * own.
 */
final class FuzzTest {
  @Test
  void everyInputHasItsEnd(@TempDir Path folder) throws Exception {
    int inputs = Integer.getInteger("lossmith.fuzz", 150);
    int processes = Integer.getInteger("lossmith.fuzz.processes", 2);
    long first = Long.getLong("lossmith.fuzz.seed", 1);
    List<String> faults = new ArrayList<>();
    try (FuzzRun run =
        new FuzzRun(
            folder,
            fault -> {
              faults.add(fault);
              System.out.println(fault);
            })) {
      for (long seed = first; seed < first + inputs; seed++) {
        run.run(seed);
      }
      for (long seed = first; seed < first + processes; seed++) {
        run.process(seed);
      }
      System.out.println("Fuzzed from seed " + first + ": " + run.summary());
      assertEquals(List.of(), faults);
      assertTrue(2 * run.past() > inputs + processes, run.summary());
    }
  }
}
