package lossmith.score;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;

/**
 * Finds where an objective clips: the tokens whose clipped quantity lies beyond a bound, whether or
 * not the bound then decides.
 */
final class Clipped {
  private Clipped() {}

  /**
   * {@return per token, whether some clip's argument lies below its lower bound; none if nothing is
   * clipped}
   */
  static Option<Node> below(Node value) {
    return any(clips(value).map(clip -> beyond(CompareOp.BELOW, clip.of(), clip.low())));
  }

  /**
   * {@return per token, whether some clip's argument lies above its upper bound; none if nothing is
   * clipped}
   */
  static Option<Node> above(Node value) {
    return any(clips(value).map(clip -> beyond(CompareOp.BELOW, clip.high(), clip.of())));
  }

  private static Node beyond(CompareOp op, Node left, Node right) {
    return spread(Nodes.compare(op, left, right));
  }

  private static Node spread(Node condition) {
    return Nodes.broadcast(condition, Level.Name.TOKEN);
  }

  private static Option<Node> any(Seq<Node> conditions) {
    return conditions.reduceOption(Nodes::or);
  }

  private static Seq<Node.Clip> clips(Node value) {
    return Graph.only(Node.Clip.class, Graph.below(List.of(value), Node::children))
        .distinct()
        .filter(clip -> clip.of().live() && !clip.level().finerThan(Level.Name.TOKEN));
  }
}
