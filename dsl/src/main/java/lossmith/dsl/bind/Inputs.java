package lossmith.dsl.bind;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.LinkedHashSet;
import java.util.Set;
import lossmith.dsl.Fold;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;

/** The leaves that nodes read, in the order they are met. */
public final class Inputs {
  private final Set<Node.Input> inputs = new LinkedHashSet<>();
  private final Set<Node.Setting> settings = new LinkedHashSet<>();

  private Inputs(Seq<Node> nodes) {
    Fold<Node> fold = new Fold<>(new Reading());
    nodes.forEach(
        node -> {
          Node unused = fold.of(node);
        });
  }

  /** {@return what these nodes read} */
  public static Inputs of(Iterable<Node> nodes) {
    return new Inputs(List.ofAll(nodes));
  }

  /** {@return the columns} */
  public Seq<Node.Input> columns() {
    return List.ofAll(inputs);
  }

  /** {@return the parameters} */
  public Seq<Node.Setting> settings() {
    return List.ofAll(settings);
  }

  private final class Reading extends Rebuild {
    @Override
    public Node input(Node.Input node) {
      inputs.add(node);
      return node;
    }

    @Override
    public Node setting(Node.Setting node) {
      settings.add(node);
      return node;
    }
  }
}
