package lossmith.proofs.stated;

import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.KeyedHash;
import lossmith.dsl.data.Samples;

/**
 * A batch as plain arrays, the policy's numbers computed from its logits. Tokens, responses and
 * prompts are numbered in the order of the batch.
 */
public final class Plain {
  private final Samples samples;
  private final Map<String, Double> parameters;
  private final double[][] logPi;

  /**
   * A batch.
   *
   * @param samples the data, with logits
   * @param parameters values by name
   */
  public Plain(Samples samples, Map<String, Double> parameters) {
    this.samples = samples;
    this.parameters = parameters;
    double temperature = parameters.getOrElse(Columns.TEMPERATURE, 1.0);
    Grid logits = samples.grid("logits").get();
    this.logPi =
        IntStream.range(0, logits.rows())
            .mapToObj(row -> logSoftmax(logits, row, temperature))
            .toArray(double[][]::new);
  }

  private static double[] logSoftmax(Grid logits, int row, double temperature) {
    double[] z = new double[logits.width()];
    Arrays.setAll(z, v -> logits.get(row, v) / temperature);
    double most = Arrays.stream(z).max().orElse(0);
    double total = Arrays.stream(z).map(x -> Math.exp(x - most)).sum();
    return Arrays.stream(z).map(x -> x - most - Math.log(total)).toArray();
  }

  /** {@return how many tokens there are} */
  public int tokens() {
    return samples.tokens();
  }

  /** {@return how many responses there are, those without tokens among them} */
  public int responses() {
    return samples.size(Level.Name.SEQUENCE);
  }

  /** {@return how many prompts there are} */
  public int prompts() {
    return samples.size(Level.Name.GROUP);
  }

  /** {@return the tokens of a response} */
  public int[] tokensOf(int response) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    return IntStream.range(0, of.length).filter(t -> of[t] == response).toArray();
  }

  /** {@return the responses to a prompt} */
  public int[] responsesTo(int prompt) {
    int[] to = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    return IntStream.range(0, to.length).filter(s -> to[s] == prompt).toArray();
  }

  /** {@return the response of a token} */
  public int response(int token) {
    return samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE)[token];
  }

  /** {@return the prompt of a response} */
  public int prompt(int response) {
    return samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP)[response];
  }

  /** {@return log π(v) at a token, in nats} */
  public double logPi(int token, int v) {
    return logPi[token][v];
  }

  /** {@return the size of the vocabulary} */
  public int vocabulary() {
    return samples.grid("logits").get().width();
  }

  /** {@return log π of the sampled token} */
  public double logProb(int token) {
    return logPi[token][samples.sampled().get()[token]];
  }

  /** {@return the entropy −Σ π log π at a token} */
  public double entropy(int token) {
    return Arrays.stream(logPi[token]).filter(x -> x > -1e300).map(x -> -x * Math.exp(x)).sum();
  }

  /** {@return log π_ref(v) at a token} */
  public double referenceLogPi(int token, int v) {
    return samples.grid(Columns.REFERENCE_LOG_PI).get().get(token, v);
  }

  /** {@return a column of data, such as {@link Columns#OLD_LOG_PROB}, by element of its level} */
  public double of(String column, int element) {
    return samples.column(column).get()[element];
  }

  /** {@return a number that the data has for every entry of the vocabulary at a token} */
  public double of(String grid, int token, int v) {
    return samples.grid(grid).get().get(token, v);
  }

  /** {@return the reward of a response} */
  public double reward(int response) {
    return of(Columns.REWARD, response);
  }

  /** {@return a parameter} */
  public double set(String name) {
    return parameters.get(name).get();
  }

  /** {@return the importance ratio π / π_old of a token} */
  public double ratio(int token) {
    return Math.exp(logProb(token) - of(Columns.OLD_LOG_PROB, token));
  }

  /** {@return Σ_t x_t / N over all tokens; 0 of none} */
  public double tokenMean(IntToDoubleFunction x) {
    return mean(IntStream.range(0, tokens()).toArray(), x);
  }

  /** {@return the mean over responses of what a response has} */
  public double responseMean(IntToDoubleFunction x) {
    return mean(IntStream.range(0, responses()).toArray(), x);
  }

  /** {@return the mean over a response's tokens; 0 of none} */
  public double responseTokenMean(int response, IntToDoubleFunction x) {
    return mean(tokensOf(response), x);
  }

  /** {@return the mean over tokens, then over the responses of a prompt, then over prompts} */
  public double groupMean(IntToDoubleFunction x) {
    return mean(
        IntStream.range(0, prompts()).toArray(),
        g -> mean(responsesTo(g), s -> responseTokenMean(s, x)));
  }

  /** {@return the mean of some elements; 0 of none} */
  public static double mean(int[] of, IntToDoubleFunction x) {
    return Arrays.stream(of).mapToDouble(x).average().orElse(0);
  }

  /** {@return whether the rewards of the responses to a prompt differ by more than rounding} */
  public boolean informative(int prompt) {
    double[] rewards = IntStream.range(0, responses()).mapToDouble(this::reward).toArray();
    return differ(rewards, responsesTo(prompt));
  }

  /** Whether numbers that were recorded lie further apart than eight ulps of the largest. */
  private static boolean differ(double[] of, int[] all) {
    double most = Arrays.stream(all).mapToDouble(s -> of[s]).max().orElse(0);
    double least = Arrays.stream(all).mapToDouble(s -> of[s]).min().orElse(0);
    boolean single = Arrays.stream(all).allMatch(s -> of[s] == (float) of[s]);
    boolean whole = Arrays.stream(all).allMatch(s -> of[s] == Math.rint(of[s]));
    double ulp = single && !whole ? Math.ulp(1f) : Math.ulp(1.0);
    return most - least > 8 * ulp * Math.max(Math.abs(most), Math.abs(least));
  }

  /** {@return (R − mean) / std over the responses to the same prompt; 0 where all agree} */
  public double groupNormalised(int response) {
    double[] rewards = IntStream.range(0, responses()).mapToDouble(this::reward).toArray();
    return normalised(rewards, response);
  }

  /** {@return the same of any number per response} */
  public double normalised(double[] of, int response) {
    int[] all = responsesTo(prompt(response));
    double mean = mean(all, s -> of[s]);
    double std = Math.sqrt(mean(all, s -> Math.pow(of[s] - mean, 2)));
    return differ(of, all) ? (of[response] - mean) / std : 0;
  }

  /** {@return the keyed random number of a token, in [0, 1)} */
  public double draw(int token) {
    return KeyedHash.uniform(
        (long) set("seed"),
        (long) set("step"),
        samples.sequenceIds()[response(token)],
        samples.positions()[token]);
  }

  /** {@return x clamped to two bounds} */
  public static double clip(double x, double low, double high) {
    return Math.max(low, Math.min(high, x));
  }
}
