package lossmith.ops.graph;

import io.vavr.collection.Map;
import lossmith.dsl.Node;
import lossmith.dsl.print.Formula;

/** What stood in for absent columns, in words. */
public final class Fallbacks {
  private Fallbacks() {}

  /** The formula of each term that stood in, by the name of the column that was absent. */
  public static Map<String, String> text(Map<String, Node> fallbacks) {
    return fallbacks.mapValues(node -> Formula.unicode(node).strip());
  }
}
