package lossmith.lab.policy;

/**
 * The head of a critic: V_t = w·h_t + b, a number for each symbol of the responses, linear in the
 * last hidden state that the symbol is drawn from, in units of reward. Its weights w and b lie in
 * one array and start at 0, as in the code of Ziegler et al. (1909.08593): before it has learnt
 * anything the critic expects nothing, and the network it shares with the policy is not moved by
 * it.
 */
public final class ValueHead {
  private final int width;

  /** A head on a network of a size. */
  public ValueHead(NetworkSize size) {
    this.width = size.width();
  }

  /** {@return how many weights it has} */
  public int weights() {
    return width + 1;
  }

  /**
   * {@return V of each symbol}
   *
   * @param weights of the head
   * @param hidden the last hidden states, row after row
   */
  public double[] values(float[] weights, float[] hidden) {
    double[] values = new double[hidden.length / width];
    for (int t = 0; t < values.length; t++) {
      double sum = weights[width];
      for (int i = 0; i < width; i++) {
        sum += (double) weights[i] * hidden[t * width + i];
      }
      values[t] = sum;
    }
    return values;
  }

  /**
   * {@return dL/dhidden = dL/dV_t · w, row after row}
   *
   * @param weights of the head
   * @param slopes dL/dV of each symbol
   */
  public float[] hiddenGradient(float[] weights, double[] slopes) {
    float[] gradient = new float[slopes.length * width];
    for (int at = 0; at < gradient.length; at++) {
      gradient[at] = (float) (slopes[at / width] * weights[at % width]);
    }
    return gradient;
  }

  /**
   * {@return dL/dweights of the head: Σ_t dL/dV_t · h_t, and Σ_t dL/dV_t}
   *
   * @param hidden the last hidden states, row after row
   * @param slopes dL/dV of each symbol
   */
  public float[] gradient(float[] hidden, double[] slopes) {
    double[] sums = new double[weights()];
    for (int t = 0; t < slopes.length; t++) {
      for (int i = 0; i < width; i++) {
        sums[i] += slopes[t] * hidden[t * width + i];
      }
      sums[width] += slopes[t];
    }
    float[] gradient = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      gradient[i] = (float) sums[i];
    }
    return gradient;
  }
}
