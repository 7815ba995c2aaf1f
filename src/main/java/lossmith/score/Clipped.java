package lossmith.score;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;

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

  /**
   * {@return between which numbers a term is held, the narrowest where it is clipped several times;
   * none where it is not clipped, or where the bounds depend on the rollouts}
   *
   * @param value the objective, whose parameters are constants
   * @param term of it, however it is spread
   */
  static Option<ClipBounds> bounds(Node value, Node term) {
    Seq<Node.Clip> clips =
        clips(value)
            .filter(clip -> bare(clip.of()).equals(bare(term)))
            .filter(clip -> Inputs.of(List.of(clip.low(), clip.high())).columns().isEmpty());
    return Option.when(
        clips.nonEmpty(),
        () ->
            new ClipBounds(
                clips.map(clip -> number(clip.low())).max().get(),
                clips.map(clip -> number(clip.high())).min().get()));
  }

  private static Node bare(Node node) {
    return node instanceof Node.Broadcast spread ? bare(spread.of()) : node;
  }

  private static double number(Node bound) {
    Samples one = new SamplesBuilder(new int[] {1}, new int[1]).build();
    return new Reference(one, HashMap.empty()).of(bare(bound))[0];
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
