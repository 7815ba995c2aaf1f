package lossmith.proofs.independent.loops;

import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a batch as plain arrays, and what loops read of them. The policy is a log-softmax
 * of the logits; where its numbers per token are fed (a column {@code log_prob}), they are read.
 */
public final class PlainBatch {
  /** Raw logits, rows first. */
  public static final String LOGITS = "logits";

  public static final String HIDDEN = "hidden";
  public static final String WEIGHT = "weight";
  public static final String BIAS = "bias";

  private final Layout layout;
  private final Map<String, Level.Name> levels;
  private final Map<String, double[]> arrays;
  private final Map<String, Double> parameters;
  private double @Nullable [] logPi;

  /**
   * A batch.
   *
   * @param layout which token belongs where
   * @param levels the level of each array that is a column or a grid
   * @param arrays the numbers by name: columns, grids rows first, {@link #LOGITS}, or {@link
   *     #HIDDEN} and {@link #WEIGHT} instead of those
   * @param parameters values by name; one that is not here has its default
   */
  PlainBatch(
      Layout layout,
      Map<String, Level.Name> levels,
      Map<String, double[]> arrays,
      Map<String, Double> parameters) {
    this.layout = layout;
    this.levels = levels;
    this.arrays = arrays;
    this.parameters = parameters;
  }

  public Layout layout() {
    return layout;
  }

  public Map<String, Level.Name> levels() {
    return levels;
  }

  public Map<String, Double> parameters() {
    return parameters;
  }

  public boolean has(String name) {
    return arrays.containsKey(name);
  }

  public double[] of(String name) {
    return arrays.get(name).getOrElseThrow(() -> new IllegalStateException("no " + name));
  }

  public double of(String name, int element) {
    return of(name)[element];
  }

  public PlainBatch with(String name, double[] values) {
    return new PlainBatch(layout, levels, arrays.put(name, values), parameters);
  }

  public PlainBatch with(String name, Level.Name level, double[] values) {
    return new PlainBatch(layout, levels.put(name, level), arrays.put(name, values), parameters);
  }

  public PlainBatch without(String name) {
    return new PlainBatch(layout, levels.remove(name), arrays.remove(name), parameters);
  }

  public PlainBatch with(Map<String, Double> others) {
    return new PlainBatch(layout, levels, arrays, others);
  }

  public int size(Level.Name level) {
    return layout.size(level);
  }

  public int tokens() {
    return layout.tokens();
  }

  public int responses() {
    return size(Level.Name.SEQUENCE);
  }

  public int prompts() {
    return size(Level.Name.GROUP);
  }

  public int vocabulary() {
    return layout.vocabulary();
  }

  public int response(int token) {
    return layout.response(token);
  }

  public int prompt(int response) {
    return layout.prompts()[response];
  }

  public int[] tokensOf(int response) {
    return layout.members(Level.Name.TOKEN, Level.Name.SEQUENCE)[response];
  }

  public int[] responsesTo(int prompt) {
    return layout.members(Level.Name.SEQUENCE, Level.Name.GROUP)[prompt];
  }

  /** A parameter, or a default where it is not set. */
  public double set(String name, double otherwise) {
    return parameters.getOrElse(name, otherwise);
  }

  /** The logits: given, or hidden states times the output matrix. */
  public double[] logits() {
    if (arrays.containsKey(LOGITS)) {
      return of(LOGITS);
    }
    double[] hidden = of(HIDDEN);
    double[] weight = of(WEIGHT);
    int width = hidden.length / Math.max(1, tokens());
    double[] z = new double[tokens() * vocabulary()];
    for (int t = 0; t < tokens(); t++) {
      for (int v = 0; v < vocabulary(); v++) {
        double sum = has(BIAS) ? of(BIAS, v) : 0;
        for (int u = 0; u < width; u++) {
          sum += hidden[t * width + u] * weight[v * width + u];
        }
        z[t * vocabulary() + v] = sum;
      }
    }
    return z;
  }

  /** log softmax(z / T), rows first. */
  public double[] logPi() {
    double[] known = logPi;
    if (known == null) {
      known = logSoftmax(logits(), vocabulary(), set(Columns.TEMPERATURE, 1));
      logPi = known;
    }
    return known;
  }

  static double[] logSoftmax(double[] z, int width, double temperature) {
    double[] y = new double[z.length];
    for (int row = 0; row < z.length; row += width) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = row; i < row + width; i++) {
        most = Math.max(most, z[i] / temperature);
      }
      double total = 0;
      for (int i = row; i < row + width; i++) {
        total += Math.exp(z[i] / temperature - most);
      }
      for (int i = row; i < row + width; i++) {
        y[i] = z[i] / temperature - most - Math.log(total);
      }
    }
    return y;
  }

  /** log π of the sampled token. */
  public double logProb(int token) {
    return has(Columns.LOG_PROB)
        ? of(Columns.LOG_PROB, token)
        : logPi()[token * vocabulary() + layout.sampled()[token]];
  }

  /** −Σ π log π. */
  public double entropy(int token) {
    if (has(Columns.ENTROPY)) {
      return of(Columns.ENTROPY, token);
    }
    double sum = 0;
    for (int i = token * vocabulary(); i < (token + 1) * vocabulary(); i++) {
      double x = logPi()[i];
      sum -= x == Double.NEGATIVE_INFINITY ? 0 : Math.exp(x) * x;
    }
    return sum;
  }

  /** One number for each element of a level. */
  public double[] each(Level.Name level, IntToDoubleFunction f) {
    double[] y = new double[size(level)];
    Arrays.setAll(y, f);
    return y;
  }

  /**
   * The same batch, every number off by a relative size at most, equal numbers by as much, whole
   * numbers not at all.
   */
  public PlainBatch nudged(long salt, double size) {
    return new PlainBatch(
        layout,
        levels,
        arrays.mapValues(x -> Arrays.stream(x).map(a -> a * (1 + size * off(a, salt))).toArray()),
        parameters);
  }

  private static double off(double x, long salt) {
    if (x == Math.rint(x)) {
      return 0; // a label, a flag, a count
    }
    long bits = (Double.doubleToLongBits(x) ^ salt) * 0x9E3779B97F4A7C15L;
    bits = (bits ^ (bits >>> 29)) * 0xBF58476D1CE4E5B9L;
    return (bits >>> 11) * 0x1.0p-52 - 1;
  }
}
