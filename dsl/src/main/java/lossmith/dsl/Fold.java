package lossmith.dsl;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vavr.collection.List;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The one traversal: folds an algebra over nodes, each shared node once, in time linear in the
 * graph and at any depth. One fold may be applied to several roots, which then share what they have
 * in common.
 *
 * @param <R> what a node means
 */
public final class Fold<R> {
  private final BiFunction<Node, Function<Node, R>, R> meaning;
  private final BiFunction<Node, R, R> after;
  private final IdentityHashMap<Node, R> known = new IdentityHashMap<>();

  /**
   * A fold that knows nothing yet.
   *
   * @param algebra the meaning
   */
  public Fold(Algebra<R> algebra) {
    this(algebra, (node, meaning) -> meaning);
  }

  /**
   * A fold that passes each meaning through a function, such as a table that makes equal nodes the
   * same.
   *
   * @param algebra the meaning
   * @param after applied to the meaning of each node
   */
  public Fold(Algebra<R> algebra, UnaryOperator<R> after) {
    this(algebra, (node, meaning) -> after.apply(meaning));
  }

  /**
   * A fold that passes each node with its meaning through a function.
   *
   * @param algebra the meaning
   * @param after applied to each node and its meaning
   */
  public Fold(Algebra<R> algebra, BiFunction<Node, R, R> after) {
    this((node, of) -> node.apply(algebra, of), after);
  }

  private Fold(BiFunction<Node, Function<Node, R>, R> meaning, BiFunction<Node, R, R> after) {
    this.meaning = meaning;
    this.after = after;
  }

  /**
   * {@return a fold of cases}
   *
   * @param cases the cases, which ask the function for the meanings of a node's children
   * @param <R> what a node means
   */
  public static <R> Fold<R> by(Function<Function<Node, R>, Node.Cases<R>> cases) {
    return new Fold<>((node, of) -> node.match(cases.apply(of)), (node, means) -> means);
  }

  /**
   * Declares the meaning of a node, so that the fold does not look below it.
   *
   * @param node the node
   * @param meaning what it means from now on
   * @return this fold
   */
  @CanIgnoreReturnValue
  public Fold<R> given(Node node, R meaning) {
    known.put(node, meaning);
    return this;
  }

  /**
   * {@return the meaning of a node}
   *
   * @param root the node
   */
  public R of(Node root) {
    for (Node node :
        Graph.below(
            List.of(root), node -> known.containsKey(node) ? List.empty() : node.children())) {
      if (!known.containsKey(node)) {
        R means = meaning.apply(node, child -> Objects.requireNonNull(known.get(child)));
        known.put(node, after.apply(node, means));
      }
    }
    return Objects.requireNonNull(known.get(root));
  }
}
