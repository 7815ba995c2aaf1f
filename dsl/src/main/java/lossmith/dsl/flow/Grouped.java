package lossmith.dsl.flow;

import io.vavr.collection.List;
import lossmith.dsl.ByDependence;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;

/** Whether an objective looks at the other responses of a prompt, or at how many there are. */
public final class Grouped {
  private Grouped() {}

  /** {@return whether a part of the loss has another value if each response is a prompt alone} */
  public static boolean is(Loss loss) {
    return Graph.below(List.ofAll(loss.parts().values()).map(Term::node))
        .exists(node -> node.match(new Looks()));
  }

  private static final class Looks extends ByDependence<Boolean> {
    @Override
    protected Boolean leaf(Node.Leaf node) {
      return false;
    }

    @Override
    protected Boolean elementwise(Node node) {
      return false;
    }

    @Override
    protected Boolean around(Node node, Level.Name within) {
      return within == Level.Name.GROUP;
    }

    @Override
    protected Boolean reducing(Node node, Level.Name to) {
      return to == Level.Name.GROUP;
    }
  }
}
