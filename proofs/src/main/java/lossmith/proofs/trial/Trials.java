package lossmith.proofs.trial;

import io.vavr.Tuple;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Range;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.proofs.trial.Trial.Kind;

/**
 * Small ragged batches with every column a recipe may read: empty and one-token responses, groups
 * of one, equal rewards, positions with gaps.
 */
public final class Trials {
  /** Entries of the vocabulary. */
  public static final int WIDTH = 5;

  /** 1 for tokens that count, as a padded batch gives it. */
  static final String MASK = "token_mask";

  /** How many tokens the batch has, which its micro-batches know too. */
  static final String BATCH_TOKENS = "batch_tokens";

  /** How far from the lower end of its range a parameter is drawn where it is far from default. */
  private static final double FAR = 6;

  private final Random random;
  private final Kind kind;

  private Trials(Random random, Kind kind) {
    this.random = random;
    this.kind = kind;
  }

  /** The data of a seed, without the policy's statistics. */
  public static Samples samples(Random random, Kind kind) {
    return new Trials(random, kind).samples();
  }

  private double log() {
    return logRatio(random, kind);
  }

  /** A log-ratio between two policies. */
  public static double logRatio(Random random, Kind kind) {
    return switch (kind.numbers()) {
      case ORDINARY, TIED -> 1.2 * random.nextDouble() - 0.6;
      case WIDE -> (random.nextInt(4) == 0 ? 20 : 3) * (2 * random.nextDouble() - 1);
      case KINK -> random.nextInt(3) == 0 ? random.nextDouble() - 0.5 : 0;
      default -> Math.pow(10, 8 * random.nextDouble() - 4) * (random.nextBoolean() ? 1 : -1);
    };
  }

  /** A probability is at most 1; nearer ones keep the ratio that was drawn. */
  private double clamped(double logProb) {
    return kind == Kind.WIDE ? Math.min(logProb, -0.01 * random.nextDouble()) : logProb;
  }

  private double logit() {
    return switch (kind.numbers()) {
      case ORDINARY, WIDE, KINK, TIED -> 2 * random.nextGaussian();
      default -> random.nextInt(4) == 0 ? 2e4 * random.nextDouble() - 1e4 : random.nextGaussian();
    };
  }

  private double reward() {
    return switch (kind.numbers()) {
      case ORDINARY, WIDE, KINK -> random.nextGaussian();
      default -> random.nextInt(2);
    };
  }

  private static double[] draw(int size, DoubleSupplier from) {
    double[] values = new double[size];
    Arrays.setAll(values, i -> from.getAsDouble());
    return values;
  }

  private Samples samples() {
    boolean one = kind == Kind.ONE_RESPONSE || kind == Kind.ONE_TOKEN;
    int sequences = one ? 1 : 2 + random.nextInt(4);
    int[] lengths = random.ints(sequences, 0, 5).toArray();
    lengths[random.nextInt(sequences)] = kind == Kind.ONE_TOKEN ? 1 : 1 + random.nextInt(4);
    int[] groups = new int[sequences];
    for (int i = 1; i < sequences && kind != Kind.ONE_PROMPT; i++) {
      groups[i] = groups[i - 1] + (random.nextInt(3) == 0 ? 1 : 0);
    }
    return samples(lengths, groups).build();
  }

  /** Prompts with a chosen and a rejected response each, none of them empty. */
  public static Samples pairs(Random random, Kind kind) {
    int pairs = kind.numbers() == kind ? 1 + random.nextInt(3) : 1;
    int[] groups = new int[2 * pairs];
    double[] signs = new double[2 * pairs];
    for (int i = 0; i < pairs; i++) {
      int first = random.nextBoolean() ? 1 : -1;
      groups[2 * i] = i;
      groups[2 * i + 1] = i;
      signs[2 * i] = first;
      signs[2 * i + 1] = -first;
    }
    int[] lengths = random.ints(2L * pairs, 1, kind == Kind.ONE_TOKEN ? 2 : 4).toArray();
    return new Trials(random, kind)
        .samples(lengths, groups)
        .column(Columns.SIGN, Level.Name.SEQUENCE, signs)
        .build();
  }

