package lossmith.ops;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.HashMap;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Sharing;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** Nodes over a fixed number of rows of the logits as one function that XLA compiles. */
final class RowFunction implements AutoCloseable {
  private final RowShape shape;
  private final Map<String, Node> nodes;
  private final ConcreteFunction function;
  private Map<String, Level.Name> inputs = LinkedHashMap.empty();

  /**
   * The function of these nodes.
   *
   * @param shape rows, width and orientation
   * @param nodes what comes out, by name
   */
  RowFunction(RowShape shape, Map<String, Node> nodes) {
    this.shape = shape;
    this.nodes = nodes;
    this.function = ConcreteFunction.create(tf -> signature(tf, shape.type()));
  }

  private <T extends TNumber> Signature signature(Ops tf, Class<T> type) {
    RowGraph<T> graph = new RowGraph<>(tf, type, shape);
    Fold<Operand<?>> fold = new Fold<>(graph);
    Sharing sharing = new Sharing();
    Signature.Builder signature = Signature.builder().key("rows");
    for (var node : nodes) {
      Operand<?> value = fold.of(sharing.of(node._2));
      signature = signature.output(node._1, graph.output(value, node._2.level()));
    }
    for (var input : graph.inputs().entrySet()) {
      signature = signature.input(input.getKey(), input.getValue());
    }
    inputs = LinkedHashMap.ofAll(graph.levels());
    return signature.build();
  }

  /** What has to be given, by name, and its level; {@link Structure#CHOSEN} as integers. */
  Map<String, Level.Name> inputs() {
    return inputs;
  }

  /** Placeholders for all inputs, named {@code prefix} and the input's place. */
  java.util.Map<String, Operand<?>> placeholders(Ops tf, String prefix) {
    java.util.Map<String, Operand<?>> fed = new HashMap<>();
    for (var input : inputs.zipWithIndex()) {
      Ops named = tf.withName(prefix + input._2);
      var dimensions = Placeholder.shape(shape.of(input._1._2));
      boolean whole = input._1._1.equals(Structure.CHOSEN);
      fed.put(
          input._1._1,
          whole
              ? named.placeholder(TInt32.class, dimensions)
              : named.placeholder(shape.typeOf(input._1._2), dimensions));
    }
    return fed;
  }

  /** The values of the nodes in a graph, by name. */
  java.util.Map<String, Operand<?>> call(Ops tf, java.util.Map<String, Operand<?>> arguments) {
    return tf.call(function, arguments);
  }

  @Override
  public void close() {
    function.close();
  }
}
