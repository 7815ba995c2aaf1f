package lossmith.lab;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.policy.Texts;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.OwnCode;
import lossmith.lab.task.Task;

/**
 * Responses to prompts, group after group, with what they are worth.
 *
 * @param prompts the prompt of each response
 * @param drawn the responses
 * @param rewards of each; a response that did not end is worth nothing
 * @param group how many responses a prompt has
 */
record Batch(Seq<String> prompts, Seq<Drawn> drawn, Seq<Double> rewards, int group) {
  private static final int PAIR = 2;

  /** Judges responses. */
  static Batch judged(Task task, Seq<String> prompts, Seq<Drawn> drawn, int group) {
    return new Batch(
        prompts,
        drawn,
        prompts.zipWith(
            drawn, (prompt, one) -> one.finished() ? reward(task, prompt, text(task, one)) : 0.0),
        group);
  }

  private static double reward(Task task, String prompt, String response) {
    double reward =
        OwnCode.of(
            task,
            "reward(\"" + prompt + "\", \"" + response + "\")",
            () -> task.reward(prompt, response));
    if (reward >= 0 && reward <= 1) {
      return reward;
    }
    throw Problem.of(
            "task",
            "a reward of "
                + reward
                + " by the task "
                + task.name()
                + " for \""
                + response
                + "\" after \""
                + prompt
                + "\"",
            "a number from 0 to 1",
            "a reward(prompt, response) in that range")
        .exception();
  }

  /** A response as text, without the symbol that ends it. */
  static String text(Task task, Drawn one) {
    int[] ids = one.text().response();
    int kept = one.finished() ? ids.length - 1 : ids.length;
    return task.symbols().decode(Arrays.copyOf(ids, kept));
  }

  int groups() {
    return drawn.size() / group;
  }

  /** Some groups alone, in the order that is given. */
  Batch of(Seq<Integer> groups) {
    Seq<Integer> rows = groups.flatMap(g -> Vector.range(g * group, (g + 1) * group));
    return new Batch(rows.map(prompts::get), rows.map(drawn::get), rows.map(rewards::get), group);
  }

  /**
   * Of each group a response with the highest reward and one with the lowest, in this order, as
   * online preference optimisation has them judged (Guo et al., 2402.04792); of a group whose
   * rewards are all equal none.
   */
  Batch pairs() {
    Seq<Integer> rows =
        Vector.range(0, groups())
            .flatMap(
                g -> {
                  Seq<Integer> own = Vector.range(g * group, (g + 1) * group);
                  int best = own.maxBy(rewards::get).get();
                  int worst = own.minBy(rewards::get).get();
                  return rewards.get(best) > rewards.get(worst)
                      ? Vector.of(best, worst)
                      : Vector.<Integer>empty();
                });
    return new Batch(rows.map(prompts::get), rows.map(drawn::get), rows.map(rewards::get), PAIR);
  }

  /** The same with what more is known of the responses. */
  Batch with(Seq<Drawn> known) {
    return new Batch(prompts, known, rewards, group);
  }

  /** The reward of each token: that of the response at its last one, 0 at every other. */
  double[] tokenRewards() {
    double[] earned = new double[texts().tokens()];
    int end = 0;
    for (int row = 0; row < drawn.size(); row++) {
      end += drawn.get(row).text().length();
      earned[end - 1] = rewards.get(row);
    }
    return earned;
  }

  Texts texts() {
    return new Texts(drawn.map(Drawn::text));
  }

  /**
   * The columns that an objective may read.
   *
   * @param reference log π of the reference of each token, if there is one
   * @param pairs whether these are {@link #pairs}
   */
  Samples samples(Option<double[]> reference, boolean pairs) {
    int[] groups = new int[drawn.size()];
    Arrays.setAll(groups, i -> i / group);
    double[] old = joined(drawn.map(Drawn::logProbs));
    SamplesBuilder builder =
        new SamplesBuilder(texts().lengths(), groups)
            .sampled(texts().sampled())
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, old)
            .column(Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN, old)
            .column(Columns.REWARD, Level.Name.SEQUENCE, numbers(rewards))
            .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, tokenRewards())
            .column(
                Columns.FINISHED,
                Level.Name.SEQUENCE,
                numbers(drawn.map(one -> one.finished() ? 1.0 : 0.0)));
    for (double[] logProbs : reference) {
      SamplesBuilder unused =
          builder.column(Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN, logProbs);
    }
    if (pairs) {
      double[] signs = new double[drawn.size()];
      Arrays.setAll(signs, i -> i % PAIR == 0 ? 1 : -1);
      SamplesBuilder unused = builder.column(Columns.SIGN, Level.Name.SEQUENCE, signs);
    }
    return builder.build();
  }

  /** The entropy that each token was drawn with, in nats. */
  double[] entropies() {
    return joined(drawn.map(Drawn::entropies));
  }

  /** The numbers of some responses, one after another. */
  static double[] joined(Seq<double[]> parts) {
    return parts.toJavaStream().flatMapToDouble(DoubleStream::of).toArray();
  }

  private static double[] numbers(Seq<Double> values) {
    return values.toJavaStream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The text of the symbols around a token, counted over all responses, itself in brackets. */
  String around(Alphabet symbols, int token) {
    int left = token;
    for (Drawn one : drawn) {
      int[] ids = one.text().response();
      if (left < ids.length) {
        int at = one.text().prompt() + left;
        int[] all = one.text().ids();
        return symbols.decode(Arrays.copyOf(all, at))
            + "["
            + symbols.decode(new int[] {all[at]})
            + "]"
            + symbols.decode(Arrays.copyOfRange(all, at + 1, all.length));
      }
      left -= ids.length;
    }
    throw new IllegalArgumentException("token " + token);
  }
}
