package lossmith.proofs.independent.loops;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;

/**
 * Small ragged batches as plain arrays: empty and one-token responses, groups of one, prompts whose
 * responses do not lie together, positions with gaps, rewards that tie, logits at −∞.
 */
public final class Drawing {
  static final int VOCABULARY = 5;
  static final int WIDTH = 3;

  private final Random random;
  private PlainBatch numbers;

  private Drawing(Random random, Layout layout) {
    this.random = random;
    this.numbers =
        new PlainBatch(layout, LinkedHashMap.empty(), LinkedHashMap.empty(), LinkedHashMap.empty());
  }

  /**
   * A batch.
   *
   * @param random the source
   * @param paired whether every prompt has one chosen and one rejected response, none of them empty
   * @param masked whether some entries that were not sampled are at −∞
   * @param parameters values by name
   */
  public static PlainBatch batch(
      Random random, boolean paired, boolean masked, Map<String, Double> parameters) {
    Drawing drawing = new Drawing(random, layout(random, paired));
    drawing.numbers = drawing.numbers.with(parameters);
    drawing.policy(masked);
    drawing.columns(paired);
    return drawing.numbers;
  }

  private static Layout layout(Random random, boolean paired) {
    int responses = paired ? 2 * (1 + random.nextInt(3)) : 2 + random.nextInt(5);
    int[] lengths = random.ints(responses, paired ? 1 : 0, 4).toArray();
    lengths[random.nextInt(responses)] = 1 + random.nextInt(3);
    int[] prompts = new int[responses];
    for (int s = 1; s < responses; s++) {
      boolean next = paired ? s % 2 == 0 : random.nextInt(3) == 0;
      prompts[s] = prompts[s - 1] + (next ? 1 : 0);
    }
    if (random.nextInt(3) == 0) {
      int a = random.nextInt(responses);
      int b = random.nextInt(responses);
      int moved = prompts[a];
      prompts[a] = prompts[b];
      prompts[b] = moved;
    }
    int tokens = Arrays.stream(lengths).sum();
    int[] positions = new int[tokens];
    int t = 0;
    for (int length : lengths) {
      int at = random.nextInt(4) == 0 ? 1 : 0;
      for (int i = 0; i < length; i++) {
        positions[t++] = at;
        at += random.nextInt(4) == 0 ? 2 : 1;
      }
    }
    long[] ids = new long[responses];
    Arrays.setAll(ids, s -> 7L * s + 3);
    int[] sampled = random.ints(tokens, 0, VOCABULARY).toArray();
    return new Layout(lengths, prompts, positions, ids, sampled, VOCABULARY);
  }

  private double[] draw(Level.Name level, DoubleSupplier from) {
    return numbers.each(level, i -> from.getAsDouble());
  }

  private void column(String name, Level.Name level, DoubleSupplier from) {
    numbers = numbers.with(name, level, draw(level, from));
  }

  private void policy(boolean masked) {
    int tokens = numbers.tokens();
    double[] hidden = random.doubles((long) tokens * WIDTH, -1.5, 1.5).toArray();
    double[] weight = random.doubles((long) VOCABULARY * WIDTH, -1.2, 1.2).toArray();
    double[] bias = random.doubles(VOCABULARY, -0.5, 0.5).toArray();
    numbers = numbers.with(PlainBatch.HIDDEN, hidden).with(PlainBatch.WEIGHT, weight);
    numbers = random.nextBoolean() ? numbers.with(PlainBatch.BIAS, bias) : numbers;
    double[] logits = numbers.logits();
    for (int i = 0; masked && i < logits.length; i++) {
      boolean sampled = numbers.layout().sampled()[i / VOCABULARY] == i % VOCABULARY;
      if (!sampled && random.nextInt(4) == 0) {
        logits[i] = Double.NEGATIVE_INFINITY;
      }
    }
    numbers = numbers.with(PlainBatch.LOGITS, Level.Name.VOCABULARY, logits);
  }

  private double[] normalised() {
    double[] z = draw(Level.Name.VOCABULARY, random::nextGaussian);
    return PlainBatch.logSoftmax(z, VOCABULARY, 1);
  }

  /** A log-probability near that of another policy; none is above 0. */
  private void policyNear(String name, double most) {
    numbers =
        numbers.with(
            name,
            Level.Name.TOKEN,
            numbers.each(
                Level.Name.TOKEN,
                t ->
                    Math.min(
                        numbers.logProb(t) + most * (2 * random.nextDouble() - 1),
                        -0.01 * random.nextDouble())));
  }