  private SamplesBuilder samples(int[] lengths, int[] groups) {
    int sequences = lengths.length;
    int tokens = Arrays.stream(lengths).sum();
    int[] sampled = random.ints(tokens, 0, WIDTH).toArray();
    double[] logits = draw(tokens * WIDTH, this::logit);
    if (kind == Kind.EXTREME) {
      forbid(logits, sampled);
    }
    SamplesBuilder built =
        new SamplesBuilder(lengths, groups)
            .sampled(sampled)
            .grid("logits", Grid.of(logits, WIDTH))
            .grid(Columns.REFERENCE_LOG_PI, Grid.of(reference(tokens), WIDTH))
            .column(Columns.REWARD, Level.Name.SEQUENCE, draw(sequences, this::reward))
            .column(
                Columns.FINISHED,
                Level.Name.SEQUENCE,
                draw(sequences, () -> random.nextInt(4) == 0 ? 0 : 1))
            .column(MASK, Level.Name.TOKEN, draw(tokens, () -> random.nextInt(4) == 0 ? 0 : 1))
            .column(BATCH_TOKENS, Level.Name.BATCH, new double[] {tokens})
            .column("selected", Level.Name.TOKEN, draw(tokens, () -> random.nextInt(2)))
            .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, draw(tokens, random::nextGaussian))
            .column(Columns.VALUE, Level.Name.TOKEN, draw(tokens, random::nextGaussian));
    return more(built, new Random(Arrays.hashCode(logits)), groups, tokens);
  }

  /** Columns that few objectives read, drawn apart: they leave all other draws as they are. */
  private static SamplesBuilder more(SamplesBuilder built, Random apart, int[] groups, int tokens) {
    int sequences = groups.length;
    int prompts = groups[sequences - 1] + 1;
    return built
        .column("q_value", Level.Name.TOKEN, draw(tokens, apart::nextGaussian))
        .column("state", Level.Name.TOKEN, draw(tokens, () -> apart.nextInt(3)))
        .column("mismatched_log_ratio", Level.Name.SEQUENCE, draw(sequences, apart::nextGaussian))
        .column("greedy_reward", Level.Name.SEQUENCE, draw(sequences, apart::nextGaussian))
        .column("old_value", Level.Name.TOKEN, draw(tokens, apart::nextGaussian))
        .column("return", Level.Name.TOKEN, draw(tokens, apart::nextGaussian))
        .column("dual_temperature", Level.Name.BATCH, draw(1, () -> 0.5 + apart.nextDouble()))
        .column("dual_multiplier", Level.Name.BATCH, draw(1, () -> 0.5 + apart.nextDouble()))
        .grid("action_value", Grid.of(draw(tokens * WIDTH, apart::nextGaussian), WIDTH))
        .column("reward_shift", Level.Name.BATCH, draw(1, apart::nextGaussian))
        .column("from_reference", Level.Name.SEQUENCE, draw(sequences, () -> apart.nextInt(2)))
        .column("second_reward", Level.Name.SEQUENCE, draw(sequences, () -> apart.nextInt(2)))
        .column("old_sum_pi_squared", Level.Name.TOKEN, draw(tokens, apart::nextDouble))
        .column("slot", Level.Name.TOKEN, draw(tokens, () -> apart.nextInt(4)))
        .column("log_z", Level.Name.GROUP, draw(prompts, apart::nextGaussian))
        .column("optimal_value", Level.Name.GROUP, draw(prompts, apart::nextGaussian))
        .column("preference", Level.Name.SEQUENCE, draw(sequences, () -> apart.nextInt(3) - 1))
        .column("segment", Level.Name.TOKEN, draw(tokens, () -> apart.nextInt(2)))
        .column("score", Level.Name.SEQUENCE, draw(sequences, apart::nextGaussian))
        .column("tracked_reward", Level.Name.GROUP, draw(prompts, apart::nextGaussian))
        .column("step_score", Level.Name.TOKEN, draw(tokens, apart::nextGaussian))
        .column("step_label", Level.Name.TOKEN, draw(tokens, () -> apart.nextInt(3) - 1))
        .column("difficulty", Level.Name.GROUP, draw(prompts, apart::nextGaussian))
        .column("flawed", Level.Name.SEQUENCE, draw(sequences, () -> apart.nextInt(2)))
        .column("bonus", Level.Name.SEQUENCE, draw(sequences, apart::nextDouble))
        .column("staleness", Level.Name.TOKEN, draw(tokens, () -> apart.nextInt(5)))
        .column("next_value", Level.Name.SEQUENCE, draw(sequences, apart::nextGaussian));
  }

  /** One entry in four cannot be sampled, never the one that was. */
  private void forbid(double[] logits, int[] sampled) {
    for (int i = 0; i < logits.length; i++) {
      if (random.nextInt(4) == 0 && sampled[i / WIDTH] != i % WIDTH) {
        logits[i] = Double.NEGATIVE_INFINITY;
      }
    }
  }

  private double[] reference(int tokens) {
    double[] logPi = draw(tokens * WIDTH, random::nextGaussian);
    for (int row = 0; row < tokens; row++) {
      double total = 0;
      for (int v = 0; v < WIDTH; v++) {
        total += Math.exp(logPi[row * WIDTH + v]);
      }
      for (int v = 0; v < WIDTH; v++) {
        logPi[row * WIDTH + v] -= Math.log(total);
      }
    }
    return logPi;
  }

  /** The log-probabilities of other policies, around that of the policy. */
  public static Samples others(Samples samples, Random random, Kind kind) {
    Trials trials = new Trials(random, kind);
    double[] logProb = samples.column(Columns.LOG_PROB).get();
    Samples all = samples;
    for (String name :
        new String[] {Columns.OLD_LOG_PROB, Columns.REFERENCE_LOG_PROB, Columns.ROLLOUT_LOG_PROB}) {
      if (!samples.level(name).getOrElse(Level.Name.TOKEN).equals(Level.Name.TOKEN)) {
        continue; // the objective's own, at another level
      }
      double[] other = new double[logProb.length];
      Arrays.setAll(other, t -> trials.clamped(logProb[t] - trials.log()));
      all = all.with(name, Level.Name.TOKEN, other);
    }
    return all;
  }

  /** Parameters near their defaults, within their ranges; at a lower end for kinks. */
  public static Map<String, Double> parameters(
      Random random, Kind kind, Map<String, Range> ranges) {
    return ranges.map(
        (name, range) -> {
          boolean end = kind == Kind.KINK && !name.equals(Columns.TEMPERATURE);
          if (end && random.nextInt(3) == 0) {
            return Tuple.of(name, range.low());
          }
          if (kind == Kind.WIDE && !name.equals(Columns.TEMPERATURE)) {
            double far = Math.min(range.high(), range.low() + FAR);
            return Tuple.of(name, range.low() + random.nextDouble() * (far - range.low()));
          }
          double near = range.initial() * (0.5 + random.nextDouble());
          double value = random.nextInt(3) == 0 ? near : range.initial();
          return Tuple.of(name, Math.max(range.low(), Math.min(range.high(), value)));
        });
  }
}
