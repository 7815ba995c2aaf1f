package lossmith.lab.policy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.stream.IntStream;
import lossmith.dsl.Problem;

/**
 * Adam with bias correction (Kingma and Ba, 2015, algorithm 1), and clipping of the gradient's norm
 * before it.
 */
public final class Adam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  /** Weights do not depend on each other. */
  private static final int PARTS = 4;

  private final float[] mean;
  private final float[] square;
  private long steps;

  /** An optimiser of so many weights, which has made no step. */
  public Adam(int weights) {
    this(new float[weights], new float[weights], 0);
  }

  /**
   * An optimiser that goes on.
   *
   * @param mean running means of the gradient
   * @param square running means of its square
   * @param steps how many steps were made
   */
  public Adam(float[] mean, float[] square, long steps) {
    this.mean = mean.clone();
    this.square = square.clone();
    this.steps = steps;
  }

  /** {@return running means of the gradient} */
  public float[] mean() {
    return mean.clone();
  }

  /** {@return running means of its square} */
  public float[] square() {
    return square.clone();
  }

  /** {@return how many steps were made} */
  public long steps() {
    return steps;
  }

  /** {@return √Σ g²} */
  static double norm(float[] gradient) {
    double sum = 0;
    for (float g : gradient) {
      sum += (double) g * g;
    }
    return Math.sqrt(sum);
  }

  /**
   * Makes a step.
   *
   * @param weights what is changed
   * @param gradient dL/dweights
   * @param rate the learning rate
   * @param norm what the gradient's norm is reduced to where it is larger
   * @return the gradient's norm as it was
   */
  @CanIgnoreReturnValue
  public double step(float[] weights, float[] gradient, double rate, double norm) {
    double length = norm(gradient);
    if (!Double.isFinite(length)) {
      throw Problem.of(
              "gradient",
              "a gradient of norm " + length,
              "finite numbers",
              "a smaller learning rate, or another loss")
          .exception();
    }
    double scale = length > norm ? norm / length : 1;
    steps++;
    double first = 1 - Math.pow(BETA1, (double) steps);
    double second = 1 - Math.pow(BETA2, (double) steps);
    IntStream.range(0, PARTS)
        .parallel()
        .forEach(
            part -> {
              int to = end(part, weights.length);
              for (int i = end(part - 1, weights.length); i < to; i++) {
                double g = scale * gradient[i];
                mean[i] = (float) (BETA1 * mean[i] + (1 - BETA1) * g);
                square[i] = (float) (BETA2 * square[i] + (1 - BETA2) * g * g);
                weights[i] -=
                    (float) (rate * (mean[i] / first) / (Math.sqrt(square[i] / second) + EPSILON));
              }
            });
    return length;
  }

  private static int end(int part, int weights) {
    return (int) ((part + 1L) * weights / PARTS);
  }
}
