package lossmith.dsl.pieces;

import io.vavr.collection.Map;
import lossmith.dsl.Node;

/** A node that is taken over the whole batch, and what pieces of the batch are asked for it. */
public sealed interface BatchTotal permits Gathered, Ordered {
  /** {@return the column that stands for it} */
  String name();

  /** {@return the node; earlier totals are given columns in it} */
  Node node();

  /** {@return what a piece is asked for: nodes by name, over its own elements} */
  Map<String, Node> asked();

  /** The total of a node that is taken over the whole batch. */
  static BatchTotal of(String name, Node node) {
    return Gathering.of(node)
        .<BatchTotal>map(gathering -> new Gathered(name, node, gathering))
        .getOrElse(() -> new Ordered(name, node));
  }
}
