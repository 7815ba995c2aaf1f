package lossmith.dsl.flow;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;

/**
 * What a loss teaches on the first step after sampling, where π_old = π: the simplified derivative
 * under log π_old = sg(log π). A part whose derivative is 0 there is dead until the policy has
 * moved, such as the penalty of KL-Cov, or k2 against π_old.
 */
public final class OnPolicy {
  private OnPolicy() {}

  /**
   * {@return the names of the parts whose gradient is 0 on policy, whatever the data}
   *
   * @param loss any loss
   */
  public static Seq<String> dead(Loss loss) {
    Set<String> columns =
        Inputs.withDefaults(loss.parts().values().map(Term::node))
            .columns()
            .map(Node.Input::name)
            .toSet()
            .remove(Columns.OLD_LOG_PROB);
    return List.ofAll(loss.rewritten(OnPolicy::mayBeAbsent).parts())
        .filter(part -> isDead(Terms.minimise(part._2), columns))
        .map(part -> part._1);
  }

  /** A column of the old policy that is given without what it is on policy has it too. */
  private static Node mayBeAbsent(Node root) {
    Fold<Node> fold = new Fold<>(new Rebuild());
    Graph.only(Node.Input.class, Graph.below(List.of(root)))
        .filter(OnPolicy::isRequired)
        .forEach(input -> fold.given(input, Terms.oldLogProb().node()));
    return fold.of(root);
  }

  private static boolean isRequired(Node.Input input) {
    return input.name().equals(Columns.OLD_LOG_PROB)
        && input.level() == Level.Name.TOKEN
        && input.otherwise().isEmpty();
  }

  private static boolean isDead(Loss part, Set<String> columns) {
    Set<String> all = columns.addAll(StatisticsSplit.of(part, columns).statistics().keySet());
    return BoundLoss.of(part, Surface.STATISTICS, all).gradients().values().forAll(Zeros::isZero);
  }
}
