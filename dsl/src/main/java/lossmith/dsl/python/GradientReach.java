package lossmith.dsl.python;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/**
 * How far the gradient at a token looks: what is to be known of the policy before it can be taken.
 * As soon as that is known, it is taken while the logits of the token are still there, though what
 * is read of the policy elsewhere is not known yet.
 */
public final class GradientReach {
  private GradientReach() {}

  /**
   * {@return the level of which each member has the gradients of its tokens to itself: these read,
   * of statistics of the policy, those of tokens of the same member alone}
   *
   * @param of what the objective is a function of
   * @param statistics the columns that are found of the policy
   * @param live those whose gradients are meant
   */
  static Level.Name of(Signature of, Set<String> statistics, Seq<String> live) {
    Set<String> found =
        statistics.addAll(
            of.fallbacks().filterValues(other -> reads(List.of(other), statistics)).keySet());
    Seq<Node> gradients = live.map(name -> of.split().rest().gradients().get(name).get());
    return Graph.below(gradients, Node::children)
        .filter(node -> joins(node) && reads(node.children(), found))
        .map(GradientReach::within)
        .filter(level -> level.compareTo(Level.Name.TOKEN) > 0)
        .maxBy(Enum::ordinal)
        .getOrElse(Level.Name.TOKEN);
  }

  /** {@return the tokens of each member of such a level, as the helpers of a module have them} */
  static String over(Level.Name level) {
    return switch (level) {
      case VOCABULARY, TOKEN -> "None";
      case SEQUENCE -> "b.tokens";
      case GROUP -> "b.group_tokens";
      case BATCH -> "b.all_tokens";
    };
  }

  private static boolean reads(Seq<Node> nodes, Set<String> columns) {
    return Graph.only(Node.Input.class, Graph.below(nodes, Node::children))
        .exists(input -> columns.contains(input.name()));
  }

  /** {@return whether a node makes one number of those of several elements} */
  public static boolean joins(Node node) {
    return node instanceof Node.Reduce
        || node instanceof Node.Count
        || node instanceof Node.Rank
        || node instanceof Node.Quantile
        || node instanceof Node.Scan
        || node instanceof Node.Neighbour
        || node instanceof Node.Permute
        || node instanceof Node.SumByKey;
  }

  /** The level whose members a node that joins elements looks at one by one. */
  private static Level.Name within(Node node) {
    if (node instanceof Node.Rank rank) {
      return rank.within();
    }
    if (node instanceof Node.Permute permute) {
      return permute.within();
    }
    if (node instanceof Node.SumByKey sum) {
      return sum.within();
    }
    return node instanceof Node.Scan || node instanceof Node.Neighbour
        ? Level.Name.SEQUENCE
        : node.level();
  }
}
