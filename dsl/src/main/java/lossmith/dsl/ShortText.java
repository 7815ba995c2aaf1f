package lossmith.dsl;

import java.util.Locale;

/** Short text of a node for error messages: the node and three levels below it, then "…". */
final class ShortText extends Otherwise<String> {
  private final int depth;

  private ShortText(int depth) {
    this.depth = depth;
  }

  static String of(Node node) {
    return node.match(new ShortText(3));
  }

  private String words(String word, Node node) {
    ShortText inside = new ShortText(depth - 1);
    return word
        + node.children()
            .map(child -> depth == 0 ? "…" : child.match(inside))
            .mkString("(", ", ", ")");
  }

  @Override
  public String input(Node.Input node) {
    return node.name();
  }

  @Override
  public String parameter(Node.ParameterValue node) {
    return node.name();
  }

  @Override
  public String named(Node.Named node) {
    return node.symbol();
  }

  @Override
  public String constant(Node.Constant node) {
    return String.valueOf(node.value());
  }

  @Override
  public String unary(Node.Unary node) {
    return words(node.op().toString(), node);
  }

  @Override
  public String binary(Node.Binary node) {
    return words(node.op().name().toLowerCase(Locale.ROOT), node);
  }

  @Override
  public String compare(Node.Compare node) {
    return words(node.op().name().toLowerCase(Locale.ROOT), node);
  }

  @Override
  public String reduce(Node.Reduce node) {
    return words(node.op().toString(), node);
  }

  @Override
  protected String otherwise(Node node) {
    String kind = node.getClass().getSimpleName();
    return words(Character.toLowerCase(kind.charAt(0)) + kind.substring(1), node);
  }
}
