package lossmith.dsl;

import io.vavr.collection.Seq;

/** Gives one parameter another name wherever it is read. */
final class Renaming extends Rebuild {
  private final String name;
  private final String other;

  /**
   * A renaming, refused where it would rename nothing, or two parameters to one.
   *
   * @param roots the nodes in which a parameter is renamed
   * @param name its name
   * @param other its new name
   */
  Renaming(Iterable<Node> roots, String name, String other) {
    this.name = name;
    this.other = other;
    Seq<String> names = Graph.parameters(roots).map(Node.ParameterValue::name).distinct();
    String wrote = "renamed(\"" + name + "\", \"" + other + "\")";
    if (!names.contains(name)) {
      throw Problem.of(
              "parameter",
              wrote + ", but there is no parameter " + name + Nearest.to(name, names),
              "the name of one of its parameters: " + names.mkString(", "),
              "one of these names")
          .exception();
    }
    if (!name.equals(other) && names.contains(other)) {
      throw Problem.of(
              "parameter",
              wrote + ", but there is a parameter " + other + " already",
              "a name that is free",
              "another new name")
          .exception();
    }
  }

  Node of(Node node) {
    return new Fold<>(this).of(node);
  }

  @Override
  public Node parameter(Node.ParameterValue node) {
    return node.name().equals(name) ? Nodes.parameter(other, node.range()) : node;
  }

  @Override
  public Node input(Node.Input node) {
    return node.otherwise().isEmpty()
        ? node
        : Nodes.given(node.name(), node.level(), of(node.otherwise().get()));
  }
}
