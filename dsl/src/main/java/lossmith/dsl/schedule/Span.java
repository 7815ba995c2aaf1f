package lossmith.dsl.schedule;

import io.vavr.control.Option;
import lossmith.dsl.Algebra;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/**
 * The level within which a node reads elements other than its own: the response for a scan, the
 * prompt for a group mean, none for what is element-wise.
 */
final class Span implements Algebra<Option<Level.Name>> {
  private Span() {}

  static Option<Level.Name> of(Node node) {
    return node.apply(new Span(), child -> Option.none());
  }

  private static Option<Level.Name> none() {
    return Option.none();
  }

  @Override
  public Option<Level.Name> input(Node.Input node) {
    return none();
  }

  @Override
  public Option<Level.Name> chosen(Node.Chosen node) {
    return none();
  }

  @Override
  public Option<Level.Name> constant(Node.Constant node) {
    return none();
  }

  @Override
  public Option<Level.Name> truth(Node.Truth node) {
    return none();
  }

  @Override
  public Option<Level.Name> setting(Node.Setting node) {
    return none();
  }

  @Override
  public Option<Level.Name> uniform(
      Node.Uniform node, Option<Level.Name> seed, Option<Level.Name> step) {
    return none();
  }

  @Override
  public Option<Level.Name> named(Node.Named node, Option<Level.Name> of) {
    return none();
  }

  @Override
  public Option<Level.Name> unary(Node.Unary node, Option<Level.Name> of) {
    return none();
  }

  @Override
  public Option<Level.Name> not(Node.Not node, Option<Level.Name> of) {
    return none();
  }

  @Override
  public Option<Level.Name> stopGradient(Node.StopGradient node, Option<Level.Name> of) {
    return none();
  }

  @Override
  public Option<Level.Name> broadcast(Node.Broadcast node, Option<Level.Name> of) {
    return none();
  }

  @Override
  public Option<Level.Name> neighbour(Node.Neighbour node, Option<Level.Name> of) {
    return Option.some(Level.Name.SEQUENCE);
  }

  @Override
  public Option<Level.Name> choose(Node.Choose node, Option<Level.Name> of) {
    return none();
  }

  @Override
  public Option<Level.Name> binary(
      Node.Binary node, Option<Level.Name> left, Option<Level.Name> right) {
    return none();
  }

  @Override
  public Option<Level.Name> compare(
      Node.Compare node, Option<Level.Name> left, Option<Level.Name> right) {
    return none();
  }

  @Override
  public Option<Level.Name> logic(
      Node.Logic node, Option<Level.Name> left, Option<Level.Name> right) {
    return none();
  }

  @Override
  public Option<Level.Name> scan(
      Node.Scan node, Option<Level.Name> addend, Option<Level.Name> coefficient) {
    return Option.some(Level.Name.SEQUENCE);
  }

  @Override
  public Option<Level.Name> share(Node.Share node, Option<Level.Name> of, Option<Level.Name> key) {
    return Option.some(node.within());
  }

  @Override
  public Option<Level.Name> permute(
      Node.Permute node, Option<Level.Name> of, Option<Level.Name> key) {
    return Option.some(node.within());
  }

  @Override
  public Option<Level.Name> clip(
      Node.Clip node, Option<Level.Name> of, Option<Level.Name> low, Option<Level.Name> high) {
    return none();
  }

  @Override
  public Option<Level.Name> select(
      Node.Select node,
      Option<Level.Name> when,
      Option<Level.Name> left,
      Option<Level.Name> right) {
    return none();
  }

  @Override
  public Option<Level.Name> reduce(
      Node.Reduce node, Option<Level.Name> of, Option<Option<Level.Name>> where) {
    return Option.some(node.to());
  }

  @Override
  public Option<Level.Name> count(Node.Count node, Option<Option<Level.Name>> where) {
    return Option.some(node.to());
  }

  @Override
  public Option<Level.Name> rank(
      Node.Rank node, Option<Level.Name> of, Option<Option<Level.Name>> where) {
    return Option.some(node.within());
  }

  @Override
  public Option<Level.Name> quantile(
      Node.Quantile node,
      Option<Level.Name> of,
      Option<Level.Name> share,
      Option<Option<Level.Name>> where) {
    return Option.some(node.to());
  }
}
