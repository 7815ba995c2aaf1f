package lossmith.dsl.bind;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.Term;
import lossmith.dsl.derivative.Derivative;

/**
 * A loss bound to a surface and to the columns that are there: nothing in it is missing, and its
 * gradients are terms.
 *
 * @param surface where the policy enters
 * @param parts the summands of the loss by name
 * @param metrics what is logged, by name
 * @param gradients dloss/dinput by the input's name and at its level; {@code logits} at the surface
 *     of logits
 * @param fallbacks what stands for each column that is absent, by the column's name
 */
public record BoundLoss(
    Surface surface,
    Map<String, Node> parts,
    Map<String, Node> metrics,
    Map<String, Node> gradients,
    Map<String, Node> fallbacks) {

  /** The grid of raw logits, and the name of the gradient with respect to it. */
  public static final String LOGITS = "logits";

  /** The range of the temperature by which logits are divided. */
  public static final Range TEMPERATURE = new Range(1, 1e-3, 1e3);

  /**
   * Nodes in which no column was absent.
   *
   * @param surface where the policy enters
   * @param parts the summands of the loss by name
   * @param metrics what is logged, by name
   * @param gradients dloss/dinput by the input's name
   */
  public BoundLoss(
      Surface surface,
      Map<String, Node> parts,
      Map<String, Node> metrics,
      Map<String, Node> gradients) {
    this(surface, parts, metrics, gradients, LinkedHashMap.empty());
  }

  /** {@return the value that is minimised: the sum of the parts} */
  public Node value() {
    return sum(parts);
  }

  private static Node sum(Map<String, Node> parts) {
    return parts.values().reduce((a, b) -> Nodes.binary(BinaryOp.PLUS, a, b));
  }

  /**
   * Binds a loss. Inputs that are absent and have a default get it, and {@link #fallbacks} says so;
   * all that are absent and have none are reported together.
   *
   * @param loss the loss
   * @param surface where the policy enters
   * @param columns the names of the columns and grids of the samples
   * @return the bound loss
   */
  public static BoundLoss of(Loss loss, Surface surface, Set<String> columns) {
    Binding binding = new Binding(surface, columns);
    HashConsing sharing = new HashConsing();
    Map<String, Node> parts = loss.parts().mapValues(part -> sharing.of(binding.bind(part.node())));
    Map<String, Node> metrics =
        loss.metrics().mapValues(metric -> sharing.of(binding.bind(metric.node())));
    Seq<Problem> missing =
        missing(List.ofAll(parts.values()).appendAll(metrics.values()), surface, columns);
    Problem.throwAll(missing.appendAll(temperatures(loss)));
    Map<String, Node> gradients = Derivative.of(sum(parts));
    Map<String, Node> closed = LinkedHashMap.empty();
    for (var gradient : gradients) {
      boolean policy = surface == Surface.LOGITS && gradient._1.equals(Columns.LOG_PI);
      closed =
          policy
              ? closed.put(LOGITS, sharing.of(Softmax.pull(gradient._2)))
              : closed.put(gradient._1, sharing.of(gradient._2));
    }
    return new BoundLoss(surface, parts, metrics, closed, binding.fallbacks());
  }

  /**
   * Binds one more term to the same surface and columns, such as a token's weight or a forecast.
   *
   * @param term the term
   * @param surface where the policy enters
   * @param columns the names of the columns and grids of the samples
   * @return the bound node
   */
  public static Node term(Term<?> term, Surface surface, Set<String> columns) {
    Node node = new HashConsing().of(new Binding(surface, columns).bind(term.node()));
    Problem.throwAll(missing(List.of(node), surface, columns));
    return node;
  }

  /** The temperature is one thing in every loss: what the logits are divided by. */
  private static Seq<Problem> temperatures(Loss loss) {
    return loss.parameters()
        .filter(p -> p.name().equals(Columns.TEMPERATURE) && !p.range().equals(TEMPERATURE))
        .map(
            p ->
                Problem.of(
                    "parameter",
                    "a parameter " + p.name() + " of this loss, " + p.range(),
                    "that name for what the logits are divided by, " + TEMPERATURE,
                    "loss.renamed(\"" + p.name() + "\", \"…\")"));
  }

  private static Seq<Problem> missing(Seq<Node> nodes, Surface surface, Set<String> columns) {
    return Inputs.of(nodes)
        .columns()
        .filter(input -> !present(input, surface, columns))
        .map(input -> problem(input, surface));
  }

  private static boolean present(Node.Input input, Surface surface, Set<String> columns) {
    boolean policy = input.name().equals(Columns.LOG_PI) && surface == Surface.LOGITS;
    return columns.contains(policy ? LOGITS : input.name());
  }

  private static Problem problem(Node.Input input, Surface surface) {
    String what = input.name().equals(Columns.LOG_PI) ? LOGITS : input.name();
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
