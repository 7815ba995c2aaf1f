package lossmith.ops;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Node;
import lossmith.dsl.sweep.RowPasses;
import lossmith.ops.rows.PassOrder;

/**
 * One pass over the rows, in its turn.
 *
 * @param turn whether others come before or after
 * @param statistics what comes out per row, by name
 * @param gradient dL/dlogits, of the last one
 * @param carried what it and those before it read besides the rows, by name
 */
record Sweep(
    PassOrder turn,
    Map<String, Node> statistics,
    Option<Node> gradient,
    Map<String, Node> carried) {

  /** All passes of a loss: those of its statistics, and one more where these have no gradient. */
  static Seq<Sweep> of(RowPasses passes) {
    PassOrder first = passes.oneSweep() ? PassOrder.ONLY : PassOrder.FIRST;
    Option<Node> joined = Option.when(passes.oneSweep(), passes::gradient);
    Seq<Sweep> all =
        passes
            .stages()
            .zipWithIndex(
                (stage, at) ->
                    new Sweep(
                        at == 0 ? first : PassOrder.LATER,
                        stage.statistics(),
                        joined,
                        passes.oneSweep() ? passes.carried() : stage.carried()));
    return passes.oneSweep()
        ? all
        : all.append(
            new Sweep(
                all.isEmpty() ? PassOrder.ONLY : PassOrder.LATER,
                LinkedHashMap.empty(),
                Option.some(passes.gradient()),
                passes.carried()));
  }
}
