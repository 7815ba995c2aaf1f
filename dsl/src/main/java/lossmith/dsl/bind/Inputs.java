package lossmith.dsl.bind;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.LinkedHashSet;
import java.util.Set;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;

/** The leaves that nodes read, in the order they are met. */
public final class Inputs {
  private final Set<Node.Input> inputs = new LinkedHashSet<>();
  private final Set<Node.ParameterValue> parameters = new LinkedHashSet<>();

  private Inputs() {}

  /**
   * {@return what these nodes read where every column is there: nothing of what stands for a column
   * that is absent}
   */
  public static Inputs of(Iterable<Node> nodes) {
    Inputs read = new Inputs();
    Fold<Node> fold = new Fold<>(read.new Reading());
    nodes.forEach(
        node -> {
          Node unused = fold.of(node);
        });
    return read;
  }

  /**
   * {@return what these nodes may read, whichever columns are absent: also what the terms read that
   * stand for absent columns}
   */
  public static Inputs withDefaults(Iterable<Node> nodes) {
    Inputs read = new Inputs();
    for (Node node : Graph.below(nodes)) {
      if (node instanceof Node.Input input) {
        read.inputs.add(input);
      } else if (node instanceof Node.ParameterValue parameter) {
        read.parameters.add(parameter);
      }
    }
    return read;
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
    return List.ofAll(inputs);
  }

  /**
   * {@return the names of the columns and grids that may be absent, because a term stands for them}
   */
  public io.vavr.collection.Set<String> optional() {
    return columns()
        .filter(input -> input.otherwise().isDefined())
        .map(Node.Input::name)
        .toLinkedSet();
  }

  /** {@return the parameters} */
  public Seq<Node.ParameterValue> parameters() {
    return List.ofAll(parameters);
  }

  private final class Reading extends Rebuild {
    @Override
    public Node input(Node.Input node) {
      inputs.add(node);
      return node;
    }

    @Override
    public Node parameter(Node.ParameterValue node) {
      parameters.add(node);
      return node;
    }
  }
}
