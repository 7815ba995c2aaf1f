package lossmith.lab.policy;

import java.nio.FloatBuffer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** The weights of a network: an array for Java, a tensor for TensorFlow. */
public final class NetworkWeights implements AutoCloseable {
  private final float[] numbers;
  private final TFloat32 tensor;

  /** A copy of these numbers. */
  public NetworkWeights(float[] numbers) {
    this.numbers = numbers.clone();
    this.tensor = TFloat32.tensorOf(Shape.of(numbers.length));
    publish();
  }

  private void publish() {
    tensor.copyFrom(DataBuffers.of(FloatBuffer.wrap(numbers)));
  }

  /** {@return how many they are} */
  public int size() {
    return numbers.length;
  }

  /** {@return a copy of the numbers} */
  public float[] numbers() {
    return numbers.clone();
  }

  /** Takes the numbers of others, as many as it has; what stands behind them is not its own. */
  public void set(float[] others) {
    System.arraycopy(others, 0, numbers, 0, numbers.length);
    publish();
  }

  /** The weights in native memory. */
  TFloat32 tensor() {
    return tensor;
  }

  @Override
  public void close() {
    tensor.close();
  }
}
