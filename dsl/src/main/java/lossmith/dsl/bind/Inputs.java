package lossmith.dsl.bind;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Graph;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;

/** The leaves that nodes read, in the order they are met. */
public final class Inputs {
  private final Seq<Node.Input> columns;
  private final Seq<Node.ParameterValue> parameters;

  private Inputs(Seq<Node> nodes) {
    this.columns = Graph.only(Node.Input.class, nodes).distinct();
    this.parameters = Graph.only(Node.ParameterValue.class, nodes).distinct();
  }

  /**
   * {@return what these nodes read where every column is there: nothing of what stands for a column
   * that is absent}
   */
  public static Inputs of(Iterable<Node> nodes) {
    return new Inputs(Graph.below(nodes, Node::children));
  }

  /**
   * {@return what these nodes may read, whichever columns are absent: also what the terms read that
   * stand for absent columns}
   */
  public static Inputs withDefaults(Iterable<Node> nodes) {
    return new Inputs(Graph.below(nodes));
  }

  /** {@return what the parts and the metrics of a loss may read, whichever columns are absent} */
  public static Inputs withDefaults(Loss loss) {
    return withDefaults(
        List.ofAll(loss.parts().values())
            .map(Term::node)
            .appendAll(loss.metrics().values().map(Term::node)));
  }

  /** {@return the columns} */
  public Seq<Node.Input> columns() {
    return columns;
  }

  /**
   * {@return the names of the columns and grids that may be absent, because a term stands for them}
   */
  public io.vavr.collection.Set<String> optional() {
    return columns
        .filter(input -> input.otherwise().isDefined())
        .map(Node.Input::name)
        .toLinkedSet();
  }

  /** {@return the parameters} */
  public Seq<Node.ParameterValue> parameters() {
    return parameters;
  }
}
