package lossmith.proofs.mutation;

import io.vavr.collection.List;
import io.vavr.collection.Stream;
import io.vavr.control.Try;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Parameter;

/** An objective with a weight: a parameter of another one, or what that lacks to 1. */
final class Weighed {
  private Weighed() {}

  static Stream<Loss> of(Loss loss, Iterable<Parameter> parameters) {
    Node one = Nodes.constant(1, Level.Name.BATCH);
    return List.ofAll(parameters)
        .toStream()
        .map(Parameter::node)
        .flatMap(weight -> List.of(weight, Nodes.binary(BinaryOp.MINUS, one, weight)))
        .flatMap(
            weight ->
                Try.of(() -> loss.rewritten(part -> Nodes.binary(BinaryOp.TIMES, part, weight))));
  }
}