  /** Some responses were sampled by nearly the policy of the last synchronisation. */
  private void nearOld() {
    double[] old = numbers.of(Columns.OLD_LOG_PROB);
    double[] rollout = numbers.of(Columns.ROLLOUT_LOG_PROB);
    double[] drift = draw(Level.Name.SEQUENCE, () -> random.nextInt(3) == 0 ? 0.0005 : 0.1);
    boolean[] near = new boolean[drift.length];
    for (int s = 0; s < near.length; s++) {
      near[s] = random.nextBoolean();
    }
    numbers =
        numbers.with(
            Columns.ROLLOUT_LOG_PROB,
            Level.Name.TOKEN,
            numbers.each(
                Level.Name.TOKEN,
                t -> {
                  int s = numbers.response(t);
                  double by = drift[s] * (2 * random.nextDouble() - 1);
                  return near[s] ? Math.min(old[t] + by, -1e-6) : rollout[t];
                }));
  }

  private void columns(boolean paired) {
    double[] reference = normalised();
    numbers = numbers.with(Columns.REFERENCE_LOG_PI, Level.Name.VOCABULARY, reference);
    numbers =
        numbers.with(
            Columns.REFERENCE_LOG_PROB,
            Level.Name.TOKEN,
            numbers.each(
                Level.Name.TOKEN, t -> reference[t * VOCABULARY + numbers.layout().sampled()[t]]));
    policyNear(Columns.OLD_LOG_PROB, 0.6);
    policyNear(Columns.ROLLOUT_LOG_PROB, 0.7);
    nearOld();
    int[] positions = numbers.layout().positions();
    numbers =
        numbers.with(
            Columns.POSITION, Level.Name.TOKEN, numbers.each(Level.Name.TOKEN, t -> positions[t]));
    boolean ties = random.nextInt(3) == 0;
    column(Columns.REWARD, Level.Name.SEQUENCE, () -> ties ? random.nextInt(2) : gaussian());
    column("second_reward", Level.Name.SEQUENCE, () -> random.nextInt(2));
    ofTokens();
    ofResponses();
    ofPrompts();
    if (paired) {
      signs();
    }
  }

  private double gaussian() {
    return random.nextGaussian();
  }

  private void ofTokens() {
    for (String name :
        new String[] {
          Columns.TOKEN_REWARD, Columns.VALUE, "q_value", "old_value", "return", "step_score"
        }) {
      column(name, Level.Name.TOKEN, this::gaussian);
    }
    column("old_sum_pi_squared", Level.Name.TOKEN, random::nextDouble);
    column("state", Level.Name.TOKEN, () -> random.nextInt(3));
    column("slot", Level.Name.TOKEN, () -> random.nextInt(4));
    column("segment", Level.Name.TOKEN, () -> random.nextInt(2));
    column("selected", Level.Name.TOKEN, () -> random.nextInt(2));
    column("token_mask", Level.Name.TOKEN, () -> random.nextInt(4) == 0 ? 0 : 1);
    column("step_label", Level.Name.TOKEN, () -> random.nextInt(3) - 1);
    column("staleness", Level.Name.TOKEN, () -> random.nextInt(5));
    column("action_value", Level.Name.VOCABULARY, this::gaussian);
  }

  private void ofResponses() {
    column(Columns.FINISHED, Level.Name.SEQUENCE, () -> random.nextInt(4) == 0 ? 0 : 1);
    for (String name : new String[] {"mismatched_log_ratio", "greedy_reward", "score"}) {
      column(name, Level.Name.SEQUENCE, this::gaussian);
    }
    column("from_reference", Level.Name.SEQUENCE, () -> random.nextInt(2));
    column("preference", Level.Name.SEQUENCE, () -> random.nextInt(3) - 1);
    column("flawed", Level.Name.SEQUENCE, () -> random.nextInt(2));
    column("bonus", Level.Name.SEQUENCE, random::nextDouble);
    column("response_weight", Level.Name.SEQUENCE, this::gaussian);
    column("next_value", Level.Name.SEQUENCE, this::gaussian);
  }

  private void ofPrompts() {
    for (String name : new String[] {"log_z", "optimal_value", "tracked_reward"}) {
      column(name, Level.Name.GROUP, this::gaussian);
    }
    column("difficulty", Level.Name.GROUP, () -> 1.4 * random.nextDouble() - 0.2);
    column("reward_shift", Level.Name.BATCH, this::gaussian);
    column("batch_tokens", Level.Name.BATCH, () -> numbers.tokens());
    column("dual_temperature", Level.Name.BATCH, () -> 0.5 + random.nextDouble());
    column("dual_multiplier", Level.Name.BATCH, () -> 0.5 + random.nextDouble());
  }

  private void signs() {
    int[] prompts = numbers.layout().prompts();
    double[] signs = new double[prompts.length];
    double[] first = random.ints(prompts.length, 0, 2).mapToDouble(i -> 2 * i - 1).toArray();
    boolean[] met = new boolean[prompts.length];
    for (int s = 0; s < signs.length; s++) {
      signs[s] = met[prompts[s]] ? -first[prompts[s]] : first[prompts[s]];
      met[prompts[s]] = true;
    }
    numbers = numbers.with(Columns.SIGN, Level.Name.SEQUENCE, signs);
  }
}
