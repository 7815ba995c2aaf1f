package lossmith.dsl.bind;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.Term;
import lossmith.dsl.print.Formula;

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
    return Binding.sum(parts.values());
  }

  /**
   * {@return some of the parts with the gradient of these alone}
   *
   * @param those parts of this loss by name
   */
  public BoundLoss only(Map<String, Node> those) {
    Map<String, Node> slopes = Gradients.of(Binding.sum(those.values()), surface);
    return new BoundLoss(surface, those, metrics, slopes, fallbacks);
  }

  /** {@return the formula of each term that stands for an absent column, by the column's name} */
  public Map<String, String> fallbackFormulas() {
    return fallbacks.mapValues(node -> Formula.unicode(node).strip());
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
    return new Binding(surface, columns).bound(loss);
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
    return node(term.node(), surface, columns);
  }

  /**
   * Binds one more node to the same surface and columns, such as what stands for a column.
   *
   * @param node the node
   * @param surface where the policy enters
   * @param columns the names of the columns and grids of the samples
   * @return the bound node
   */
  public static Node node(Node node, Surface surface, Set<String> columns) {
    Node bound = new Binding(surface, columns).bound(node);
    Problem.throwAll(BindingProblems.missing(List.of(bound), surface, columns));
    return bound;
  }
}
