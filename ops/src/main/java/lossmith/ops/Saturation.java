package lossmith.ops;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.UnaryOp;
import lossmith.ops.memory.Precision;

/** Where exponentials are flat, because e^x would overflow: see {@link UnaryOp#EXP}. */
public final class Saturation {
  private Saturation() {}

  /**
   * {@return how many tokens have an argument of an exponential beyond the saturation}
   *
   * <p>That of a response, a group or the batch counts for all of its tokens; entries of the
   * vocabulary, whose probability is then as good as 0, are not counted.
   *
   * @param nodes where to look for exponentials
   * @param precision the type of the numbers, which decides where the saturation begins
   */
  public static Node tokens(Iterable<Node> nodes, Precision precision) {
    Seq<Node> beyond =
        Graph.only(Node.Unary.class, Graph.below(nodes, Node::children))
            .filter(unary -> unary.op().saturates() && unary.level() != Level.Name.VOCABULARY)
            .map(Node.Unary::of)
            .map(x -> beyond(x, precision.saturation()));
    return beyond
        .reduceOption(Nodes::or)
        .map(where -> Nodes.count(Level.Name.TOKEN, Level.Name.BATCH, Option.some(where)))
        .getOrElse(() -> Nodes.constant(0, Level.Name.BATCH));
  }

  private static Node beyond(Node x, double saturation) {
    Node bound = Nodes.constant(saturation, x.level());
    Node beyond = Nodes.compare(CompareOp.BELOW, bound, Nodes.unary(UnaryOp.ABS, x));
    return Nodes.broadcast(beyond, Level.Name.TOKEN);
  }
}
