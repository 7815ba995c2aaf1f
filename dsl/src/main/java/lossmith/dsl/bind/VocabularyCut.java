package lossmith.dsl.bind;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;

/** Makes a column of every node that goes from the vocabulary to the token. */
final class VocabularyCut extends Rebuild {
  private final StatisticNames names;
  private final HashConsing sharing;
  private Map<String, Node> statistics = LinkedHashMap.empty();

  VocabularyCut(StatisticNames names, HashConsing sharing) {
    this.names = names;
    this.sharing = sharing;
  }

  /** The node over the columns of its statistics. */
  Node of(Node node) {
    return new Fold<>(this, sharing::intern).of(sharing.of(node));
  }

  /** What was cut so far: by the column's name, the node from the vocabulary to the token. */
  Map<String, Node> statistics() {
    return statistics;
  }

  @Override
  public Node gather(Node.Gather node, Node of) {
    return cut(super.gather(node, of));
  }

  @Override
  public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
    boolean far = of.level() == Level.Name.VOCABULARY && node.to() != Level.Name.TOKEN;
    if (far && node.op() == ReduceOp.SUM) {
      Node ofToken = cut(Nodes.reduce(ReduceOp.SUM, of, Level.Name.TOKEN, 0, where));
      return Nodes.reduce(ReduceOp.SUM, ofToken, node.to(), 0, Option.none());
    }
    Node reduced = super.reduce(node, of, where);
    return of.level() == Level.Name.VOCABULARY ? cut(reduced) : reduced;
  }

  @Override
  public Node count(Node.Count node, Option<Node> where) {
    Node count = super.count(node, where);
    return node.from() == Level.Name.VOCABULARY ? cut(count) : count;
  }

  @Override
  public Node quantile(Node.Quantile node, Node of, Node share, Option<Node> where) {
    Node quantile = super.quantile(node, of, share, where);
    return of.level() == Level.Name.VOCABULARY ? cut(quantile) : quantile;
  }

  private Node cut(Node node) {
    if (node.level() != Level.Name.TOKEN) {
      return node;
    }
    Node bare = node.live() ? node : sharing.of(new Fold<>(new Unstopped()).of(node));
    String name = names.of(bare);
    statistics = statistics.put(name, bare);
    Node column =
        bare.live() ? Nodes.trained(name, Level.Name.TOKEN) : Nodes.given(name, Level.Name.TOKEN);
    return node.live() == column.live() ? column : Nodes.stopGradient(column);
  }

  /**
   * Every stopped gradient let through: the value of a detached statistic does not depend on what
   * it stops, so that it shares the column of the live one. What must be detached stays so: what is
   * ranked, and the key of an order or of a sum.
   */
  private static final class Unstopped extends Rebuild {
    /** In a gradient log π is data. */
    @Override
    public Node input(Node.Input node) {
      boolean policy = node.name().equals(Columns.LOG_PI) && node.level() == Level.Name.VOCABULARY;
      return policy ? Nodes.trained(node.name(), node.level()) : node;
    }

    @Override
    public Node stopGradient(Node.StopGradient node, Node of) {
      return of;
    }

    @Override
    public Node rank(Node.Rank node, Node of, Option<Node> where) {
      return super.rank(node, held(of), where);
    }

    @Override
    public Node sumByKey(Node.SumByKey node, Node of, Node key) {
      return super.sumByKey(node, of, held(key));
    }

    @Override
    public Node permute(Node.Permute node, Node of, Node key) {
      return super.permute(node, of, held(key));
    }

    @Override
    public Node quantile(Node.Quantile node, Node of, Node share, Option<Node> where) {
      return super.quantile(node, held(of), held(share), where);
    }

    private static Node held(Node node) {
      return node.live() ? Nodes.stopGradient(node) : node;
    }
  }
}
