package lossmith.proofs.mutation;

import io.vavr.collection.List;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.ReduceOp;

/**
 * Mistakes that are what another named objective does on purpose, so that no law of a kind can tell
 * them from right ones. Each is named with who does it.
 */
final class Conventional {
  private Conventional() {}

  static boolean of(Mutant slip) {
    return switch (slip.change()) {
      case "no lower bound" -> isHeld(slip);
      case "no clip" -> isRatio(slip.site());
      case "the reference forgotten" -> isPreference(slip);
      case "the mask left out", "what is left out counts all the same" ->
          leavesOutResponses(slip.site());
      default -> false;
    };
  }

  /** CISPO and truncated importance sampling bound a detached weight from above alone. */
  private static boolean isHeld(Mutant slip) {
    return !Graph.down(
            slip.original().parts().values().map(part -> part.node()),
            node -> node.live() ? node.children() : List.empty())
        .filter(Node::live)
        .contains(slip.site());
  }

  /** A surrogate without a clip is the importance-weighted gradient that PPO starts from. */
  private static boolean isRatio(Node site) {
    return site instanceof Node.Clip clip
        && clip.live()
        && Graph.only(Node.Input.class, Graph.below(site.children()))
            .map(Node.Input::name)
            .contains(Columns.OLD_LOG_PROB);
  }

  /** TRL's reference_free: DPO's losses of log π alone. */
  private static boolean isPreference(Mutant slip) {
    return Graph.only(
            Node.Input.class,
            Graph.below(slip.original().parts().values().map(part -> part.node())))
        .exists(input -> input.name().equals(Columns.SIGN));
  }

  /** TRL counts a response whose tokens are all masked in its mean over responses, as 0. */
  private static boolean leavesOutResponses(Node site) {
    return site instanceof Node.Reduce mean
        ? mean.live() && mean.op() == ReduceOp.MEAN && mean.of().level() != Level.Name.TOKEN
        : site instanceof Node.Select && site.level() == Level.Name.SEQUENCE && !site.live();
  }
}
