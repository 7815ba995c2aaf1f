package lossmith.dsl;

import io.vavr.collection.Seq;

/**
 * A node in a few words for messages: its own kind and two levels below it, never the whole graph.
 */
final class Words {
  private Words() {}

  static String of(Node node) {
    return of(node, 3);
  }

  private static String of(Node node, int depth) {
    if (node instanceof Node.Input x) {
      return x.name();
    }
    if (node instanceof Node.ParameterValue x) {
      return x.name();
    }
    if (node instanceof Node.Named x) {
      return x.symbol();
    }
    if (node instanceof Node.Constant x) {
      return String.valueOf(x.value());
    }
    Seq<String> inner = node.children().map(child -> depth == 0 ? "…" : of(child, depth - 1));
    return word(node) + inner.mkString("(", ", ", ")");
  }

  private static String word(Node node) {
    if (node instanceof Node.Unary x) {
      return x.op().toString();
    }
    if (node instanceof Node.Binary x) {
      return x.op().name().toLowerCase(java.util.Locale.ROOT);
    }
    if (node instanceof Node.Compare x) {
      return x.op().name().toLowerCase(java.util.Locale.ROOT);
    }
    if (node instanceof Node.Reduce x) {
      return x.op().toString();
    }
    String kind = node.getClass().getSimpleName();
    return Character.toLowerCase(kind.charAt(0)) + kind.substring(1);
  }
}
