package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.control.Option;

/**
 * The identity meaning: a node is itself where its children are, and is made again from them where
 * they are not. Rewrites override the cases they change.
 */
public class Rebuild implements Algebra<Node> {
  @Override
  public Node input(Node.Input node) {
    return node;
  }

  @Override
  public Node sampled(Node.Sampled node) {
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
  public Node parameter(Node.ParameterValue node) {
    return node;
  }

  @Override
  public Node uniform(Node.Uniform node, Node seed, Node step) {
    return kept(node, List.of(seed, step)) ? node : Nodes.uniform(seed, step);
  }

  @Override
  public Node named(Node.Named node, Node of) {
    return kept(node, List.of(of)) ? node : Nodes.named(of, node.symbol());
  }

  @Override
  public Node unary(Node.Unary node, Node of) {
    return kept(node, List.of(of)) ? node : Nodes.unary(node.op(), of);
  }

  @Override
  public Node not(Node.Not node, Node of) {
    return kept(node, List.of(of)) ? node : Nodes.not(of);
  }

  @Override
  public Node stopGradient(Node.StopGradient node, Node of) {
    return kept(node, List.of(of)) ? node : Nodes.stopGradient(of);
  }

  @Override
  public Node broadcast(Node.Broadcast node, Node of) {
    return kept(node, List.of(of)) ? node : Nodes.broadcast(of, node.to());
  }

  @Override
  public Node neighbour(Node.Neighbour node, Node of) {
    return kept(node, List.of(of)) ? node : Nodes.neighbour(of, node.from(), node.edge());
  }

  @Override
  public Node gather(Node.Gather node, Node of) {
    return kept(node, List.of(of)) ? node : Nodes.gather(of);
  }

  @Override
  public Node binary(Node.Binary node, Node left, Node right) {
    return kept(node, List.of(left, right)) ? node : Nodes.binary(node.op(), left, right);
  }

  @Override
  public Node compare(Node.Compare node, Node left, Node right) {
    return kept(node, List.of(left, right)) ? node : Nodes.compare(node.op(), left, right);
  }

  @Override
  public Node logic(Node.Logic node, Node left, Node right) {
    return kept(node, List.of(left, right)) ? node : Nodes.logic(node.all(), left, right);
  }

  @Override
  public Node scan(Node.Scan node, Node addend, Node coefficient) {
    return kept(node, List.of(addend, coefficient))
        ? node
        : Nodes.scan(addend, coefficient, node.direction());
  }

  @Override
  public Node sumByKey(Node.SumByKey node, Node of, Node key) {
    return kept(node, List.of(of, key))
        ? node
        : Nodes.sumByKey(of, key, node.within(), node.cumulative());
  }

  @Override
  public Node permute(Node.Permute node, Node of, Node key) {
    return kept(node, List.of(of, key))
        ? node
        : Nodes.permute(of, key, node.within(), node.inverse());
  }

  @Override
  public Node clip(Node.Clip node, Node of, Node low, Node high) {
    return kept(node, List.of(of, low, high)) ? node : Nodes.clip(of, low, high);
  }

  @Override
  public Node select(Node.Select node, Node when, Node left, Node right) {
    return kept(node, List.of(when, left, right)) ? node : Nodes.select(when, left, right);
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    return kept(node, List.of(of).appendAll(where))
        ? node
        : Nodes.reduce(node.op(), of, node.to(), node.ddof(), where);
  }

  @Override
  public Node count(Node.Count node, Option<Node> where) {
    return kept(node, where) ? node : Nodes.count(node.from(), node.to(), where);
  }

  @Override
  public Node rank(Node.Rank node, Node of, Option<Node> where) {
    return kept(node, List.of(of).appendAll(where)) ? node : Nodes.rank(of, node.within(), where);
  }

  @Override
  public Node quantile(Node.Quantile node, Node of, Node fraction, Option<Node> where) {
    return kept(node, List.of(of, fraction).appendAll(where))
        ? node
        : Nodes.quantile(of, fraction, node.to(), where);
  }

  private static boolean kept(Node node, Iterable<Node> children) {
    return node.children().corresponds(children, (own, other) -> own == other);
  }
}
