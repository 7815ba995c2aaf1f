package lossmith.dsl;

/**
 * A switch over the kinds of {@link Node} that says one thing of every kind, except of those whose
 * methods are overridden.
 *
 * @param <R> what is said of a node
 */
public abstract class Otherwise<R> extends ByDependence<R> {
  /** {@return what is said of a node of which nothing else is said} */
  protected abstract R otherwise(Node node);

  @Override
  protected final R leaf(Node.Leaf node) {
    return otherwise(node);
  }

  @Override
  protected final R elementwise(Node node) {
    return otherwise(node);
  }

  @Override
  protected final R around(Node node, Level.Name within) {
    return otherwise(node);
  }

  @Override
  protected final R reducing(Node node, Level.Name to) {
    return otherwise(node);
  }
}
