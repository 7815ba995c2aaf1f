package lossmith.ops.rows;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.sweep.EntryGradient;
import lossmith.ops.graph.RaggedIndex;
import lossmith.ops.runtime.Xla;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** Nodes over a fixed number of rows of the logits as one function that XLA compiles. */
final class RowFunction implements AutoCloseable {
  private final RowShape shape;
  private final Map<String, Node> nodes;
  private final Option<EntryGradient> gradient;
  private final SoftmaxConstants normaliser;
  private final Set<String> normalisers;
  private final ConcreteFunction function;
  private Map<String, Level.Name> inputs = LinkedHashMap.empty();

  /** The function of nodes that are entries by themselves, the normalisers given. */
  static RowFunction entries(RowShape shape, Map<String, Node> nodes) {
    return new RowFunction(
        shape, nodes, Option.none(), SoftmaxConstants.GIVEN, LinkedHashSet.empty());
  }

  /**
   * A function of whole rows.
   *
   * @param shape the rows
   * @param nodes what comes out per row, by name
   * @param gradient what comes out per entry, where it is wanted
   * @param normaliser where max z and log Σ exp come from
   * @param normalisers which of their columns come out too
   */
  RowFunction(
      RowShape shape,
      Map<String, Node> nodes,
      Option<EntryGradient> gradient,
      SoftmaxConstants normaliser,
      Set<String> normalisers) {
    this.shape = shape;
    this.nodes = nodes;
    this.gradient = gradient;
    this.normaliser = normaliser;
    this.normalisers = normalisers;
    this.function = ConcreteFunction.create(tf -> signature(tf, shape.type()));
  }

  private <T extends TNumber> Signature signature(Ops tf, Class<T> type) {
    RowGraph<T> graph = new RowGraph<>(tf, type, shape, normaliser);
    Fold<Operand<?>> fold = new Fold<>(graph);
    HashConsing sharing = new HashConsing();
    Signature.Builder signature = Signature.builder().key("rows");
    for (var node : nodes) {
      Operand<?> value = fold.of(sharing.of(node._2));
      signature = signature.output(node._1, graph.output(value, node._2.level()));
    }
    for (String name : normalisers) {
      boolean most = name.startsWith(SoftmaxConstants.MOST);
      int prefix = (most ? SoftmaxConstants.MOST : SoftmaxConstants.LOG_MASS).length();
      RowSoftmax<T> softmax = graph.softmax(name.substring(prefix));
      Operand<?> value = most ? softmax.most() : softmax.logMass();
      signature = signature.output(name, graph.output(value, Level.Name.TOKEN));
    }
    for (EntryGradient split : gradient) {
      split.numbers().forEach((name, node) -> graph.made(name, fold.of(sharing.of(node))));
      Operand<?> entries = fold.of(sharing.of(split.entries()));
      signature = signature.output(RowPlan.GRADIENT, graph.output(entries, Level.Name.VOCABULARY));
    }
    for (var input : graph.inputs().entrySet()) {
      signature = signature.input(input.getKey(), input.getValue());
    }
    inputs = LinkedHashMap.ofAll(graph.levels());
    return signature.build();
  }

  /** The rows that it takes at a time. */
  RowShape shape() {
    return shape;
  }

  /** What has to be given, by name, and its level; {@link RaggedIndex#SAMPLED} as integers. */
  Map<String, Level.Name> inputs() {
    return inputs;
  }

  /** What comes out, by name, and its level. */
  Map<String, Level.Name> outputs() {
    Map<String, Level.Name> all =
        nodes
            .mapValues(Node::level)
            .merge(normalisers.toLinkedMap(name -> Tuple.of(name, Level.Name.TOKEN)));
    return gradient.isEmpty() ? all : all.put(RowPlan.GRADIENT, Level.Name.VOCABULARY);
  }

  /** The values of the nodes in a graph, by name. */
  java.util.Map<String, Operand<?>> call(Ops tf, java.util.Map<String, Operand<?>> arguments) {
    return Xla.call(tf, function, arguments);
  }

  /** The values of the nodes inside a function with which this one is compiled. */
  java.util.Map<String, Operand<?>> inside(Ops tf, java.util.Map<String, Operand<?>> arguments) {
    return Xla.inside(tf, function, arguments);
  }

  @Override
  public void close() {
    function.close();
  }
}
