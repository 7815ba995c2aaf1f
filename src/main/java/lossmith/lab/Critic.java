package lossmith.lab;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.given;

import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.policy.ValueHead;
import lossmith.ops.Evaluation;
import lossmith.ops.memory.Matrix;
import lossmith.recipes.advantage.Gae;

/**
 * The critic of a run: a {@link ValueHead} on the network of the policy, trained with it by one
 * loss (Schulman et al., 1707.06347, eq 9). What it learns towards is {@code return}, the {@link
 * Gae} of the values at the time of sampling plus these values (1506.02438), where the verifier
 * rewards the last token of a response, finished or cut, and no other.
 */
final class Critic {
  /** What a critic is to learn of each token, in units of reward. */
  static final String RETURN = "return";

  /** What the critic thought of each token when it was sampled. */
  static final String OLD_VALUE = "old_value";

  /** The columns that it gives, by which an objective shows that it needs a critic. */
  static final Map<String, Level.Name> LEVELS =
      LinkedHashMap.of(
          Columns.VALUE, Level.Name.TOKEN, OLD_VALUE, Level.Name.TOKEN, RETURN, Level.Name.TOKEN);

  /** What they hold, in words. */
  static final Map<String, String> TOLD =
      LinkedHashMap.of(
          Columns.VALUE,
          "V, linear in the last hidden state that a token is drawn from, at first 0",
          OLD_VALUE,
          "V of a token when it was sampled",
          RETURN,
          "old_value plus GAE, where the last token has the verifier's reward");

  /** What is added to the variance of the returns, as in verl. */
  private static final double LEAST_VARIANCE = 1e-5;

  private final Network network;
  private final ValueHead head;
  private final Detached<Token> target;

  private Critic(TrainingSettings.Discounting how, Network network) {
    this.network = network;
    this.head = new ValueHead(network.size());
    Detached<Token> old = given(OLD_VALUE, TOKEN);
    this.target =
        Gae.of(given(Columns.TOKEN_REWARD, TOKEN), old, how.gamma(), how.lambda()).plus(old);
  }

  /**
   * What cannot be trained with a critic: an objective that trains none or nothing else, and one of
   * responses that are another policy's.
   */
  static Seq<Problem> problems(String name, Loss loss, Set<String> reads) {
    if (!LEVELS.keySet().exists(reads::contains)) {
      return List.empty();
    }
    if (reads.contains(RivalResponses.NAME)) {
      return List.of(
          Problem.of(
              "recipe",
              name + ", which reads " + RivalResponses.NAME + " and the numbers of a critic",
              "a critic of responses that the policy gives",
              "one of these"));
    }
    if (loss.trains().containsAll(List.of(Loss.POLICY, Columns.VALUE))) {
      return List.empty();
    }
    return List.of(
        loss.trains().contains(Columns.VALUE)
            ? Problem.of(
                "recipe",
                name + ", which trains a critic and no policy",
                "an objective that trains the policy that samples",
                "ppo-actor-critic, or parts such as clip+gae+value-error-clipped")
            : Problem.of(
                "recipe",
                name + ", which reads the numbers of a critic and trains none",
                "an objective that trains value too",
                "a part that does, such as value-error: clip+gae+value-error"));
  }

  /** The critic that an objective needs, if it does. */
  static Option<Critic> of(Trainable objective, TrainingSettings settings, Network network) {
    return Option.when(objective.readsCritic(), () -> new Critic(settings.discounting(), network));
  }

  /** How many weights a run has beside those of its policy. */
  static int weights(Trainable objective, Network network) {
    return objective.readsCritic() ? new ValueHead(network.size()).weights() : 0;
  }

  /** The same responses with the value of each token. */
  Batch valued(TrainingState state, Batch batch) {
    double[] values;
    try (Network.Forward forward = network.forward(state.policy, batch.texts())) {
      values = at(state, forward).values();
    }
    int[] from = {0};
    return batch.with(
        batch
            .drawn()
            .map(
                one -> {
                  int start = from[0];
                  from[0] += one.text().length();
                  return one.valued(Arrays.copyOfRange(values, start, from[0]));
                }));
  }

