package lossmith.dsl.bind;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;

/** Writes, for every column that is absent and has a default, its default in its place. */
final class AbsentColumns extends Rebuild {
  private final Set<String> columns;
  private final HashConsing sharing;
  private Map<String, Node> fallbacks = LinkedHashMap.empty();

  AbsentColumns(Set<String> columns, HashConsing sharing) {
    this.columns = columns;
    this.sharing = sharing;
  }

  /** The node without columns that are absent and have a default. */
  Node filled(Node node) {
    return new Fold<>(this, sharing::intern).of(sharing.of(node));
  }

  /** What stood in so far: by the name of a column that is absent, the term in its place. */
  Map<String, Node> fallbacks() {
    return fallbacks;
  }

  @Override
  public Node input(Node.Input node) {
    if (columns.contains(node.name()) || node.otherwise().isEmpty()) {
      return node;
    }
    fallbacks = fallbacks.put(node.name(), node.otherwise().get());
    return filled(node.otherwise().get());
  }
}
