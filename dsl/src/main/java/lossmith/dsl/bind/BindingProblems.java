package lossmith.dsl.bind;

import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;

/** What does not fit of a loss and the columns that it is bound to. */
final class BindingProblems {
  private BindingProblems() {}

  /** The temperature is one thing in every loss: what the logits are divided by. */
  static Seq<Problem> temperatures(Loss loss) {
    return loss.parameters()
        .filter(
            p -> p.name().equals(Columns.TEMPERATURE) && !p.range().equals(BoundLoss.TEMPERATURE))
        .map(
            p ->
                Problem.of(
                    "parameter",
                    "a parameter " + p.name() + " of this loss, " + p.range(),
                    "that name for what the logits are divided by, " + BoundLoss.TEMPERATURE,
                    "loss.renamed(\"" + p.name() + "\", \"…\")"));
  }

  /** The columns that nodes read and that are not there. */
  static Seq<Problem> missing(Seq<Node> nodes, Surface surface, Set<String> columns) {
    return Inputs.of(nodes)
        .columns()
        .filter(input -> !present(input, surface, columns))
        .map(input -> problem(input, surface));
  }

  private static boolean present(Node.Input input, Surface surface, Set<String> columns) {
    boolean policy = input.name().equals(Columns.LOG_PI) && surface == Surface.LOGITS;
    return columns.contains(policy ? BoundLoss.LOGITS : input.name());
  }

  private static Problem problem(Node.Input input, Surface surface) {
    String what = input.name().equals(Columns.LOG_PI) ? BoundLoss.LOGITS : input.name();
    boolean fromLogits =
        surface == Surface.STATISTICS && input.trained() && input.level() == Level.Name.TOKEN;
    return Problem.of(
        "column",
        "samples without " + what,
        "the " + input.level() + " column " + what,
        "samples with that column"
            + (fromLogits && !what.equals(Columns.VALUE) ? ", or give logits" : ""));
  }
}
