package lossmith.dsl;

/**
 * A visitor of {@link Node} in which all kinds that depend on their operands in the same way
 * ({@link Dependence}) share one method. Each kind is assigned to its method here; a subclass
 * overrides the method of a kind that it treats differently.
 *
 * @param <R> the result
 */
public abstract class ByDependence<R> implements Node.Cases<R> {
  /** {@return the result for a node without children} */
  protected abstract R leaf(Node.Leaf node);

  /** {@return the result for an element-wise node} */
  protected abstract R elementwise(Node node);

  /**
   * {@return the result for a node whose elements read others within the same element of a level}
   */
  protected abstract R around(Node node, Level.Name within);

  /** {@return the result for a reduction to a coarser level} */
  protected abstract R reducing(Node node, Level.Name to);

  @Override
  public R input(Node.Input node) {
    return leaf(node);
  }

  @Override
  public R sampled(Node.Sampled node) {
    return leaf(node);
  }

  @Override
  public R constant(Node.Constant node) {
    return leaf(node);
  }

  @Override
  public R truth(Node.Truth node) {
    return leaf(node);
  }

  @Override
  public R parameter(Node.ParameterValue node) {
    return leaf(node);
  }

  @Override
  public R uniform(Node.Uniform node) {
    return elementwise(node);
  }

  @Override
  public R named(Node.Named node) {
    return elementwise(node);
  }

  @Override
  public R unary(Node.Unary node) {
    return elementwise(node);
  }

  @Override
  public R not(Node.Not node) {
    return elementwise(node);
  }

  @Override
  public R stopGradient(Node.StopGradient node) {
    return elementwise(node);
  }

  @Override
  public R broadcast(Node.Broadcast node) {
    return elementwise(node);
  }

  @Override
  public R neighbour(Node.Neighbour node) {
    return around(node, Level.Name.SEQUENCE);
  }

  @Override
  public R gather(Node.Gather node) {
    return elementwise(node);
  }

  @Override
  public R binary(Node.Binary node) {
    return elementwise(node);
  }

  @Override
  public R compare(Node.Compare node) {
    return elementwise(node);
  }

  @Override
  public R logic(Node.Logic node) {
    return elementwise(node);
  }

  @Override
  public R scan(Node.Scan node) {
    return around(node, Level.Name.SEQUENCE);
  }

  @Override
  public R sumByKey(Node.SumByKey node) {
    return around(node, node.within());
  }

  @Override
  public R permute(Node.Permute node) {
    return around(node, node.within());
  }

  @Override
  public R clip(Node.Clip node) {
    return elementwise(node);
  }

  @Override
  public R select(Node.Select node) {
    return elementwise(node);
  }

  @Override
  public R reduce(Node.Reduce node) {
    return reducing(node, node.to());
  }

  @Override
  public R count(Node.Count node) {
    return reducing(node, node.to());
  }

  @Override
  public R rank(Node.Rank node) {
    return around(node, node.within());
  }

  @Override
  public R quantile(Node.Quantile node) {
    return reducing(node, node.to());
  }
}
