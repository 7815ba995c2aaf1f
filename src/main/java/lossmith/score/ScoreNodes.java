package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.flow.Flow;
import lossmith.ops.Evaluation;
import lossmith.ops.Saturation;
import lossmith.ops.memory.Precision;

/**
 * The score of one objective as nodes: what its row has is a node of the batch, what its tokens
 * have a node of the tokens. Parameters are constants in them, so that the nodes of several
 * objectives, which may give one name several defaults, are computed together.
 */
final class ScoreNodes {
  static final String METRIC = "metric ";

  private final BoundLoss bound;
  private final Set<String> statistics;
  private final Set<String> columns;
  private final Either<String, NamedTerm> ratio;
  private final Either<String, NamedTerm> advantage;
  private final Option<ClipBounds> clip;
  private final Map<String, Node> tokens;
  private final Map<String, Node> batch;

  /**
   * The score of an objective.
   *
   * @param loss the objective; one of which something is {@linkplain Flow#dead dead} is a {@link
   *     lossmith.dsl.Problem}
   * @param columns the columns of the samples
   * @param grids the grids of the samples, the logits among them where the policy is computed
   * @param parameters values by name
   * @param precision the type of the numbers
   */
  ScoreNodes(
      Loss loss,
      Set<String> columns,
      Set<String> grids,
      Map<String, Double> parameters,
      Precision precision) {
    Flow.refuseDead(loss);
    Set<String> there = columns.addAll(grids);
    this.columns = columns;
    this.statistics = StatisticsSplit.of(loss, there).statistics().keySet();
    boolean logits = grids.contains(BoundLoss.LOGITS);
    boolean whole = logits && !columns.containsAll(statistics);
    this.bound = BoundLoss.of(loss, whole ? Surface.LOGITS : Surface.STATISTICS, there);
    this.ratio = NamedTerm.ratio(bound.value());
    this.advantage = NamedTerm.advantage(bound.value());
    Map<String, Node> found = tokens();
    if (logits) {
      BoundLoss ofLogits = whole ? bound : BoundLoss.of(loss, Surface.LOGITS, there);
      for (Node gradient : ofLogits.gradients().get(BoundLoss.LOGITS)) {
        found = found.put("entropy change logits", entropyChange(gradient));
      }
    }
    Fold<Node> fixed = new Fold<>(new Fixed(parameters));
    this.tokens = found.mapValues(fixed::of);
    this.clip =
        ratio.toOption().flatMap(r -> Clipped.bounds(fixed.of(bound.value()), fixed.of(r.node())));
    this.batch = batch(found, precision).mapValues(fixed::of);
  }

  /** Parameters as constants. */
  private static final class Fixed extends Rebuild {
    private final Map<String, Double> values;

    Fixed(Map<String, Double> values) {
      this.values = values;
    }

    @Override
    public Node parameter(Node.ParameterValue node) {
      return node.name().equals(Columns.TEMPERATURE)
          ? node
          : Nodes.constant(values.getOrElse(node.name(), node.range().initial()), Level.Name.BATCH);
    }
  }

  /** {@return the nodes of the row, each a number of the batch} */
  Map<String, Node> batch() {
    return batch;
  }

  /** {@return the nodes of the tokens} */
  Map<String, Node> perToken() {
    return tokens;
  }

  /** {@return the optional columns that the rollouts lack, and the term that stood for each} */
  Map<String, String> fallbacks() {
    return bound.fallbackFormulas();
  }

  /**
   * {@return the statistics of the policy, other than log π of the sampled token, that gradient
   * reaches; {@value BoundLoss#LOGITS} at the surface of logits}
   */
  Set<String> otherStatistics() {
    return bound
        .gradients()
        .filterValues(node -> !(node instanceof Node.Constant zero && zero.value() == 0))
        .keySet()
        .filter(name -> name.equals(BoundLoss.LOGITS) || statistics.contains(name))
        .remove(Columns.LOG_PROB);
  }

  /** {@return the term that is the ratio, or why there is none} */
  Either<String, NamedTerm> ratio() {
    return ratio;
  }

  /** {@return where the ratio is clipped, if it is} */
  Option<ClipBounds> clip() {
    return clip;
  }

  /** {@return the term that is the advantage, or why there is none} */
  Either<String, NamedTerm> advantage() {
    return advantage;
  }

