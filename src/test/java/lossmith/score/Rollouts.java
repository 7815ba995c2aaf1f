package lossmith.score;

import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;

/** Small rollouts, each prompt with pairs of responses, and a policy by plain loops. */
final class Rollouts {
  static final int WIDTH = 4;
  private static final int[] LENGTHS = {3, 1, 2, 4};
  private static final int[] GROUPS = {0, 0, 1, 1};

  private Rollouts() {}

  /** Every node of a loss and its metrics. */
  static Seq<Node> nodes(Loss loss) {
    return Graph.below(
        loss.parts()
            .values()
            .<Node>map(Term::node)
            .appendAll(loss.metrics().values().map(Term::node)));
  }

  /** Two prompts with two responses each: logits and every column but the policy's statistics. */
  static Samples of(Loss loss, Random random) {
    return of(loss, random, LENGTHS, GROUPS, new double[] {1, 0.25, 0, 0.5});
  }

  /** The same of other prompts; a response of which the first of a pair is chosen, by turns. */
  static Samples of(Loss loss, Random random, int[] lengths, int[] groups, double[] rewards) {
    int tokens = Arrays.stream(lengths).sum();
    double[] signs = new double[lengths.length];
    java.util.Map<Integer, Double> next = new java.util.HashMap<>();
    for (int s = 0; s < signs.length; s++) {
      signs[s] = next.merge(groups[s], 1.0, (last, one) -> -last);
    }
    SamplesBuilder builder =
        new SamplesBuilder(lengths, groups)
            .sampled(random.ints(tokens, 0, WIDTH).toArray())
            .grid("logits", Grid.of(numbers(random, tokens * WIDTH, -2, 2), WIDTH))
            .column(Columns.SIGN, Level.Name.SEQUENCE, signs)
            .column(Columns.REWARD, Level.Name.SEQUENCE, rewards)
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, numbers(random, tokens, -2, -0.2));
    for (Node.Input input :
        nodes(loss)
            .filter(Node.Input.class::isInstance)
            .map(Node.Input.class::cast)
            .distinctBy(Node.Input::name)) {
      column(builder, input, random, lengths, groups);
    }
    return builder.build();
  }

  private static void column(
      SamplesBuilder builder, Node.Input input, Random random, int[] lengths, int[] groups) {
    boolean here =
        input.name().equals(Columns.LOG_PI)
            || input.name().equals(Columns.POSITION)
            || input.name().equals(Columns.SIGN)
            || input.name().equals(Columns.REWARD)
            || input.name().equals(Columns.OLD_LOG_PROB);
    if (here) {
      return;
    }
    int tokens = Arrays.stream(lengths).sum();
    switch (input.level()) {
      case VOCABULARY ->
          builder.grid(
              input.name(),
              Grid.of(
                  input.name().endsWith("log_pi")
                      ? logPi(numbers(random, tokens * WIDTH, -2, 2), 1)
                      : numbers(random, tokens * WIDTH, 0.1, 0.9),
                  WIDTH));
      case TOKEN ->
          builder.column(
              input.name(),
              Level.Name.TOKEN,
              input.name().endsWith("log_prob")
                  ? numbers(random, tokens, -2, -0.2)
                  : numbers(random, tokens, 0.1, 0.9));
      case SEQUENCE ->
          builder.column(
              input.name(), Level.Name.SEQUENCE, numbers(random, lengths.length, 0.1, 0.9));
      case GROUP -> {
        int prompts = (int) Arrays.stream(groups).distinct().count();
        builder.column(input.name(), Level.Name.GROUP, numbers(random, prompts, 0.1, 0.9));
      }
      case BATCH -> builder.column(input.name(), Level.Name.BATCH, numbers(random, 1, 0.5, 0.9));
    }
  }

  private static double[] numbers(Random random, int count, double low, double high) {
    return random.doubles(count, low, high).toArray();
  }

  /** log softmax(z / T) of every row, by loops. */
  static double[] logPi(double[] z, double temperature) {
    double[] logPi = new double[z.length];
    for (int row = 0; row < z.length; row += WIDTH) {
      double sum = 0;
      for (int v = row; v < row + WIDTH; v++) {
        sum += Math.exp(z[v] / temperature);
      }
      for (int v = row; v < row + WIDTH; v++) {
        logPi[v] = z[v] / temperature - Math.log(sum);
      }
    }
    return logPi;
  }

  /** log softmax(z / T) of the logits of samples. */
  static double[] logPi(Samples samples, double temperature) {
    Grid logits = samples.grid("logits").get();
    double[] z = new double[logits.rows() * WIDTH];
    Arrays.setAll(z, i -> logits.get(i / WIDTH, i % WIDTH));
    return logPi(z, temperature);
  }

  /** The same samples with log π of the sampled tokens, entropy and two other statistics. */
  static Samples withStatistics(Samples samples, double[] logPi) {
    int[] sampled = samples.sampled().get();
    double[] logProb = new double[sampled.length];
    double[] entropy = new double[sampled.length];
    double[] mean = new double[sampled.length];
    double[] squares = new double[sampled.length];
    for (int t = 0; t < sampled.length; t++) {
      logProb[t] = logPi[t * WIDTH + sampled[t]];
      for (int v = t * WIDTH; v < (t + 1) * WIDTH; v++) {
        double pi = Math.exp(logPi[v]);
        entropy[t] -= pi * logPi[v];
        mean[t] += logPi[v] / WIDTH;
        squares[t] += pi * pi;
      }
    }
    return samples
        .with(Columns.LOG_PROB, Level.Name.TOKEN, logProb)
        .with(Columns.ENTROPY, Level.Name.TOKEN, entropy)
        .with(Columns.MEAN_LOG_PI, Level.Name.TOKEN, mean)
        .with(Columns.SUM_PI_SQUARED, Level.Name.TOKEN, squares);
  }
}
