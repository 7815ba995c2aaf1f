package lossmith.proofs.subject;

import io.vavr.Lazy;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.trial.Trial;

/** The summands of an objective that have one role, bound as a loss of their own. */
public final class Isolated {
  private final PresumedRole presumed;
  private final Function<Trial, Evaluations> known;
  private final Lazy<BoundLoss> logits;
  private final Lazy<BoundLoss> statistics;
  private final Lazy<BoundLoss> unscaled;
  private final Lazy<BoundLoss> opposite;
  private final Lazy<BoundLoss> tripled;
  private final Lazy<BoundLoss> unclipped;
  private final Lazy<BoundLoss> unselected;
  private final Lazy<BoundLoss> carried;
  private final IdentityHashMap<Function<PresumedRole, ?>, Object> answers =
      new IdentityHashMap<>();

  /**
   * Some summands of an objective.
   *
   * @param presumed what they are presumed to be
   * @param columns the columns of its cases
   * @param known its evaluations on a case
   */
  Isolated(PresumedRole presumed, Set<String> columns, Function<Trial, Evaluations> known) {
    this.presumed = presumed;
    this.known = known;
    UnaryOperator<Node> one = node -> Nodes.constant(1, node.level());
    UnaryOperator<Node> three =
        node -> Nodes.binary(BinaryOp.TIMES, node, Nodes.constant(3, node.level()));
    this.logits = bound(Surface.LOGITS, List.empty(), one, columns);
    this.statistics = bound(Surface.STATISTICS, List.empty(), one, columns);
    this.unscaled = bound(Surface.STATISTICS, presumed.scales(), one, columns);
    UnaryOperator<Node> signed =
        node ->
            presumed.advantages().contains(node)
                ? Nodes.constant(-1, node.level())
                : one.apply(node);
    this.opposite = bound(Surface.STATISTICS, presumed.scales(), signed, columns);
    this.unclipped =
        bound(Surface.STATISTICS, presumed.clips(), clip -> ((Node.Clip) clip).of(), columns);
    UnaryOperator<Node> always =
        node -> node.condition() ? Nodes.truth(true, node.level()) : one.apply(node);
    this.unselected =
        bound(
            Surface.STATISTICS,
            presumed.scales().appendAll(presumed.selections()),
            always,
            columns);
    UnaryOperator<Node> sampled =
        node -> presumed.carriers().contains(node) ? Terms.logProb().node() : one.apply(node);
    this.carried =
        bound(
            Surface.STATISTICS, presumed.scales().appendAll(presumed.carriers()), sampled, columns);
    this.tripled = bound(Surface.STATISTICS, presumed.advantages(), three, columns);
  }

  private Lazy<BoundLoss> bound(
      Surface surface, Seq<Node> some, UnaryOperator<Node> other, Set<String> columns) {
    return Lazy.of(() -> BoundLoss.of(presumed.alone(some, other), surface, columns));
  }

  /** {@return what they are presumed to be, and from what} */
  public PresumedRole presumed() {
    return presumed;
  }

  /**
   * {@return what is asked of what they are presumed to be: each question is answered once}
   *
   * @param question one object for all who ask
   */
  @SuppressWarnings("unchecked") // what a question was answered with
  public <T> T answer(Function<PresumedRole, T> question) {
    return (T) answers.computeIfAbsent(question, asked -> asked.apply(presumed));
  }

  /** {@return dL/dlogits, if there is any} */
  public Option<Node> atLogits() {
    return logits.get().gradients().get(BoundLoss.LOGITS);
  }

  /**
   * {@return dL/dx of a column as a term of the logits, if there is any}
   *
   * @param column an input that is trained beside the policy
   */
  public Option<Node> atLogits(String column) {
    return logits.get().gradients().get(column);
  }

  /** {@return their value, as a term of the logits} */
  public Node valueAtLogits() {
    return logits.get().value();
  }

  /** {@return the gradients at the logits and at whatever else is trained} */
  public Seq<Node> atTrained() {
    return logits.get().gradients().values();
  }

  /**
   * {@return dL/dx of a column at each of its elements, 0 where it has no gradient}
   *
   * @param column a statistic of the policy, or an input that is trained beside it
   * @param trial the case
   */
  public double[] slope(String column, Trial trial) {
    return slope(statistics.get(), column, trial);
  }

  /** {@return them as a loss of columns of statistics} */
  public BoundLoss bound() {
    return statistics.get();
  }

  /** {@return the same where every advantage and every coefficient is 1} */
  public BoundLoss unscaled() {
    return unscaled.get();
  }

  /** {@return their value, and dL/dx of a column if there is any, as terms} */
  public Seq<Node> terms(String column) {
    BoundLoss bound = statistics.get();
    return List.of(bound.parts().values().head()).appendAll(bound.gradients().get(column));
  }

  /** {@return the same where every advantage and every coefficient is 1} */
  public double[] unscaled(String column, Trial trial) {
    return slope(unscaled.get(), column, trial);
  }

  /** {@return the same where every advantage is -1} */
  public double[] opposite(String column, Trial trial) {
    return slope(opposite.get(), column, trial);
  }

  /** {@return the same where no condition leaves out a token besides} */
  public double[] unselected(String column, Trial trial) {
    return slope(unselected.get(), column, trial);
  }

  /**
   * {@return how what carries the gradient of each token enters, where every coefficient is 1 and
   * all that carries it is of tokens}
   */
  public double[] carried(Trial trial) {
    return slope(carried.get(), Columns.LOG_PROB, trial);
  }

  /** {@return the same where every advantage is three times as large} */
  public double[] tripled(String column, Trial trial) {
    return slope(tripled.get(), column, trial);
  }

  /** {@return the same where nothing with a gradient is clipped on both sides} */
  public double[] unclipped(String column, Trial trial) {
    return slope(unclipped.get(), column, trial);
  }

  private double[] slope(BoundLoss bound, String column, Trial trial) {
    return bound
        .gradients()
        .get(column)
        .map(node -> known.apply(trial).of(node))
        .getOrElse(
            () -> {
              var level = trial.samples().level(column);
              return new double[level.map(trial.samples()::size).getOrElse(0)];
            });
  }
}
