package lossmith.dsl.sweep;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Softmax;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.derivative.Derivative;
import lossmith.dsl.simplify.Simplify;

/**
 * A loss as passes over the rows of the logits, so that only a few rows need to exist at a time.
 *
 * <p>A pass of {@link Stage statistics} reads rows and leaves one number per token and statistic.
 * The rest of the loss, {@link #rest}, is computed from those columns and gives the cotangent λ_k =
 * ∂L/∂c_k of each live one. Then dL/dlog π = Σ_k λ_k ∂c_k/∂log π, row by row, closed through the
 * softmax. Where every λ_k of a token can be computed from the token's own row and from data, the
 * gradient joins the pass of the statistics: one sweep.
 *
 * @param stages the passes that give statistics, in order; none for a loss without any
 * @param rest the loss over the columns of the statistics
 * @param gradient dL/dlogits, at the vocabulary level
 * @param carried what the gradient reads besides the row: by name, a number per token over columns
 * @param oneSweep whether the gradient can be taken in the same pass as the last statistics; then
 *     {@code gradient} reads no cotangent
 */
public record RowPasses(
    Seq<Stage> stages, BoundLoss rest, Node gradient, Map<String, Node> carried, boolean oneSweep) {

  /** What stands before the name of a statistic in the name of its cotangent's column. */
  public static final String COTANGENT = "cotangent_";

  /**
   * One pass over the rows.
   *
   * @param statistics by the column's name, the node over one row of the logits
   * @param carried what they read besides the row: by name, a number per token over columns
   */
  public record Stage(Map<String, Node> statistics, Map<String, Node> carried) {}

  /** {@return how often the logits are read} */
  public int count() {
    return stages.size() + (oneSweep ? 0 : 1);
  }

  /**
   * {@return the cotangents that {@link #gradient} reads, by the name of their statistic; none of
   * one sweep}
   */
  public Map<String, Node> cotangents() {
    return oneSweep ? none() : rest.gradients().filterKeys(statistics()::contains);
  }

  /** {@return the names of all statistics} */
  public Set<String> statistics() {
    return stages.flatMap(stage -> stage.statistics.keySet()).toSet();
  }

  /**
   * {@return the sweeps of a loss}
   *
   * @param loss the loss
   * @param columns the names of the columns and grids of the samples, those of the policy's
   *     statistics not needed
   */
  public static RowPasses of(Loss loss, Set<String> columns) {
    StatisticsSplit cut = StatisticsSplit.of(loss, columns);
    RowRewriting rows = new RowRewriting(cut.statistics().keySet());
    Seq<Stage> stages = stages(cut, rows);
    Map<String, Node> written =
        stages.foldLeft(none(), (all, stage) -> all.merge(stage.statistics));
    Map<String, Node> cotangents = cut.rest().gradients().filterKeys(cut.statistics()::containsKey);
    Node pull = pull(written.filterKeys(cotangents::containsKey));
    boolean oneSweep =
        stages.size() == 1 && cotangents.values().forAll(c -> rows.reach(c) != Reach.BATCH);
    if (!oneSweep) {
      return new RowPasses(stages, cut.found(), pull, rows.carried(), false);
    }
    Map<String, Node> local =
        cotangents.toLinkedMap(c -> io.vavr.Tuple.of(COTANGENT + c._1, rows.of(c._2)));
    Node closed = new Filled(local).of(pull);
    return new RowPasses(stages, cut.found(), closed, rows.carried(), true);
  }

  private static LinkedHashMap<String, Node> none() {
    return LinkedHashMap.empty();
  }

  private static Seq<Stage> stages(StatisticsSplit cut, RowRewriting rows) {
    Seq<Stage> stages = List.empty();
    Map<String, Node> open = none();
    for (var statistic : cut.statistics()) {
      Seq<Node> wide = rows.wide(statistic._2);
      Problem.throwAll(wide.filter(Node::live).map(node -> liveBeyondRow(statistic._1, node)));
      if (!wide.isEmpty() && !open.isEmpty()) {
        stages = stages.append(new Stage(open, rows.carried()));
        open = none();
      }
      Node row = rows.of(statistic._2);
      rows.write(statistic._1, row);
      open = open.put(statistic._1, row);
    }
    return open.isEmpty() ? stages : stages.append(new Stage(open, rows.carried()));
  }

  private static Problem liveBeyondRow(String statistic, Node node) {
    return Problem.of(
        "statistic",
        statistic + ", a statistic over the vocabulary of a live " + node.level() + " term",
        "data or a detached term beside log π",
        "stopGradient() on the " + node.level() + " term");
  }

  /** dL/dlogits from the cotangents of the live statistics. */
  private static Node pull(Map<String, Node> statistics) {
    Node zero = Nodes.constant(0, Level.Name.BATCH);
    Node value =
        statistics.foldLeft(
            zero,
            (sum, statistic) -> {
              Node cotangent = Nodes.given(COTANGENT + statistic._1, Level.Name.TOKEN);
              Node product = Nodes.binary(BinaryOp.TIMES, cotangent, statistic._2);
              Node part = Nodes.reduce(ReduceOp.SUM, product, Level.Name.BATCH, 0, Option.none());
              return Nodes.binary(BinaryOp.PLUS, sum, part);
            });
    return Derivative.of(value)
        .get(Columns.LOG_PI)
        .map(Softmax::pull)
        .getOrElse(() -> Nodes.constant(0, Level.Name.VOCABULARY));
  }

  /** Cotangents written out. */
  private static final class Filled extends Simplify {
    private final Map<String, Node> cotangents;

    Filled(Map<String, Node> cotangents) {
      this.cotangents = cotangents;
    }

    @Override
    public Node input(Node.Input node) {
      return cotangents.get(node.name()).getOrElse(node);
    }
  }
}
