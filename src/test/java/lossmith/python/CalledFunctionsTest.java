package lossmith.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import lossmith.blackbox.Answer;
import lossmith.blackbox.Probes;
import lossmith.blackbox.TensorBatch;
import lossmith.blackbox.law.BoxProver;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.export.NeedsPython;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How functions in Python are called: as whose loss, without what, and how long they may load. */
@NeedsPython
final class CalledFunctionsTest {
  private static final Map<String, String> NONE = LinkedHashMap.empty();

  private static TensorBatch batch() {
    return Probes.onPolicy(new int[] {3, 1, 2, 4}, new int[] {0, 0, 1, 1}, 1, 1);
  }

  private static Target named(String function, Option<String> hook) throws Exception {
    Path file =
        Path.of(
            Objects.requireNonNull(
                    CalledFunctionsTest.class.getClassLoader().getResource("python/odd.py"))
                .toURI());
    return new Target(file, function, hook, NONE, NONE, Duration.ofSeconds(20));
  }

  private static Interpreter python() {
    String path = System.getenv(Interpreter.VARIABLE);
    if (path == null || path.isBlank()) {
      System.out.println(
          "PyTorch: left out without " + Interpreter.VARIABLE + ": how functions are called");
    }
    Assumptions.assumeTrue(path != null && !path.isBlank());
    return new Interpreter(Objects.requireNonNull(path));
  }

  private static String told(PythonFunction function, Target target) {
    return assertThrows(
            ProblemException.class,
            () -> {
              PythonFunction unused = function.instead(target, batch());
            })
        .problems()
        .map(Problem::toString)
        .mkString("\n");
  }

  private static void assertTold(PythonFunction function, Target target, String... texts) {
    String told = told(function, target);
    for (String text : texts) {
      assertTrue(told.contains(text), told);
    }
  }

  @Test
  void whatATrainerDoesNotGiveIsToldWithWhatWouldFit(@TempDir Path folder) throws Exception {
    PythonFunction function = PythonFunction.open(named("right", Option.none()), python(), batch());
    try {
      assertTold(
          function,
          named("right", Option.some("trl")),
          "right as trl, whose hook gives self, model, inputs, and nothing for"
              + " logp, old_logp, adv, mask",
          "--as tensors");
      assertTold(
          function,
          named("of_trl", Option.some("slime")),
          "args, batch, logits, sum_of_sample_mean");
      assertTold(
          function,
          named("of_trl", Option.some("verl")),
          "nothing for model, inputs",
          "--as trl, which its parameters fit");
      Target fits = named("of_trl", Option.some("trl"));
      assertTrue(function.instead(fits, batch()).of(batch()) instanceof Answer.Numbers);

      Path endless =
          Files.writeString(
              folder.resolve("endless.py"),
              """
              import time
              time.sleep(100)
              def f(logp, adv, mask):
                return -(logp * adv * mask).sum()
              """);
      Target never = new Target(endless, "f", Option.none(), NONE, NONE, Duration.ofMillis(100));
      long before = System.nanoTime();
      assertTold(function, never, "no answer within 1 s", "or a longer --time-limit");
      assertTrue(System.nanoTime() - before < 30e9, "the import is ended");
    } finally {
      function.close();
    }
  }

  @Test
  void whatSampledMayBeAbsentAndIsThePolicyThenWhichIsNoVariable() throws Exception {
    PythonFunction function =
        PythonFunction.open(named("stopped_where_absent", Option.none()), python(), batch());
    try {
      assertEquals(List.of(), broken(function).toList());
      Target live = named("live_where_absent", Option.none());
      assertEquals(List.of("absent-old"), broken(function.instead(live, batch())).toList());
    } finally {
      function.close();
    }
  }

  private static Seq<String> broken(PythonFunction function) {
    try (BoxProver prover = new BoxProver(function, List.empty())) {
      return prover.prove(6, 1, done -> {}).findings().map(finding -> finding.law().name());
    }
  }
}
