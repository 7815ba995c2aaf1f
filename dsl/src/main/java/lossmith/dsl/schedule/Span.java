package lossmith.dsl.schedule;

import io.vavr.control.Option;
import lossmith.dsl.ByDependence;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/**
 * The level within which a node reads elements other than its own: the response for a scan, the
 * prompt for a group mean, none for an element-wise node.
 */
public final class Span extends ByDependence<Option<Level.Name>> {
  private Span() {}

  /** {@return that level, if there is one} */
  public static Option<Level.Name> of(Node node) {
    return node.match(new Span());
  }

  @Override
  protected Option<Level.Name> leaf(Node.Leaf node) {
    return Option.none();
  }

  @Override
  protected Option<Level.Name> elementwise(Node node) {
    return Option.none();
  }

  @Override
  protected Option<Level.Name> around(Node node, Level.Name within) {
    return Option.some(within);
  }

  @Override
  protected Option<Level.Name> reducing(Node node, Level.Name to) {
    return Option.some(to);
  }
}
