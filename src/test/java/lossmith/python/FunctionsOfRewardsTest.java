package lossmith.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import lossmith.blackbox.AdvantageBox;
import lossmith.blackbox.Answer;
import lossmith.blackbox.Probes;
import lossmith.blackbox.Setting;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.ProblemException;
import lossmith.export.NeedsPython;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Python functions that make advantages, and settings of a class: what is asked and answered. */
@NeedsPython
final class FunctionsOfRewardsTest {
  private static final Map<String, String> NONE = LinkedHashMap.empty();

  /** Responses of three tokens and of one, on the policy itself: advantages 1 and −1. */
  private static TensorBatch batch() {
    return Probes.onPolicy(new int[] {3, 1}, new int[] {0, 0}, 1, 1);
  }

  private static Path odd() throws Exception {
    return Path.of(
        Objects.requireNonNull(
                FunctionsOfRewardsTest.class.getClassLoader().getResource("python/odd.py"))
            .toURI());
  }

  private static Target target(String function) throws Exception {
    return new Target(odd(), function, Option.none(), NONE, NONE, Duration.ofSeconds(5));
  }

  private static Interpreter python() {
    String path = System.getenv(Interpreter.VARIABLE);
    if (path == null || path.isBlank()) {
      System.out.println(
          "PyTorch: left out without " + Interpreter.VARIABLE + ": functions of rewards in Python");
    }
    Assumptions.assumeTrue(path != null && !path.isBlank());
    return new Interpreter(Objects.requireNonNull(path));
  }

  /** Rewards of 1 and −1 to one prompt, whose mean is 0. */
  @Test
  void aFunctionOfRewardsMakesAdvantages() throws Exception {
    PythonFunction function = PythonFunction.open(target("centred"), python(), batch());
    try {
      for (String name : List.of("centred", "centred_rows", "of_prompts")) {
        function = function.instead(target(name), batch());
        assertTrue(function.estimates(), name);
        AdvantageBox.Given given = function.advantage().of(batch()).get();
        assertEquals(List.of(1.0, -1.0), List.of(given.slots()[0], given.slots()[4]), name);
        assertEquals(!name.equals("centred_rows"), given.perResponse(), name);
      }
      function = function.instead(target("per_prompt"), batch());
      String shape = function.advantage().of(batch()).getLeft();
      assertEquals(
          "the advantage is a tensor of shape [1, 2], expected a tensor of shape [2, 4] or [2]",
          shape);
      function = function.instead(target("wants_gamma"), batch());
      String unset = function.advantage().of(batch()).getLeft();
      assertTrue(unset.contains("no setting gamma; write --set gamma=VALUE"), unset);
      PythonFunction open = function;
      Target unrewarded =
          new Target(
              odd(),
              "without_rewards",
              Option.some("advantage"),
              NONE,
              NONE,
              Duration.ofSeconds(5));
      ProblemException told =
          assertThrows(
              ProblemException.class,
              () -> {
                PythonFunction unused = open.instead(unrewarded, batch());
              });
      assertTrue(
          told.problems().head().toString().contains("without_rewards without rewards"),
          told.problems().head().toString());
    } finally {
      function.close();
    }
  }

  @Test
  void settingsMayBeAClassOfTheFileAndAreMoved() throws Exception {
    Map<String, String> settings = LinkedHashMap.of("high", "0.3", "hihg", "0.3");
    Target target =
        new Target(odd(), "bounded", Option.none(), NONE, settings, Duration.ofSeconds(5));
    PythonFunction function = PythonFunction.open(target, python(), batch());
    try {
      Answer plain = function.of(batch());
      assertTrue(plain instanceof Answer.Numbers, plain.toString());
      assertEquals(
          LinkedHashMap.of(
              "high", new Setting.Amount(0.3, false), "low", new Setting.Amount(0.2, false)),
          function.settings().read());
      assertEquals(List.of("hihg"), function.settings().unread().toList());
      TensorBatch off = batch().with("old_log_prob", slot -> -9);
      Map<String, Setting> moved = LinkedHashMap.of("high", new Setting.Amount(1, false));
      // Every ratio is beyond its bound: -(3·(1 + high) - (1 + high)) / 4.
      assertEquals(-0.65, ((Answer.Numbers) function.of(off)).loss(), 1e-12);
      assertEquals(-1, ((Answer.Numbers) function.of(off, moved)).loss(), 1e-12);
      assertEquals(-0.65, ((Answer.Numbers) function.of(off)).loss(), 1e-12);
    } finally {
      function.close();
    }
  }
}
