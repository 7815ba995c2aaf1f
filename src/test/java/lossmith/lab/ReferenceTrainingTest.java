package lossmith.lab;

import static lossmith.lab.EchoRuns.SIZE;
import static lossmith.lab.EchoRuns.TASK;
import static lossmith.lab.EchoRuns.at;
import static lossmith.lab.EchoRuns.mean;
import static lossmith.lab.EchoRuns.recipe;
import static lossmith.lab.EchoRuns.run;
import static lossmith.lab.EchoRuns.settings;
import static lossmith.lab.EchoRuns.start;
import static lossmith.lab.EchoRuns.trained;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import lossmith.lab.policy.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objectives that compare the policy with another, or a response with another. */
class ReferenceTrainingTest {
  /**
   * Of equal policies every margin is 0 and the loss log 2; then the response that was right rises.
   */
  @Test
  void preferencesAreThoseOfTheRewards(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      Run still =
          new Run(TASK, recipe("dpo"), settings(1, 0), Controllers.none(), 3, HashSet.empty());
      var equal = trained(network, still, folder.resolve("still"), false, 99);
      assertEquals(Math.log(2), at(equal, 1).get("actor/pg_loss").get(), 1e-6);
      assertTrue(at(equal, 1).get("actor/grad_norm").get() > 0);
      var rows = trained(network, run("dpo", 60), folder.resolve("run"), false, 99);
      double first = mean(rows, "critic/rewards/mean", 1, 5);
      double last = mean(rows, "critic/rewards/mean", 56, 60);
      assertTrue(last > 2 * first, first + " to " + last);
    }
  }

  @Test
  void aStudentBecomesLikeItsTeacher(@TempDir Path folder) throws IOException {
    try (Network network = new Network(SIZE)) {
      RunFolder taught = new RunFolder(folder.resolve("teacher"));
      var teacher = trained(network, run("dapo", 30), taught.folder(), false, 99);
      assertTrue(teacher.size() > 20);
      Start start = start(network).beside(taught.policy(TASK, network));
      var exact =
          trained(network, run("distil-reverse-kl", 30), start, folder.resolve("a"), false, 99);
      assertFalls(exact, "actor/pg_loss");
      var sampled = trained(network, run("opd", 30), start, folder.resolve("b"), false, 99);
      assertFalls(sampled, "actor/ref_kl");
    }
  }

  /** A divergence, in nats per token, of which next to nothing is left in the end. */
  private static void assertFalls(SortedMap<Long, Map<String, Double>> rows, String number) {
    double first = mean(rows, number, 1, 2);
    double last = mean(rows, number, 28, 30);
    assertTrue(first > 0.1 && last < 0.4 * first, first + " to " + last);
  }
}
