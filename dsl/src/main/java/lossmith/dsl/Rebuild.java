package lossmith.dsl;

import io.vavr.control.Option;

/**
 * The identity meaning: every node made again from its children. Rewrites override the cases they
 * change.
 */
public class Rebuild implements Algebra<Node> {
  @Override
  public Node input(Node.Input node) {
    return node;
  }

  @Override
  public Node chosen(Node.Chosen node) {
    return node;
  }

  @Override
  public Node constant(Node.Constant node) {
    return node;
  }

  @Override
  public Node truth(Node.Truth node) {
    return node;
  }

  @Override
  public Node setting(Node.Setting node) {
    return node;
  }

  @Override
  public Node uniform(Node.Uniform node, Node seed, Node step) {
    return Nodes.uniform(seed, step);
  }

  @Override
  public Node named(Node.Named node, Node of) {
    return Nodes.named(of, node.symbol());
  }

  @Override
  public Node unary(Node.Unary node, Node of) {
    return Nodes.unary(node.op(), of);
  }

  @Override
  public Node not(Node.Not node, Node of) {
    return Nodes.not(of);
  }

  @Override
  public Node stopGradient(Node.StopGradient node, Node of) {
    return Nodes.stopGradient(of);
  }

  @Override
  public Node broadcast(Node.Broadcast node, Node of) {
    return Nodes.broadcast(of, node.to());
  }

  @Override
  public Node neighbour(Node.Neighbour node, Node of) {
    return Nodes.neighbour(of, node.from(), node.edge());
  }

  @Override
  public Node choose(Node.Choose node, Node of) {
    return Nodes.choose(of);
  }

  @Override
  public Node binary(Node.Binary node, Node left, Node right) {
    return Nodes.binary(node.op(), left, right);
  }

  @Override
  public Node compare(Node.Compare node, Node left, Node right) {
    return Nodes.compare(node.op(), left, right);
  }

  @Override
  public Node logic(Node.Logic node, Node left, Node right) {
    return Nodes.logic(node.all(), left, right);
  }

  @Override
  public Node scan(Node.Scan node, Node addend, Node coefficient) {
    return Nodes.scan(addend, coefficient, node.direction());
  }

  @Override
  public Node share(Node.Share node, Node of, Node key) {
    return Nodes.share(of, key, node.within(), node.upTo());
  }

  @Override
  public Node permute(Node.Permute node, Node of, Node key) {
    return Nodes.permute(of, key, node.within(), node.inverse());
  }

  @Override
  public Node clip(Node.Clip node, Node of, Node low, Node high) {
    return Nodes.clip(of, low, high);
  }

  @Override
  public Node select(Node.Select node, Node when, Node left, Node right) {
    return Nodes.select(when, left, right);
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    return Nodes.reduce(node.op(), of, node.to(), node.ddof(), where);
  }

  @Override
  public Node count(Node.Count node, Option<Node> where) {
    return Nodes.count(node.from(), node.to(), where);
  }

  @Override
  public Node rank(Node.Rank node, Node of, Option<Node> where) {
    return Nodes.rank(of, node.within(), where);
  }

  @Override
  public Node quantile(Node.Quantile node, Node of, Node share, Option<Node> where) {
    return Nodes.quantile(of, share, node.to(), where);
  }
}
