package lossmith.ops;

import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.flow.Flow;
import lossmith.ops.memory.Head;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.Devices;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;

/**
 * A loss and how it is to be compiled: every surface at which the policy enters is asked for here.
 * In float32 on the CPU, unless something else is said. Immutable.
 *
 * <pre>{@code
 * Compile compile = Compile.of(loss).precision(Precision.FLOAT64);
 * compile.statistics();                             // log_prob, entropy … are columns
 * compile.wholeLogits();                            // logits are a grid of the samples
 * compile.vocabulary(32_000).rows(16).logits();     // logits in a matrix, 16 rows at a time
 * compile.hidden(Head.of(32_000, 2_048), 1 << 28);  // hidden states, within 256 MiB
 * }</pre>
 *
 * <p>A loss of which something is {@linkplain Flow#dead dead} is a {@link Problem} at each, and so
 * is a device that is not there.
 *
 * @param loss the loss
 * @param precision the type of the numbers
 * @param device {@code CPU} or {@code GPU:0}
 */
public record Compile(Loss loss, Precision precision, String device) {
  /**
   * Begins to load TensorFlow beside other work, so that the first loss is compiled sooner. What is
   * printed to standard error meanwhile may be lost, unless it goes through {@link
   * TensorFlowRuntime#heard}.
   */
  public static void prepare() {
    TensorFlowRuntime.startBeside();
  }

  /** {@return a loss, to be compiled in float32 for the CPU} */
  public static Compile of(Loss loss) {
    return new Compile(loss, Precision.FLOAT32, "CPU");
  }

  /** {@return the same in another type of numbers} */
  public Compile precision(Precision other) {
    return new Compile(loss, other, device);
  }

  /**
   * {@return the same for another device}
   *
   * @param other {@code CPU} or {@code GPU:0}
   */
  public Compile device(String other) {
    return new Compile(loss, precision, other);
  }

  /** {@return the loss over columns, the statistics of the policy among them} */
  public CompiledLoss statistics() {
    return CompiledLoss.of(this, Surface.STATISTICS);
  }

  /** {@return the loss over logits that are a grid of the samples, read as a whole} */
  public CompiledLoss wholeLogits() {
    return CompiledLoss.of(this, Surface.LOGITS);
  }

  /**
   * {@return the remaining options of a loss over a matrix of logits}
   *
   * @param entries how many entries the vocabulary has
   */
  public Rows vocabulary(int entries) {
    return new Rows(
        this, entries, Math.max(1, Math.min(Rows.MOST, Rows.CACHED / Math.max(1, entries))));
  }

  /**
   * {@return the loss over hidden states and an output matrix} The logits of a chunk of rows exist
   * at a time, of their gradient a block of the vocabulary.
   *
   * @param head the output layer
   * @param bytes the memory budget besides inputs and gradients; too little for a row of logits is
   *     a {@link Problem}
   */
  public FusedLoss hidden(Head head, long bytes) {
    return FusedLoss.of(this, head, bytes);
  }

  /** Refuses a dead loss, starts TensorFlow and finds the device. */
  DeviceSpec start() {
    Flow.refuseDead(loss);
    TensorFlowRuntime.start();
    return Devices.of(device);
  }

  /**
   * A loss over a matrix of logits, a chunk of rows at a time.
   *
   * @param how the loss
   * @param vocabulary how many entries a row has
   * @param rows how many rows a chunk has; as many as stay in a processor's cache, unless something
   *     else is said
   */
  public record Rows(Compile how, int vocabulary, int rows) {
    /** Entries of a chunk: two megabytes of float32. */
    private static final int CACHED = 1 << 19;

    /** More rows make no chunk quicker. */
    private static final int MOST = 128;

    /** {@return the same with another number of rows to a chunk} */
    public Rows rows(int other) {
      return new Rows(how, vocabulary, other);
    }

    /** {@return the loss; sizes that are not above 0 are a {@link Problem}} */
    public FusedLoss logits() {
      return FusedLoss.of(this);
    }
  }
}
