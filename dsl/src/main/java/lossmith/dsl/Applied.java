package lossmith.dsl;

import java.util.function.Function;

/**
 * What an algebra makes of one node, the meanings of its children known.
 *
 * @param algebra the algebra
 * @param of the meaning of each child
 * @param <R> what a node means
 */
record Applied<R>(Algebra<R> algebra, Function<Node, R> of) implements Node.Cases<R> {
  @Override
  public R input(Node.Input node) {
    return algebra.input(node);
  }

  @Override
  public R sampled(Node.Sampled node) {
    return algebra.sampled(node);
  }

  @Override
  public R constant(Node.Constant node) {
    return algebra.constant(node);
  }

  @Override
  public R truth(Node.Truth node) {
    return algebra.truth(node);
  }

  @Override
  public R parameter(Node.ParameterValue node) {
    return algebra.parameter(node);
  }

  @Override
  public R uniform(Node.Uniform node) {
    return algebra.uniform(node, of.apply(node.seed()), of.apply(node.step()));
  }

  @Override
  public R named(Node.Named node) {
    return algebra.named(node, of.apply(node.of()));
  }

  @Override
  public R unary(Node.Unary node) {
    return algebra.unary(node, of.apply(node.of()));
  }

  @Override
  public R not(Node.Not node) {
    return algebra.not(node, of.apply(node.of()));
  }

  @Override
  public R stopGradient(Node.StopGradient node) {
    return algebra.stopGradient(node, of.apply(node.of()));
  }

  @Override
  public R broadcast(Node.Broadcast node) {
    return algebra.broadcast(node, of.apply(node.of()));
  }

  @Override
  public R neighbour(Node.Neighbour node) {
    return algebra.neighbour(node, of.apply(node.of()));
  }

  @Override
  public R gather(Node.Gather node) {
    return algebra.gather(node, of.apply(node.of()));
  }

  @Override
  public R binary(Node.Binary node) {
    return algebra.binary(node, of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public R compare(Node.Compare node) {
    return algebra.compare(node, of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public R logic(Node.Logic node) {
    return algebra.logic(node, of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public R scan(Node.Scan node) {
    return algebra.scan(node, of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public R sumByKey(Node.SumByKey node) {
    return algebra.sumByKey(node, of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public R permute(Node.Permute node) {
    return algebra.permute(node, of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public R clip(Node.Clip node) {
    return algebra.clip(node, of.apply(node.of()), of.apply(node.low()), of.apply(node.high()));
  }

  @Override
  public R select(Node.Select node) {
    return algebra.select(
        node, of.apply(node.when()), of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public R reduce(Node.Reduce node) {
    return algebra.reduce(node, of.apply(node.of()), node.where().map(of));
  }

  @Override
  public R count(Node.Count node) {
    return algebra.count(node, node.where().map(of));
  }

  @Override
  public R rank(Node.Rank node) {
    return algebra.rank(node, of.apply(node.of()), node.where().map(of));
  }

  @Override
  public R quantile(Node.Quantile node) {
    return algebra.quantile(
        node, of.apply(node.of()), of.apply(node.fraction()), node.where().map(of));
  }
}
