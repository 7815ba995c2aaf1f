package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.lab.task.Seeds;

/**
 * V*(x) = β₁ log mean exp(R / β₁) over 8 responses of the reference to a prompt, β₁ = 0.5, one for
 * each prompt (Brantley et al., 2505.20686, the first stage; β₁ and how many responses as in TRL's
 * A2POTrainer).
 *
 * <p>It is estimated when a prompt comes up, by random numbers that depend on the prompt and not on
 * the step: a prompt that comes up again has the same estimate, as long as the reference is the
 * same. No prompt is left out; where all of the 8 are wrong, V* is 0.
 */
final class OptimalValues implements GivenColumn {
  static final String NAME = "optimal_value";

  static final double BETA = 0.5;
  static final int RESPONSES = 8;

  private final Answers answers;
  private final long seed;
  private Map<String, Double> values = LinkedHashMap.empty();

  OptimalValues(Answers answers, long seed) {
    this.answers = answers;
    this.seed = seed;
  }

  @Override
  public int begin(TrainingState state, Batch batch) {
    Seq<String> prompts = batch.prompts().distinct();
    Seq<String> each = prompts.flatMap(prompt -> Vector.fill(RESPONSES, prompt));
    Batch judged =
        answers.of(
            state.reference,
            each,
            RESPONSES,
            row -> Seeds.random(name(each.get(row), row % RESPONSES)));
    values =
        LinkedHashMap.ofEntries(
            prompts.zip(judged.rewards().grouped(RESPONSES).map(OptimalValues::of).toVector()));
    return judged.texts().tokens();
  }

  private long[] name(String prompt, int response) {
    LongStream use = LongStream.of(seed, Streams.OPTIMAL_VALUES, response);
    IntStream ids = Arrays.stream(answers.task().symbols().encode(prompt));
    return LongStream.concat(use, ids.asLongStream()).toArray();
  }

  /** β₁ log mean exp(R / β₁); rewards are from 0 to 1, so that nothing overflows. */
  private static double of(Seq<Double> rewards) {
    return BETA * Math.log(rewards.map(reward -> Math.exp(reward / BETA)).average().getOrElse(1.0));
  }

  @Override
  public Samples with(Samples samples, Update update) {
    Batch rows = update.rows();
    double[] own = new double[rows.groups()];
    Arrays.setAll(own, g -> values.get(rows.prompts().get(g * rows.group())).get());
    update.tell(NAME, UpdateNumbers.mean(own));
    return samples.with(NAME, Level.Name.GROUP, own);
  }
}
