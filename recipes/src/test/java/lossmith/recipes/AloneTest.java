package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import lossmith.recipes.policy.DapoAsPrinted;
import lossmith.recipes.policy.Gpg;
import lossmith.recipes.policy.Grpo;
import lossmith.recipes.policy.Ppo;
import org.junit.jupiter.api.Test;

/**
 * The advantage of a response that is alone, in every estimator there is: 0 under the papers'
 * conventions and its reward under verl's, where responses are compared; what follows for all
 * responses of the batch alike follows for it too; and where they are not compared it is as others.
 *
 * <p>Responses of one token: 1 and 0 to one prompt, 0.7 to another, which has nothing else.
 */
final class AloneTest {
  /** What a response that is alone has under the papers' conventions, and under verl's. */
  private record Expected(double paper, double verl) {}

  private static final Expected COMPARED = new Expected(0, 0.7);

  private static Expected same(double both) {
    return new Expected(both, both);
  }

  /** (0.7 − mean) / std of ±0.5 and 0 or 0.7, with n or n − 1 below the line. */
  private static double whitened(double first, double second, double alone, int less) {
    double mean = (first + second + alone) / 3;
    double squares =
        Math.pow(first - mean, 2) + Math.pow(second - mean, 2) + Math.pow(alone - mean, 2);
    return (alone - mean) / Math.sqrt(squares / (3 - less));
  }

  private static Map<String, Expected> expected() {
    double half = Math.sqrt(0.5); // (1 − 0.5) / std of 1 and 0 with n − 1
    double unit = half / (half + 1e-6) * half; // 0.5 / (√0.5 + 1e-6)
    return LinkedHashMap.<String, Expected>empty()
        // verl takes 0 for the mean and 1 for the std, to which it adds 1e-6
        .put("group-normalised", new Expected(0, 0.7 / 1.000001))
        .put("reward-to-go", same(0.7))
        .put("group-centred", COMPARED)
        .put("batch-scaled", COMPARED)
        .put("leave-one-out", COMPARED)
        .put("optimal-reward-baseline", COMPARED)
        .put("pass-rate-normalised", COMPARED)
        // two of three responses have a prompt that teaches: α = 3/2
        .put("gpg-scaled", new Expected(0, 1.5 * 0.7))
        .put("pass-at-k", COMPARED)
        .put("greedy-baseline", same(0.7 - 0.25))
        // r − 0.25 of all three, of mean 0 and std 1: one response to a prompt is the rule
        .put("tracked-baseline", same(whitened(0.75, -0.25, 0.45, 0)))
        .put("whitened", new Expected(whitened(0.5, -0.5, 0, 0), whitened(0.5, -0.5, 0.7, 1)))
        // both rewards are the same
        .put(
            "each-normalised",
            new Expected(whitened(2, -2, 0, 0), whitened(2 * unit, -2 * unit, 1.4 / 1.000001, 1)))
        // token rewards are the rewards, values 0.25: r − v
        .put("gae", same(0.45))
        // cut, and worth 0.1 behind the cut
        .put("gae-bootstrapped", same(0.55))
        .put("gae-length-adaptive", same(0.45))
        .put("returns-whitened", new Expected(whitened(1, 0, 0.7, 0), whitened(1, 0, 0.7, 1)))
        .put("optimal-token-baseline", COMPARED)
        .put("multi-turn-optimal-token-baseline", COMPARED)
        // the reward of the response and that of its token
        .put("implicit-process", new Expected(0, 1.4))
        // nobody else has been in its state
        .put("step-grouped", new Expected(0, 0.7 / 1.000001))
        .put("n-step-returns", same(0.45))
        .put("lambda-returns", same(0.45))
        .put("importance-corrected", same(0.45))
        .put("v-trace", same(0.45))
        .put("leaky-v-trace", same(0.45))
        .put("retrace", same(0.45))
        .put("q-lambda", same(0.45))
        .put("tree-backup", same(0.45))
        // log π_ref − log π_old = −1.5 + 1
        .put("teacher", same(-0.5))
        .put("teacher-to-go", same(-0.5))
        .put("teacher-early", same(1.5 * -0.5))
        .put("group-normalised-teacher", new Expected(-0.5, 0.7 / 1.000001 - 0.5));
  }

  private static Samples samples() {
    double[] rewards = {1, 0, 0.7};
    double[] quarter = {0.25, 0.25, 0.25};
    double[] even = {-1, -1, -1};
    return new SamplesBuilder(new int[] {1, 1, 1}, new int[] {0, 0, 1})
        .column(Columns.REWARD, Level.Name.SEQUENCE, rewards)
        .column("second_reward", Level.Name.SEQUENCE, rewards)
        .column("greedy_reward", Level.Name.SEQUENCE, quarter)
        .column(Columns.FINISHED, Level.Name.SEQUENCE, new double[] {1, 1, 0})
        .column("next_value", Level.Name.SEQUENCE, new double[] {0.1, 0.1, 0.1})
        .column("tracked_reward", Level.Name.GROUP, new double[] {0.25, 0.25})
        .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, rewards)
        .column(Columns.VALUE, Level.Name.TOKEN, quarter)
        .column("q_value", Level.Name.TOKEN, quarter)
        .column("old_sum_pi_squared", Level.Name.TOKEN, quarter)
        .column("slot", Level.Name.TOKEN, new double[3])
        .column("state", Level.Name.TOKEN, new double[] {1, 2, 3})
        .column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, new double[] {-1.5, -1.5, -1.5})
        .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, even)
        .column(Columns.LOG_PROB, Level.Name.TOKEN, even)
        .build();
  }

  /** The slope of Σ A log π at the token of the response that is alone. */
  private static double alone(String part, Conventions c) {
    Loss loss = Composition.of(part + "+log-prob+token-sum").loss(c);
    return 0 - Small.gradient(loss, samples())[2];
  }

  @Test
  void oneRuleInEveryEstimator() {
    Map<String, Expected> expected = expected();
    var estimators = Parts.all().filter(p -> p.kind() == Part.Kind.ADVANTAGE).map(Part::name);
    assertEquals(expected.keySet().toSet(), estimators.toSet());
    for (String name : estimators) {
      Expected is = expected.get(name).get();
      assertEquals(is.paper(), alone(name, Conventions.paper()), 1e-14, name);
      assertEquals(is.verl(), alone(name, Conventions.verl()), 1e-9, name);
    }
  }

  /** Recipes whose gradient at on-policy tokens is their advantage, alone in the batch. */
  @Test
  void oneRuleInRecipesThatCompareResponses() {
    Samples one =
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {0.7})
            .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {-1})
            .build();
    for (Recipe recipe : new Recipe[] {new Grpo(), new DapoAsPrinted(), new Gpg(), new Ppo()}) {
      double[] paper = Small.gradient(recipe.loss(Conventions.paper()), one);
      double[] verl = Small.gradient(recipe.loss(Conventions.verl()), one);
      assertEquals(0, Arrays.stream(paper).sum(), 0, recipe.name());
      double std = recipe instanceof Gpg ? 1 : 1.000001; // verl adds 1e-6 to the std
      assertEquals(-0.7 / std, verl[0], 1e-7, recipe.name()); // and 1e-8 to the number of tokens
    }
  }
}
