package lossmith.dsl;

/**
 * A switch over the kinds that says the same of those that read alike. A kind enters in one place
 * here; what is said of a kind by itself overrides its method.
 *
 * @param <R> what is said of a node
 */
public abstract class ByShape<R> implements Node.Cases<R> {
  /** {@return what is said of a node without children} */
  protected abstract R leaf(Node.Leaf node);

  /** {@return what is said of a node whose elements read no others of their level} */
  protected abstract R elementwise(Node node);

  /** {@return what is said of a node whose elements read others of what they belong to} */
  protected abstract R around(Node node, Level.Name within);

  /** {@return what is said of a node that makes one number of the elements of a finer level} */
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
