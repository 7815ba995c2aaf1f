package lossmith.dsl;

import java.util.HashMap;
import java.util.Map;

/**
 * Value numbering: equal parts become the same object, from the leaves up, in linear time. One
 * table may serve several graphs, which then share what they have in common.
 */
public final class HashConsing {
  private final Map<Node, Node> canonical = new HashMap<>();
  private final Fold<Node> fold = new Fold<>(new Rebuild(), this::intern);

  /** {@return the canonical node equal to the given one} */
  public Node of(Node node) {
    return fold.of(node);
  }

  /**
   * {@return the canonical node equal to the given one}
   *
   * @param node a node whose children are canonical already
   */
  public Node intern(Node node) {
    Node known = canonical.putIfAbsent(node, node);
    return known == null ? node : known;
  }

  /** {@return whether two graphs are equal} */
  public static boolean same(Node left, Node right) {
    HashConsing sharing = new HashConsing();
    return sharing.of(left) == sharing.of(right);
  }
}
