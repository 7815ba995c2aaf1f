package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.ops.Compile;
import lossmith.ops.CompiledLoss;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.part.Composition;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reward that is null or missing: the response could not be scored. */
class UnscoredRolloutsTest {
  private static final String ROWS =
      """
      {"prompt_id":1,"tokens":[0],"log_prob":[-1],"ref_log_prob":[-1.5],"reward":1}
      {"prompt_id":1,"tokens":[0],"log_prob":[-1],"ref_log_prob":[-1.5],"reward":0}
      {"prompt_id":1,"tokens":[0],"log_prob":[-1],"ref_log_prob":[-1.5],"reward":null}
      {"prompt_id":1,"tokens":[0],"log_prob":[-1],"ref_log_prob":[-1.5],"reward":1}
      {"prompt_id":2,"tokens":[0],"log_prob":[-1],"ref_log_prob":[-1.5]}
      {"prompt_id":2,"tokens":[0],"log_prob":[-1],"ref_log_prob":[-1.5],"reward":-1}
      {"prompt_id":2,"tokens":[0],"log_prob":[-1],"ref_log_prob":[-1.5],"reward":-1}
      {"prompt_id":2,"tokens":[0],"log_prob":[-1],"ref_log_prob":[-1.5],"reward":null}
      """;
  private static final double[] ADVANTAGES = {1 / 3.0, -2 / 3.0, 0, 1 / 3.0, 0, 0, 0, 0};

  @TempDir Path folder = Path.of("");

  private Rollouts read(String text) throws IOException {
    return RolloutFile.read(Files.writeString(folder.resolve("r.jsonl"), text), Reading.plain());
  }

  private static Compile compile(String parts) {
    Loss loss = Composition.of(parts).loss(Conventions.paper());
    return Compile.of(loss).precision(Precision.FLOAT64);
  }

  /** The gradient of −log π·A is −A over the number of tokens, that of k2 is not 0 anywhere. */
  @Test
  void theAdvantageIsZeroAndTheTokensCount() throws IOException {
    Rollouts rollouts = read(ROWS);
    assertEquals(
        List.of(
            "3 of 8 responses have no reward: in no statistic of rewards, with advantage 0; the"
                + " tokens count."),
        rollouts.notes());
    for (String parts : List.of("group-centred+log-prob", "group-centred+log-prob+k2")) {
      double k2 = parts.endsWith("k2") ? 0.5 / 8 : 0;
      try (CompiledLoss loss = compile(parts).statistics()) {
        double beta = loss.parameters().get("beta_k2").map(range -> range.initial()).getOrElse(0.0);
        double[] gradient = loss.evaluate(rollouts.samples()).gradients().get("log_prob").get();
        assertArrayEquals(
            Arrays.stream(ADVANTAGES).map(a -> beta * k2 - a / 8).toArray(), gradient, 1e-12);
      }
    }
  }

  @Test
  void soItIsAFewRowsOfLogitsAtATime() throws IOException {
    Samples samples = read(ROWS).samples().without("log_prob");
    try (FusedLoss loss = compile("group-centred+log-prob").vocabulary(2).rows(3).logits();
        Matrix logits = Matrix.zeros(Precision.FLOAT64, 8, 2);
        Matrix gradient = Matrix.zeros(Precision.FLOAT64, 8, 2)) {
      Evaluation unused = loss.evaluate(samples, new Policy.Logits(logits, gradient));
      double[] first = new double[8];
      Arrays.setAll(first, row -> gradient.row(row)[0]);
      assertArrayEquals(Arrays.stream(ADVANTAGES).map(a -> -a / 16).toArray(), first, 1e-12);
    }
  }

  @Test
  void withoutAnyRewardThereIsNoColumnOfRewards() throws IOException {
    Rollouts rollouts = read(ROWS.replaceAll("\"reward\":[-01]+", "\"reward\":null"));
    assertTrue(
        rollouts.notes().contains("No response has a reward: losses that read it are not scored."));
    assertTrue(rollouts.samples().column("reward").isEmpty());
  }

  /** A loss that was bound to other columns would count the reward as 0. */
  @Test
  void aLossThatWasBoundWithoutThemIsNotRun() throws IOException {
    Samples samples = read(ROWS).samples();
    Loss loss = Composition.of("group-centred+log-prob").loss(Conventions.paper());
    BoundLoss bound =
        BoundLoss.of(loss, Surface.STATISTICS, samples.without("reward_known").columns());
    try (CompiledLoss compiled = CompiledLoss.of(bound, Precision.FLOAT64, "CPU")) {
      assertThrows(
          ProblemException.class, () -> assertEquals(0, compiled.evaluate(samples).value()));
    }
  }
}
