package lossmith.dsl.bind;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.LinkedHashSet;
import java.util.Set;
import lossmith.dsl.Fold;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;

/** The leaves that nodes read, in the order they are met. */
public final class Inputs {
  private final Set<Node.Input> inputs = new LinkedHashSet<>();
  private final Set<Node.Setting> settings = new LinkedHashSet<>();
  private final Fold<Node> fold = new Fold<>(new Reading());
  private final boolean defaults;

  private Inputs(Seq<Node> nodes, boolean defaults) {
    this.defaults = defaults;
    nodes.forEach(this::read);
  }

  private void read(Node node) {
    Node unused = fold.of(node);
  }

  /**
   * {@return what these nodes read where every column is there: nothing of what stands for a column
   * that is absent}
   */
  public static Inputs of(Iterable<Node> nodes) {
    return new Inputs(List.ofAll(nodes), false);
  }

  /**
   * {@return what these nodes may read, whichever columns are absent: also what the terms read that
   * stand for absent columns}
   */
  public static Inputs withDefaults(Iterable<Node> nodes) {
    return new Inputs(List.ofAll(nodes), true);
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
  public Seq<Node.Setting> settings() {
    return List.ofAll(settings);
  }

  private final class Reading extends Rebuild {
    @Override
    public Node input(Node.Input node) {
      boolean met = !inputs.add(node);
      if (defaults && !met) {
        node.otherwise().forEach(Inputs.this::read);
      }
      return node;
    }

    @Override
    public Node setting(Node.Setting node) {
      settings.add(node);
      return node;
    }
  }
}
