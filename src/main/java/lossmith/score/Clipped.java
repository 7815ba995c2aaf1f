package lossmith.score;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Algebra;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;

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
    Finding finding = new Finding();
    Node unused = new Fold<>((Algebra<Node>) finding).of(value);
    return finding
        .clips
        .toList()
        .filter(clip -> clip.of().live() && !clip.level().finerThan(Level.Name.TOKEN));
  }

  private static final class Finding extends Rebuild {
    private Set<Node.Clip> clips = LinkedHashSet.empty();

    @Override
    public Node clip(Node.Clip node, Node of, Node low, Node high) {
      clips = clips.add(node);
      return node;
    }
  }
}
