package lossmith.dsl.schedule;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.IdentityHashMap;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.sweep.RowPasses;

/**
 * The statistics that must be known before the gradient of a token can be computed.
 *
 * @param unit what a batch may be split into so that each piece gives its part of the gradient by
 *     itself, once the stages are known: the finest level such that no statistic of the policy is
 *     taken within a coarser one, the whole batch apart
 * @param stages statistics beyond a unit that the gradient reads, each stage computed from those
 *     before it; taken over the whole batch before the gradient
 * @param seeds live sums over the whole batch under a function that is not linear: what the
 *     gradient needs of them is known only after all units were read once
 * @param sweeps how often the logits are read, a few rows at a time
 */
public record Schedule(Level.Name unit, Seq<Stage> stages, Seq<Node> seeds, int sweeps) {
  /**
   * Statistics that can be taken at the same time.
   *
   * @param statistics the nodes
   * @param policy whether any is of the policy, so that all of the batch must be read first
   */
  public record Stage(Seq<Node> statistics, boolean policy) {}

  /**
   * {@return the schedule of a loss whose given columns are all there}
   *
   * @param loss any loss
   */
  public static Schedule of(Loss loss) {
    Set<String> columns =
        Inputs.of(loss.parts().values().appendAll(loss.metrics().values()).map(Term::node))
            .columns()
            .filter(input -> !input.name().equals(Columns.LOG_PI))
            .map(Node.Input::name)
            .toSet()
            .add(Columns.OLD_LOG_PROB);
    StatisticsSplit cut = StatisticsSplit.of(loss, columns);
    Set<String> statistics = cut.statistics().keySet();
    Seq<Node> gradients = List.ofAll(cut.rest().gradients().values());
    Chains chains = new Chains(statistics);
    Level.Name unit = chains.unit(gradients);
    return new Schedule(
        unit,
        chains.stages(gradients, unit),
        seeds(cut.rest().value()),
        RowPasses.of(loss, columns).count());
  }

  /** Live sums over the batch that do not reach the value by sums and factors alone. */
  private static Seq<Node> seeds(Node value) {
    IdentityHashMap<Node, Boolean> straight = new IdentityHashMap<>();
    straight.put(value, true);
    Seq<Node> parentsFirst =
        Graph.below(List.of(value), node -> node.children().filter(Node::live).reverse()).reverse();
    for (Node node : parentsFirst) {
      boolean through = Boolean.TRUE.equals(straight.get(node)) && Linear.is(node);
      node.children()
          .filter(Node::live)
          .forEach(child -> straight.merge(child, through, Boolean::logicalAnd));
    }
    return parentsFirst.filter(
        node ->
            node instanceof Node.Reduce
                && node.level() == Level.Name.BATCH
                && !(Boolean.TRUE.equals(straight.get(node)) && Linear.isSum(node)));
  }

  /** {@return whether a piece of one unit needs nothing of the policy beyond itself} */
  public boolean local() {
    return seeds.isEmpty() && stages.forAll(stage -> !stage.policy());
  }

  /**
   * {@return whether a node is taken over more than one unit, so that a piece of the batch is given
   * its value}
   *
   * @param node a node of the gradient
   */
  public boolean beyondUnit(Node node) {
    return beyond(unit, node);
  }

  /**
   * {@return the same for pieces of another level}
   *
   * @param unit what the batch is split into
   * @param node a node of the gradient
   */
  public static boolean beyond(Level.Name unit, Node node) {
    return Span.of(node).exists(unit::finerThan);
  }

  @Override
  public String toString() {
    return new ScheduleText(this).text();
  }
}
