package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.proofs.role.PresumedRole;

/** The terms of an estimate that say what a response, or a token, earned by itself. */
final class EstimateSources {
  private static final int MOST = 4;

  private EstimateSources() {}

  /** The columns that say what was earned or expected, below a node. */
  static Seq<Node.Input> inputs(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node))).distinct();
  }

  static boolean reads(Node node, String column) {
    return inputs(node).exists(input -> input.name().equals(column));
  }

  /** A column that is neither of a policy nor a mask. */
  private static boolean isData(Node.Input input) {
    return !Columns.LOG_PROBS.contains(input.name())
        && !List.of(Columns.LOG_PI, Columns.POSITION, Columns.ENTROPY).contains(input.name())
        && !PresumedRole.isMask(input.name());
  }

  /**
   * What responses earned, the largest terms first: shaped rewards before what they are made of.
   */
  static Seq<Node> ofResponses(Node estimate) {
    return largest(estimate, Level.Name.SEQUENCE);
  }

  /** What tokens earned; what they were expected to earn is none of it. */
  static Seq<Node> ofTokens(Node estimate) {
    return largest(estimate, Level.Name.TOKEN);
  }

  private static Seq<Node> largest(Node estimate, Level.Name level) {
    Seq<Node> inputs =
        inputs(estimate)
            .filter(input -> input.level() == level && isSource(input, level))
            .map(input -> input);
    return Graph.first(estimate, node -> isSource(node, level))
        .appendAll(inputs)
        .map(PresumedRole::plain)
        .filter(node -> node.level() == level)
        .distinct()
        .take(MOST);
  }

  private static boolean isSource(Node node, Level.Name level) {
    return node.level() == level
        && !node.condition()
        && inputs(node).exists(EstimateSources::isData)
        && (level == Level.Name.SEQUENCE || isEarned(node))
        && Graph.below(List.of(node)).forAll(inner -> isAlone(inner, level));
  }

  /** No value, and no discount of what is earned either. */
  private static boolean isEarned(Node node) {
    boolean multiple =
        PresumedRole.plain(node) instanceof Node.Binary product
            && (product.op() == BinaryOp.TIMES || product.op() == BinaryOp.DIVIDE)
            && product.children().exists(factor -> inputs(factor).isEmpty());
    return !multiple && !reads(node, Columns.VALUE);
  }

  /** Whether a node looks at no other response, or at no other token. */
  private static boolean isAlone(Node node, Level.Name level) {
    boolean wider =
        node instanceof Node.Rank
            || node instanceof Node.Quantile
            || node instanceof Node.SumByKey
            || node instanceof Node.Permute;
    Level.Name to =
        node instanceof Node.Reduce reduce
            ? reduce.to()
            : node instanceof Node.Count count ? count.level() : Level.Name.TOKEN;
    boolean along = node instanceof Node.Scan || node instanceof Node.Neighbour;
    return !wider
        && to != Level.Name.GROUP
        && to != Level.Name.BATCH
        && (level == Level.Name.SEQUENCE || (!along && !(node instanceof Node.Reduce)));
  }
}