  /** What it thinks of the responses that are on their way through the network. */
  Judgement at(TrainingState state, Network.Forward forward) {
    float[] hidden = forward.hidden();
    return new Judgement(state.head(), hidden, head.values(state.head(), hidden));
  }

  /** The samples with what was thought of them when they were sampled. */
  Samples sampled(Batch batch, Samples samples) {
    Samples old =
        samples.with(OLD_VALUE, Level.Name.TOKEN, Batch.joined(batch.drawn().map(Drawn::values)));
    return old.with(
        RETURN, Level.Name.TOKEN, new Reference(old, HashMap.empty()).of(target.node()));
  }

  /** The columns of the critic as they are after a step, for a batch that was {@link #valued}. */
  Map<String, double[]> columns(TrainingState state, Batch batch) {
    Samples all = sampled(batch, batch.samples(Option.none(), false));
    try (Network.Forward forward = network.forward(state.policy, batch.texts())) {
      return LEVELS.map(
          (name, level) ->
              Tuple.of(name, all.column(name).getOrElse(() -> at(state, forward).values())));
    }
  }

  /**
   * The numbers of a batch before it updates anything, by the names that verl has for them. Where
   * all rewards are equal there is nothing to explain, and no explained variance.
   */
  Map<String, Double> numbers(Batch batch) {
    Samples all = sampled(batch, batch.samples(Option.none(), false));
    double[] values = all.column(OLD_VALUE).get();
    double[] returns = all.column(RETURN).get();
    Map<String, Double> means =
        LinkedHashMap.of(
            "critic/values/mean",
            UpdateNumbers.mean(values),
            "critic/returns/mean",
            UpdateNumbers.mean(returns));
    double[] apart = new double[values.length];
    Arrays.setAll(apart, t -> returns[t] - values[t]);
    return batch.rewards().distinct().size() == 1
        ? means
        : means.put(
            "critic/vf_explained_var", 1 - variance(apart) / (variance(returns) + LEAST_VARIANCE));
  }

  private static double variance(double[] numbers) {
    double mean = UpdateNumbers.mean(numbers);
    return Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum() / (numbers.length - 1);
  }

  /** What a critic with certain weights thinks of responses. */
  final class Judgement {
    private final float[] weights;
    private final float[] hidden;
    private final double[] values;

    private Judgement(float[] weights, float[] hidden, double[] values) {
      this.weights = weights;
      this.hidden = hidden;
      this.values = values;
    }

    double[] values() {
      return values;
    }

    /** The samples with all that an objective may read of a critic. */
    Samples told(Batch batch, Samples samples) {
      return sampled(batch, samples).with(Columns.VALUE, Level.Name.TOKEN, values);
    }

    /** Half the mean of (V − R)², whatever the objective makes of it. */
    double error(Samples told) {
      double[] returns = told.column(RETURN).get();
      double sum = 0;
      for (int t = 0; t < values.length; t++) {
        sum += (values[t] - returns[t]) * (values[t] - returns[t]);
      }
      return sum / 2 / values.length;
    }

    /**
     * dL/dweights of the network, behind them those of the head.
     *
     * @param forward of the network
     * @param gradient dL/dlogits
     * @param found the loss with dL/dvalue
     */
    float[] gradient(Network.Forward forward, Matrix gradient, Evaluation found) {
      double[] slopes = found.gradients().get(Columns.VALUE).get();
      float[] shared = forward.gradient(gradient, head.hiddenGradient(weights, slopes));
      float[] own = head.gradient(hidden, slopes);
      float[] all = Arrays.copyOf(shared, shared.length + own.length);
      System.arraycopy(own, 0, all, shared.length, own.length);
      return all;
    }
  }
}
