package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.control.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lossmith.lab.claim.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimRunsTest {
  private static List<String> typed(Path folder, String out, String... more) {
    String usual =
        "train --claims early-collapse,clip-higher-entropy --seeds 2 --steps 3 --task two-ways"
            + " --layers 1 --width 16 --heads 2 --warm-steps 80 --prompts 4 --group 4"
            + " --minibatches 2 --epochs 1 --held-out 4 --samples 8 --k 8 --checkpoint-every 1";
    List<String> all = new ArrayList<>(List.of(usual.split(" ")));
    all.addAll(List.of("--cache", "" + folder.resolve("cache"), "--out", "" + folder.resolve(out)));
    all.addAll(List.of(more));
    return all;
  }

  private static Typed run(List<String> typed) {
    return Typed.withRecipes(typed.toArray(String[]::new));
  }

  /** The effect is computed again from the rows of the runs, by hand. */
  @Test
  void runsThatAreKilledGoOnAndDecideTheSame(@TempDir Path folder) throws Exception {
    Typed whole = run(typed(folder, "whole"));
    assertEquals(0, whole.exit(), whole.err());
    assertTrue(whole.out().contains("too few seeds"), whole.out());
    List<String> killed = typed(folder, "killed", "--resume");
    Process process = OwnProcess.started(folder, killed);
    while (process.isAlive() && !Files.exists(folder.resolve("killed/clip-higher-1/batch.jsonl"))) {
      Thread.sleep(1);
    }
    OwnProcess.signal(process, "KILL");
    assertFalse(OwnProcess.ended(process) == 0, "killed too late");
    assertFalse(Files.exists(folder.resolve("killed/claims.json")));
    Typed resumed = run(killed);
    assertEquals(0, resumed.exit(), resumed.err());
    for (String file : List.of("claims.json", "claims.md")) {
      assertEquals(
          Files.readString(folder.resolve("whole").resolve(file)),
          Files.readString(folder.resolve("killed").resolve(file)));
    }
    String page = Files.readString(folder.resolve("whole/report.html"));
    assertTrue(page.contains("a higher upper bound of the clip holds more entropy"), "statement");

    JsonNode found = new ObjectMapper().readTree(folder.resolve("whole/claims.json").toFile());
    JsonNode effects = found.get("experiments").get(1).get("effects");
    double[] byHand = new double[2];
    for (int seed = 1; seed <= 2; seed++) {
      byHand[seed - 1] =
          entropy(folder.resolve("whole/clip-higher-" + seed))
                  / entropy(folder.resolve("whole/grpo-" + seed))
              - 1;
      assertEquals(byHand[seed - 1], effects.get(seed - 1).asDouble(), 1e-12);
    }
    // Of two numbers the interval is their mean ± 12.7062 · |difference| / 2.
    double margin = 12.7062047 * Math.abs(byHand[0] - byHand[1]) / 2;
    double low = found.get("experiments").get(1).get("low").asDouble();
    assertEquals((byHand[0] + byHand[1]) / 2 - margin, low, 1e-6 * margin);
  }

  /** The entropy of the last of three steps. */
  private static double entropy(Path run) throws Exception {
    List<String> rows = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertEquals(4, rows.size());
    return new ObjectMapper().readTree(rows.get(3)).get("actor/entropy").asDouble();
  }

  @Test
  void anExperimentThatIsNoneIsSaid(@TempDir Path folder) {
    List<String> typed = typed(folder, "run");
    typed.set(2, "early-colapse");
    Typed run = run(typed);
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("early-collapse"), run.err());
    assertFalse(Files.exists(folder.resolve("run")), "nothing is written");
  }

  /** Of four parts, those of the task and size that are named are made. */
  @Test
  void aThoroughTrialCanBeMadeInParts(@TempDir Path folder) {
    List<String> typed = typed(folder, "run", "--thorough", "--size", "usual");
    typed.set(2, "early-collapse");
    Typed run = run(typed);
    assertEquals(0, run.exit(), run.err());
    assertTrue(Files.exists(folder.resolve("run/two-ways-usual/grpo-1/metrics.jsonl")));
    for (String other : List.of("target-usual", "addition-usual", "addition-small")) {
      assertFalse(Files.exists(folder.resolve("run").resolve(other)), other);
    }
    // What is there already is not made again.
    typed.add("--resume");
    assertEquals(0, run(typed).exit());
  }

  @Test
  void aPartThatAThoroughTrialDoesNotHaveIsSaid(@TempDir Path folder) {
    Typed run = run(typed(folder, "run", "--thorough", "--size", "small"));
    assertEquals(2, run.exit(), run.out());
    assertTrue(run.err().contains("--task two-ways --size small"), run.err());
    assertTrue(run.err().contains("two-ways-usual, addition-small"), run.err());
    assertFalse(Files.exists(folder.resolve("run")), "nothing is written");
  }

  @Test
  void aThoroughTrialHasFourPartsAndTenSeedsOnAddition() {
    assertEquals(
        List.of("addition-usual 10", "target-usual 5", "two-ways-usual 5", "addition-small 5"),
        Plan.thorough(Option.none(), Option.none())
            .map(plan -> plan.name() + " " + plan.seeds())
            .asJava());
    assertEquals(
        List.of("addition-usual", "addition-small"),
        Plan.thorough(Option.some("addition"), Option.none()).map(Plan::name).asJava());
  }
}
