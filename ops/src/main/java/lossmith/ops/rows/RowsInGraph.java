package lossmith.ops.rows;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.sweep.EntryGradient;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * A pass over rows that are one chunk, inside a graph that computes what comes before and after it
 * too: rows that the chunk has beyond those of the batch are 0, and nobody reads them.
 */
public final class RowsInGraph {
  private RowsInGraph() {}

  /** Whether rows of this shape are one block that stays in a cache. */
  public static boolean fits(RowShape shape) {
    return RowLoop.block(shape).rows() == shape.rows();
  }

  /**
   * {@return what comes out of the rows: nodes of the token level, a number for each row of the
   * batch, and under {@code RowPlan.GRADIENT} the gradient of all rows of the chunk}
   *
   * @param tf the graph
   * @param shape of the chunk
   * @param turn whether other passes come before or after
   * @param statistics nodes over a row, by name
   * @param gradient dL/dlogits, where it is wanted
   * @param tokens how many rows the batch has
   * @param given what a row reads, by name and level
   */
  public static Map<String, Operand<?>> of(
      Ops tf,
      RowShape shape,
      PassOrder turn,
      Map<String, Node> statistics,
      Option<Node> gradient,
      Operand<TInt32> tokens,
      BiFunction<String, Level.Name, Operand<?>> given) {
    try (RowFunction rows =
        new RowFunction(
            shape,
            statistics,
            gradient.map(EntryGradient::of),
            turn == PassOrder.LATER ? SoftmaxConstants.GIVEN : SoftmaxConstants.KEPT,
            turn == PassOrder.FIRST
                ? SoftmaxConstants.columns(shape.softmaxes().keySet())
                : HashSet.empty())) {
      Operand<TInt32> more = tf.math.sub(tf.constant(shape.rows()), tokens);
      java.util.Map<String, Operand<?>> arguments = new HashMap<>();
      for (var input : rows.inputs()) {
        Operand<?> whole = given.apply(input._1, input._2);
        Operand<?> unused =
            arguments.put(input._1, padded(tf, whole, input._2, shape.width(), tokens, more));
      }
      java.util.Map<String, Operand<?>> found = rows.call(tf, arguments);
      Map<String, Operand<?>> outputs = LinkedHashMap.empty();
      for (var output : rows.outputs()) {
        Operand<?> whole = Objects.requireNonNull(found.get(output._1));
        outputs =
            outputs.put(
                output._1, output._2 == Level.Name.TOKEN ? first(tf, whole, tokens) : whole);
      }
      return outputs;
    }
  }

  /** The name of the gradient among the outputs. */
  public static String gradient() {
    return RowPlan.GRADIENT;
  }

  /** A matrix may have more rows than the batch. */
  private static Operand<?> padded(
      Ops tf,
      Operand<?> x,
      Level.Name level,
      int width,
      Operand<TInt32> tokens,
      Operand<TInt32> more) {
    return switch (level) {
      case TOKEN -> pad(tf, x, tf.reshape(tf.stack(List.of(zero(tf), more)), shape(tf, 1)));
      case VOCABULARY ->
          pad(
              tf,
              tf.slice(
                  x, tf.constant(new int[] {0, 0}), tf.stack(List.of(tokens, tf.constant(width)))),
              tf.reshape(tf.stack(List.of(zero(tf), more, zero(tf), zero(tf))), shape(tf, 2)));
      default -> x;
    };
  }

  /** With zeros, of whatever type. */
  private static Operand<?> pad(Ops tf, Operand<?> x, Operand<TInt32> by) {
    return tf.scope()
        .opBuilder("Pad", "pad")
        .addInput(x.asOutput())
        .addInput(by.asOutput())
        .build()
        .output(0);
  }

  private static Operand<TInt32> zero(Ops tf) {
    return tf.constant(0);
  }

  private static Operand<TInt32> shape(Ops tf, int axes) {
    return tf.constant(new int[] {axes, 2});
  }

  private static <U extends TType> Operand<U> first(Ops tf, Operand<U> x, Operand<TInt32> tokens) {
    return tf.slice(x, tf.constant(new int[] {0}), tf.reshape(tokens, tf.constant(new int[] {1})));
  }
}
