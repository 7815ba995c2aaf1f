package lossmith.conform.golden;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;

/**
 * The last matrix of a model in plain numbers: z = W·h + b, and the gradients by h, W and b from
 * that by z.
 *
 * @param hidden h, one row per response and slot
 * @param weight W, one row per vocabulary entry
 * @param bias b, if there is one
 */
public record OutputLayer(NumberArray hidden, NumberArray weight, Option<NumberArray> bias) {
  private int rows() {
    return hidden.length(0) * hidden.length(1);
  }

  public NumberArray logits() {
    int width = hidden.length(2);
    int entries = weight.length(0);
    double[] z = new double[rows() * entries];
    for (int row = 0; row < rows(); row++) {
      for (int v = 0; v < entries; v++) {
        double sum = bias.isDefined() ? bias.get().get(v) : 0;
        for (int i = 0; i < width; i++) {
          sum += hidden.get(row * width + i) * weight.get(v * width + i);
        }
        z[row * entries + v] = sum;
      }
    }
    return NumberArray.of(z, hidden.length(0), hidden.length(1), entries);
  }

  public Map<String, NumberArray> gradients(NumberArray byLogits) {
    int width = hidden.length(2);
    int entries = weight.length(0);
    double[] byHidden = new double[rows() * width];
    double[] byWeight = new double[entries * width];
    double[] byBias = new double[entries];
    for (int row = 0; row < rows(); row++) {
      for (int v = 0; v < entries; v++) {
        double g = byLogits.get(row * entries + v);
        byBias[v] += g;
        for (int i = 0; i < width; i++) {
          byHidden[row * width + i] += g * weight.get(v * width + i);
          byWeight[v * width + i] += g * hidden.get(row * width + i);
        }
      }
    }
    return LinkedHashMap.of(
        "hidden",
        NumberArray.of(byHidden, hidden.length(0), hidden.length(1), width),
        "weight",
        NumberArray.of(byWeight, entries, width),
        "bias",
        NumberArray.of(byBias, entries));
  }

  /** log softmax(z / T) of the sampled entries. */
  public static NumberArray logProb(NumberArray logits, NumberArray sampled, double temperature) {
    int entries = logits.length(2);
    double[] values = new double[sampled.size()];
    for (int row = 0; row < values.length; row++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int v = 0; v < entries; v++) {
        most = Math.max(most, logits.get(row * entries + v) / temperature);
      }
      double total = 0;
      for (int v = 0; v < entries; v++) {
        total += Math.exp(logits.get(row * entries + v) / temperature - most);
      }
      double z = logits.get(row * entries + (int) sampled.get(row)) / temperature;
      values[row] = z - most - Math.log(total);
    }
    return NumberArray.of(values, sampled.length(0), sampled.length(1));
  }
}
