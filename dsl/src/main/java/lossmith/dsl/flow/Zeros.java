package lossmith.dsl.flow;

import io.vavr.collection.List;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;

/** Derivatives that are identically 0, as their simplified form shows. */
final class Zeros {
  private Zeros() {}

  /**
   * The trained inputs, {@link Loss#POLICY} for the policy, by which the derivative of a value is
   * not identically 0 where every column is there, at the logits.
   */
  static Set<String> taught(Term<Batch> value) {
    Set<String> columns =
        Inputs.withDefaults(List.of(value.node()))
            .columns()
            .map(Node.Input::name)
            .toSet()
            .add(BoundLoss.LOGITS);
    return BoundLoss.of(Terms.minimise(value), Surface.LOGITS, columns)
        .gradients()
        .filterValues(gradient -> !isZero(gradient))
        .keySet()
        .map(
            name ->
                name.equals(BoundLoss.LOGITS) || name.equals(Columns.LOG_PI) ? Loss.POLICY : name);
  }

  static boolean isZero(Node gradient) {
    return gradient instanceof Node.Constant constant && constant.value() == 0;
  }
}
