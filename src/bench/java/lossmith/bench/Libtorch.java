package lossmith.bench;

import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch inside a Java machine on the work of {@link Workload#surrogate}: eager operations and
 * their automatic derivative.
 */
public final class Libtorch {
  private static final int RUNS = 9;

  private final Tensor token;
  private final Tensor old;
  private final Tensor advantage;

  private Libtorch(int rows, int vocabulary) {
    Random random = new Random(1);
    this.token = Tensor.create(random.longs(rows, 0, vocabulary).toArray()).unsqueeze(1);
    this.old = uniform(-10, -9, rows);
    this.advantage = uniform(-1, 1, rows);
  }

  /**
   * Prints {@code median_ms=…}.
   *
   * @param arguments {@code logits} or {@code hidden}, rows, vocabulary, width and threads
   */
  public static void main(String[] arguments) {
    int rows = Integer.parseInt(arguments[1]);
    int vocabulary = Integer.parseInt(arguments[2]);
    int width = Integer.parseInt(arguments[3]);
    torch.set_num_threads(Integer.parseInt(arguments[4]));
    Libtorch work = new Libtorch(rows, vocabulary);
    Tensor scores =
        arguments[0].equals("logits")
            ? uniform(-4, 4, rows, vocabulary).requires_grad_()
            : uniform(-1, 1, rows, width).requires_grad_();
    Tensor weight = uniform(-0.05, 0.05, vocabulary, width).requires_grad_();
    double median =
        Measured.milliseconds(
            RUNS,
            arguments[0].equals("logits")
                ? step(() -> work.loss(scores), scores)
                : step(() -> work.loss(scores.matmul(weight.t())), scores, weight));
    System.out.printf(Locale.ROOT, "libtorch %s median_ms=%.1f%n", arguments[0], median);
  }

  /** The loss and its derivative, all that is temporary freed. */
  private static Runnable step(Supplier<Tensor> loss, Tensor... leaves) {
    return () -> {
      PointerScope temporary = new PointerScope();
      try {
        for (Tensor leaf : leaves) {
          leaf.mutable_grad().reset();
        }
        loss.get().backward();
      } finally {
        temporary.close();
      }
    };
  }

  private Tensor loss(Tensor logits) {
    Tensor logPi = logits.log_softmax(1);
    Tensor logProb = logPi.gather(1, token).squeeze(1);
    Tensor entropy = logPi.exp().mul(logPi).sum(1).neg();
    Tensor ratio = logProb.sub(old).exp();
    Tensor clipped = ratio.clamp(new ScalarOptional(number(0.8)), new ScalarOptional(number(1.28)));
    Tensor gain = torch.minimum(ratio.mul(advantage), clipped.mul(advantage));
    return gain.add(entropy.mul(number(0.01))).mean().neg();
  }

  private static Tensor uniform(double low, double high, long... shape) {
    return torch.rand(shape).mul(number(high - low)).add(number(low));
  }

  private static Scalar number(double x) {
    return new Scalar(x);
  }
}