  private Map<String, Node> tokens() {
    Map<String, Node> tokens = LinkedHashMap.empty();
    for (NamedTerm term : ratio) {
      tokens = tokens.put("ratio", term.node());
    }
    for (NamedTerm term : advantage) {
      tokens = tokens.put("advantage", term.node());
    }
    Option<Node> weight =
        bound.gradients().get(Columns.LOG_PROB).filter(w -> otherStatistics().isEmpty());
    for (Node w : weight) {
      tokens = tokens.put("weight", w);
    }
    for (Node below : Clipped.below(bound.value())) {
      tokens = tokens.put("below", indicator(below));
    }
    for (Node above : Clipped.above(bound.value())) {
      tokens = tokens.put("above", indicator(above));
    }
    if (columns.contains(Columns.ENTROPY)) {
      Node entropy = column(Columns.ENTROPY);
      tokens = tokens.put("entropy", entropy);
      for (Node w : weight) {
        tokens = tokens.put("entropy change natural", entropyChange(w, entropy));
      }
    }
    return tokens;
  }

  private Map<String, Node> batch(Map<String, Node> perToken, Precision precision) {
    Map<String, Node> batch =
        LinkedHashMap.of("loss", bound.value(), "kl", kl())
            .merge(bound.metrics().mapKeys(name -> METRIC + name))
            .put(
                METRIC + Evaluation.SATURATED,
                Saturation.tokens(
                    bound.parts().values().appendAll(bound.metrics().values()), precision));
    for (String share : new String[] {"below", "above", "entropy"}) {
      for (Node node : perToken.get(share)) {
        batch = batch.put("mean " + share, reduce(ReduceOp.MEAN, node));
      }
    }
    for (String change : new String[] {"entropy change natural", "entropy change logits"}) {
      for (Node node : perToken.get(change)) {
        batch = batch.put("sum " + change, reduce(ReduceOp.SUM, node));
      }
    }
    for (Node weight : perToken.get("weight")) {
      Node squares = reduce(ReduceOp.SUM, Nodes.unary(UnaryOp.SQUARE, weight));
      Node zero = Nodes.compare(CompareOp.EQUAL, weight, Nodes.constant(0, Level.Name.TOKEN));
      batch =
          batch
              .put("gradient norm", Nodes.unary(UnaryOp.SQRT, squares))
              .put("zero gradient", reduce(ReduceOp.MEAN, indicator(zero)));
    }
    return batch;
  }

  /** The mean over tokens of log π_old − log π. */
  private Node kl() {
    if (!columns.contains(Columns.OLD_LOG_PROB)) {
      return Nodes.constant(0, Level.Name.BATCH);
    }
    return reduce(
        ReduceOp.MEAN,
        Nodes.binary(BinaryOp.MINUS, column(Columns.OLD_LOG_PROB), column(Columns.LOG_PROB)));
  }

  /**
   * By how much a step along the natural gradient changes the entropy of a token, to first order
   * (Entropy Collapse, eq 12): ΔH_t = w_t (log π_t + H_t), w = dL/dlog π; its expectation is minus
   * the covariance of log π and the advantage. Negative means that it collapses.
   */
  private static Node entropyChange(Node weight, Node entropy) {
    Node sum = Nodes.binary(BinaryOp.PLUS, column(Columns.LOG_PROB), entropy);
    return Nodes.binary(BinaryOp.TIMES, weight, sum);
  }

  /**
   * By how much a step of the logits along −dL/dz changes it (eq 11): ΔH_t = Σ_v (π_v (log π_v + H)
   * / T) dL/dz_v, where eq 10 gives dL/dz_v = w (1[v = y] − π_v) / T for a loss of log π alone.
   */
  private static Node entropyChange(Node gradient) {
    Level.Name vocabulary = Level.Name.VOCABULARY;
    Node logPi = Nodes.given(Columns.LOG_PI, vocabulary);
    Node entropy = Nodes.broadcast(column(Columns.ENTROPY), vocabulary);
    Node surprise = Nodes.binary(BinaryOp.PLUS, logPi, entropy);
    Node each =
        Nodes.binary(BinaryOp.PROB_TIMES, logPi, Nodes.binary(BinaryOp.TIMES, surprise, gradient));
    Node temperature =
        Nodes.broadcast(
            Nodes.parameter(Columns.TEMPERATURE, BoundLoss.TEMPERATURE), Level.Name.TOKEN);
    return Nodes.binary(
        BinaryOp.DIVIDE,
        Nodes.reduce(ReduceOp.SUM, each, Level.Name.TOKEN, 0, Option.none()),
        temperature);
  }

  private static Node column(String name) {
    return Nodes.given(name, Level.Name.TOKEN);
  }

  private static Node indicator(Node condition) {
    return Nodes.select(
        condition, Nodes.constant(1, Level.Name.TOKEN), Nodes.constant(0, Level.Name.TOKEN));
  }

  private static Node reduce(ReduceOp op, Node node) {
    return Nodes.reduce(op, node, Level.Name.BATCH, 0, Option.none());
  }
}
