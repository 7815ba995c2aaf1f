package lossmith.dsl.python;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;

/**
 * Whether what is known of a token decides the gradient there: then it can be taken while a few
 * tokens are looked at, though what is read of the policy at others is not known yet.
 */
public final class TokenLocal {
  private TokenLocal() {}

  /**
   * {@return whether the gradients with respect to some statistics read, of statistics of the
   * policy, those of the same token alone}
   *
   * @param of what the objective is a function of
   * @param statistics the columns that are found of the policy
   * @param live those whose gradients are meant
   */
  static boolean gradients(Signature of, Set<String> statistics, Seq<String> live) {
    Set<String> found =
        statistics.addAll(
            of.fallbacks().filterValues(other -> reads(List.of(other), statistics)).keySet());
    Seq<Node> gradients = live.map(name -> of.split().rest().gradients().get(name).get());
    return !Graph.below(gradients, Node::children)
        .filter(TokenLocal::joins)
        .exists(node -> reads(node.children(), found));
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
}
