package lossmith.proofs.mutation;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import io.vavr.control.Try;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Parameter;
import lossmith.dsl.Rebuild;

/**
 * An objective of which one parameter is a number within its range that leaves it out, or is
 * another of its parameters: still that objective, as somebody may want it.
 *
 * @param name what is fixed, and to what
 * @param loss the objective
 */
record FixedParameter(String name, Loss loss) {
  private static final Level.Name BATCH = Level.Name.BATCH;
  private static final Seq<Double> LEFT_OUT = List.of(0.0, 1.0);

  static Stream<FixedParameter> of(Loss loss) {
    Seq<Parameter> all = List.ofAll(loss.parameters());
    return all.toStream()
        .flatMap(
            one ->
                LEFT_OUT
                    .filter(one.range()::contains)
                    .map(value -> Tuple.of(value.toString(), Nodes.constant(value, BATCH)))
                    .appendAll(all.remove(one).map(other -> Tuple.of(other.name(), other.node())))
                    .flatMap(value -> Try.of(() -> of(loss, one, value._1, value._2))));
  }

  private static FixedParameter of(Loss loss, Parameter one, String as, Node value) {
    Rebuild put =
        new Rebuild() {
          @Override
          public Node parameter(Node.ParameterValue node) {
            return node.name().equals(one.name()) ? value : node;
          }
        };
    Fold<Node> fold = new Fold<>(put);
    return new FixedParameter(one.name() + " = " + as, loss.rewritten(fold::of));
  }
}
