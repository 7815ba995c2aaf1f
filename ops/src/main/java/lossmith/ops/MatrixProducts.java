package lossmith.ops;

import java.util.HashMap;
import java.util.Map;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/**
 * The three matrix products of a loss over hidden states, W hᵀ, dzᵀ W and dz h, each as one product
 * in the orientation that is quickest, and nothing else: what bounds the time of such a loss.
 */
public final class MatrixProducts implements AutoCloseable {
  private static final String[] ALL = {"logits", "hidden_gradient", "weight_gradient"};

  private final Graph graph = new Graph();
  private final Session session;
  private final Matrix hidden;
  private final Matrix weight;
  private final Matrix gradient;

  /**
   * The products of these matrices.
   *
   * @param hidden {@code [rows, width]}, float32
   * @param weight {@code [vocabulary, width]}, float32
   */
  public MatrixProducts(Matrix hidden, Matrix weight) {
    this.hidden = hidden;
    this.weight = weight;
    this.gradient = Matrix.zeros(Precision.FLOAT32, weight.rows(), hidden.rows());
    Ops tf = Ops.create(graph);
    Operand<TFloat32> h = matrix(tf, "hidden", hidden);
    Operand<TFloat32> w = matrix(tf, "weight", weight);
    Operand<TFloat32> dz = matrix(tf, "gradient", gradient);
    Operand<TFloat32> upright = tf.linalg.transpose(h, tf.constant(new int[] {1, 0}));
    Operand<?> unused = tf.withName(ALL[0]).linalg.matMul(w, upright);
    unused = tf.withName(ALL[1]).linalg.matMul(dz, w, MatMul.transposeA(true));
    unused = tf.withName(ALL[2]).linalg.matMul(dz, h);
    int processors = Runtime.getRuntime().availableProcessors();
    this.session = TensorFlowRuntime.during(() -> Sessions.of(graph, processors));
  }

  private static Operand<TFloat32> matrix(Ops tf, String name, Matrix matrix) {
    Shape shape = Shape.of(matrix.rows(), matrix.columns());
    return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  /** Computes all three, one after the other, and drops them. */
  public void run() {
    Map<String, Matrix> given = new HashMap<>();
    given.put("hidden", hidden);
    given.put("weight", weight);
    given.put("gradient", gradient);
    run(ALL[0], given, "hidden", "weight");
    run(ALL[1], given, "gradient", "weight");
    run(ALL[2], given, "gradient", "hidden");
  }

  private void run(String product, Map<String, Matrix> given, String... inputs) {
    Session.Runner runner = session.runner().addTarget(product);
    for (String input : inputs) {
      runner = runner.feed(input, java.util.Objects.requireNonNull(given.get(input)).tensor());
    }
    runner.run().close();
  }

  @Override
  public void close() {
    session.close();
    graph.close();
    gradient.close();
  }
}
