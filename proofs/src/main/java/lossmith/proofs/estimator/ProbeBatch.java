package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.proofs.role.PresumedRole;

/**
 * A batch on which estimators are compared: the same numbers as samples and as plain arrays.
 *
 * @param where what is peculiar to it, in words; nothing of an ordinary one
 * @param samples the samples
 * @param plain the same as plain arrays, without what a term makes of rewards
 * @param masks whether some of its tokens do not count
 * @param unscored whether some of its responses have no reward
 */
record ProbeBatch(
    String where, Samples samples, PlainResponses plain, boolean masks, boolean unscored) {
  static final String NEXT_VALUE = "next_value";

  /** How many numbers tokens have in common. */
  private static final int KEYS = 3;

  /** A reward whose sums are not rounded. */
  private static final double EQUAL = 0.75;

  /** How many tokens each response has, and how many responses each prompt. */
  @SuppressWarnings("ImmutableEnumChecker") // lists of Vavr are
  private enum Shape {
    RAGGED(List.of(3, 1, 2, 4, 2, 3, 1, 2, 5), List.of(4, 3, 2)),
    OTHER(List.of(2, 4, 1, 3, 2, 1, 3, 2), List.of(3, 5)),
    ALONE(List.of(2, 3, 1, 2, 4), List.of(1, 3, 1)),
    ONE(List.of(3), List.of(1)),
    ONE_PROMPT(List.of(2, 3, 1, 4), List.of(4)),
    EMPTY(List.of(2, 0, 3, 1, 2), List.of(3, 2)),
    SHORT(List.of(1, 1, 1, 1, 1), List.of(3, 2));

    private final Seq<Integer> lengths;
    private final Seq<Integer> groups;

    Shape(Seq<Integer> lengths, Seq<Integer> groups) {
      this.lengths = lengths;
      this.groups = groups;
    }

    int[] lengths() {
      return lengths.toJavaStream().mapToInt(Integer::intValue).toArray();
    }

    int[] prompts() {
      return groups
          .zipWithIndex()
          .flatMap(group -> List.fill(group._1, group._2))
          .toJavaStream()
          .mapToInt(Integer::intValue)
          .toArray();
    }
  }

  /** What the rewards of a batch are. */
  private enum Rewards {
    ANY,
    BINARY,
    EQUAL,
    ALL_EQUAL,
    UNSCORED,
    MASKED
  }

  /** {@return batches in which nothing is peculiar: every response has others, no two are equal} */
  static Seq<ProbeBatch> ordinary(EstimateInputs inputs) {
    return List.of(
        of("", Shape.RAGGED, Rewards.ANY, inputs, 1), of("", Shape.OTHER, Rewards.ANY, inputs, 2));
  }

  /** The same with so many times the rewards. */
  ProbeBatch rewarded(double factor) {
    double[] scaled =
        IntStream.range(0, plain.size()).mapToDouble(i -> factor * plain.reward(i)).toArray();
    return new ProbeBatch(
        where,
        samples.with(Columns.REWARD, Level.Name.SEQUENCE, scaled),
        plain.rewarded(scaled),
        masks,
        unscored);
  }

  /** {@return batches in each of which one thing is peculiar} */
  static Seq<ProbeBatch> peculiar(EstimateInputs inputs) {
    return List.of(
        of("where rewards are tied", Shape.RAGGED, Rewards.BINARY, inputs, 3),
        of("where all rewards to a prompt are equal", Shape.RAGGED, Rewards.EQUAL, inputs, 4),
        of("where all rewards of the batch are equal", Shape.OTHER, Rewards.ALL_EQUAL, inputs, 5),
        of("where a response is alone", Shape.ALONE, Rewards.ANY, inputs, 6),
        of("in a batch of one response", Shape.ONE, Rewards.ANY, inputs, 7),
        of("in a batch of one prompt", Shape.ONE_PROMPT, Rewards.ANY, inputs, 8),
        of("where a response has no tokens", Shape.EMPTY, Rewards.ANY, inputs, 9),
        of("where every response has one token", Shape.SHORT, Rewards.ANY, inputs, 10),
        of("where a response has no reward", Shape.RAGGED, Rewards.UNSCORED, inputs, 11),
        of("where some tokens do not count", Shape.RAGGED, Rewards.MASKED, inputs, 12));
  }

  private static ProbeBatch of(
      String where, Shape shape, Rewards kind, EstimateInputs inputs, long seed) {
    Random random = new Random(0x5EEDL + seed);
    int[] lengths = shape.lengths();
    int[] prompts = shape.prompts();
    int tokens = Arrays.stream(lengths).sum();
    double[] rewards = rewards(kind, prompts, random);
    boolean[] scored = new boolean[lengths.length];
    Arrays.fill(scored, true);
    boolean[] counts = new boolean[tokens];
    Arrays.fill(counts, true);
    if (kind == Rewards.UNSCORED) {
      scored[1] = false;
      scored[5] = false;
    }
    if (kind == Rewards.MASKED) {
      leaveOut(counts, lengths, random);
    }
    double[] earned = draw(tokens, random::nextGaussian);
    Arrays.setAll(earned, t -> counts[t] ? earned[t] : 0);
    double[] values = draw(tokens, random::nextGaussian);
    double[] policy = draw(tokens, () -> -0.2 - random.nextDouble());
    double[] old = Arrays.stream(policy).map(x -> x * (0.2 + 2 * random.nextDouble())).toArray();
    double[] finished = draw(lengths.length, () -> random.nextInt(2));
    double[] next = draw(lengths.length, random::nextGaussian);
    double[] ratios = IntStream.range(0, tokens).mapToDouble(t -> policy[t] - old[t]).toArray();
    SamplesBuilder built =
        new SamplesBuilder(lengths, prompts)
            .sampled(new int[tokens])
            .column(Columns.REWARD, Level.Name.SEQUENCE, rewards)
            .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, earned)
            .column(Columns.VALUE, Level.Name.TOKEN, values)
            .column(Columns.LOG_PROB, Level.Name.TOKEN, policy)
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
            .column(Columns.ENTROPY, Level.Name.TOKEN, draw(tokens, random::nextDouble))
            .column(Columns.FINISHED, Level.Name.SEQUENCE, finished)
            .column(NEXT_VALUE, Level.Name.SEQUENCE, next);
    for (String name : List.of(Columns.REFERENCE_LOG_PROB, Columns.ROLLOUT_LOG_PROB)) {
      built = built.column(name, Level.Name.TOKEN, draw(tokens, () -> -random.nextDouble() - 0.1));
    }
    if (kind == Rewards.UNSCORED) {
      boolean[] without = new boolean[scored.length];
      for (int i = 0; i < scored.length; i++) {
        without[i] = !scored[i];
      }
      built = built.unscored(without);
    }
    Samples samples = others(built.build(), inputs, counts, random);
    PlainTokens columns = new PlainTokens(earned, values, ratios, finished, next);
    return new ProbeBatch(
        where,
        samples,
        new PlainResponses(lengths, prompts, rewards, scored, counts, columns),
        kind == Rewards.MASKED,
        kind == Rewards.UNSCORED);
  }

  /** One token in three is left out, but for the first of each response. */
  private static void leaveOut(boolean[] counts, int[] lengths, Random random) {
    int t = 0;
    for (int length : lengths) {
      for (int i = 0; i < length; i++) {
        counts[t++] = i == 0 || random.nextInt(3) > 0;
      }
    }
  }

  private static double[] rewards(Rewards kind, int[] prompts, Random random) {
    double[] drawn = draw(prompts.length, random::nextGaussian);
    return switch (kind) {
      case ANY, UNSCORED, MASKED -> drawn;
      case BINARY -> IntStream.range(0, prompts.length).mapToDouble(i -> (i + 1) % 2).toArray();
      case EQUAL ->
          IntStream.range(0, prompts.length)
              .mapToDouble(i -> prompts[i] == 0 ? EQUAL : drawn[i])
              .toArray();
      case ALL_EQUAL -> draw(prompts.length, () -> EQUAL);
    };
  }

  /** With a column for each input that is not there: 1 and 0 for a mask, else any number. */
  private static Samples others(
      Samples given, EstimateInputs inputs, boolean[] counts, Random random) {
    Samples samples = given;
    for (Node.Input input : inputs.all()) {
      if (samples.level(input.name()).isEmpty() && input.level() != Level.Name.VOCABULARY) {
        boolean mask = PresumedRole.isMask(input.name());
        double[] numbers =
            draw(
                samples.size(input.level()),
                () ->
                    mask ? 1 : inputs.isKey(input) ? random.nextInt(KEYS) : random.nextGaussian());
        if (mask && input.level() == Level.Name.TOKEN) {
          Arrays.setAll(numbers, t -> counts[t] ? 1 : 0);
        }
        samples = samples.with(input.name(), input.level(), numbers);
      }
    }
    return samples;
  }

  private static double[] draw(int size, DoubleSupplier from) {
    double[] numbers = new double[size];
    Arrays.setAll(numbers, i -> from.getAsDouble());
    return numbers;
  }
}
