package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.policy.Grpo;
import org.junit.jupiter.api.Test;

/**
 * GRPO of two prompts as each system computes it, against loops over plain numbers: verl's {@code
 * compute_grpo_outcome_advantage} with {@code token-mean}, TRL's {@code GRPOTrainer} with {@code
 * loss_type="grpo"}, OpenRLHF's {@code group_norm} with {@code PolicyLoss}.
 */
final class ConventionsTest {
  private static final double[] REWARD = {1, 0, 0, 0.5, 0.7, 0.1};
  private static final int[] PROMPT = {0, 0, 0, 1, 1, 1};
  private static final int[] LENGTH = {2, 1, 3, 1, 2, 1};
  private static final double[] RATIO = {1.5, 0.9, 0.5, 1, 1.1, 4, 0.7, 1.3, 1, 0.6};

  private static double std(int prompt, int ddof) {
    double mean = mean(prompt);
    double squares =
        IntStream.range(0, 6)
            .filter(i -> PROMPT[i] == prompt)
            .mapToDouble(i -> (REWARD[i] - mean) * (REWARD[i] - mean))
            .sum();
    return Math.sqrt(squares / (3 - ddof));
  }

  private static double mean(int prompt) {
    return IntStream.range(0, 6)
        .filter(i -> PROMPT[i] == prompt)
        .mapToDouble(i -> REWARD[i])
        .average()
        .orElseThrow();
  }

  private static double expected(int ddof, double epsilon, boolean tokenMean, double dual) {
    double loss = 0;
    int at = 0;
    for (int i = 0; i < 6; i++) {
      double a = (REWARD[i] - mean(PROMPT[i])) / (std(PROMPT[i], ddof) + epsilon);
      for (int t = 0; t < LENGTH[i]; t++, at++) {
        double r = RATIO[at];
        double surrogate = Math.min(r * a, Math.max(0.8, Math.min(1.2, r)) * a);
        double kept = a < 0 ? Math.max(surrogate, dual * a) : surrogate;
        loss -= kept / (tokenMean ? 10 : 6.0 * LENGTH[i]);
      }
    }
    return loss;
  }

  private static double found(Conventions conventions) {
    double[] old = new double[RATIO.length];
    double[] log = new double[RATIO.length];
    for (int t = 0; t < old.length; t++) {
      old[t] = -3;
      log[t] = -3 + Math.log(RATIO[t]);
    }
    Samples samples =
        new SamplesBuilder(LENGTH, PROMPT)
            .column(Columns.LOG_PROB, Level.Name.TOKEN, log)
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
            .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, log)
            .column(Columns.REWARD, Level.Name.SEQUENCE, REWARD)
            .build();
    var loss = new Grpo().loss(conventions);
    Map<String, Double> still = HashMap.of("beta", 0.0);
    BoundLoss bound = BoundLoss.of(loss, Surface.STATISTICS, samples.columns());
    return new Reference(samples, still).number(bound.value());
  }

  @Test
  void everySystemHasItsOwnGrpo() {
    double none = Double.POSITIVE_INFINITY;
    assertEquals(expected(0, 0, false, none), found(Conventions.paper()), 1e-12);
    assertEquals(expected(1, 1e-6, true, 3), found(Conventions.named("verl")), 1e-12);
    assertEquals(expected(1, 1e-4, false, none), found(Conventions.named("trl")), 1e-12);
    assertEquals(expected(1, 1e-9, true, none), found(Conventions.named("openrlhf")), 1e-12);
  }

  @Test
  void unknownConventionsNameTheNearest() {
    ProblemException told =
        assertThrows(
            ProblemException.class,
            () -> assertEquals(Conventions.paper(), Conventions.named("vrl")));
    assertTrue(told.toString().contains("verl"), told::toString);
    assertTrue(told.toString().contains("paper, verl, trl, openrlhf"), told::toString);
  }
}
