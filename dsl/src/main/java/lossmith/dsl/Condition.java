package lossmith.dsl;

import io.vavr.collection.List;

/**
 * A yes or no per element: carries no gradient and is no number. {@link #indicator} counts it,
 * {@code select} decides by it, {@code where} narrows a reduction to it.
 *
 * @param <L> the level, a phantom
 */
@SuppressWarnings("UnusedTypeParameter") // phantom
public final class Condition<L extends Level> {
  private final Node node;

  Condition(Node node) {
    this.node = node;
  }

  /** {@return the untyped core} */
  public Node node() {
    return node;
  }

  /** {@return yes where both are} */
  public Condition<L> and(Condition<L> other) {
    return new Condition<>(Nodes.and(node, other.node));
  }

  /** {@return yes where one is} */
  public Condition<L> or(Condition<L> other) {
    return new Condition<>(Nodes.or(node, other.node));
  }

  /** {@return the opposite} */
  public Condition<L> not() {
    return new Condition<>(Nodes.not(node));
  }

  /** {@return the same answer at every element of a finer level} */
  public <F extends L> Condition<F> per(Axis<F> axis) {
    return new Condition<>(Nodes.broadcast(node, axis.name()));
  }

  /** {@return the same answer under a symbol for readers, such as {@code kept}} */
  public Condition<L> as(String symbol) {
    return new Condition<>(Nodes.named(node, symbol));
  }

  /**
   * {@return the same condition with one of its parameters under another name}
   *
   * @param parameter its name
   * @param name its new name
   * @throws ProblemException if the condition has no such parameter, or one of the new name already
   */
  public Condition<L> renamed(String parameter, String name) {
    return new Condition<>(new Renaming(List.of(node), parameter, name).of(node));
  }

  /** {@return 1 where it holds, 0 elsewhere} */
  public Detached<L> indicator() {
    return Detached.of(
        Nodes.select(node, Nodes.constant(1, node.level()), Nodes.constant(0, node.level())));
  }

  /** {@return its formula, its type behind it, then what its symbols stand for} */
  @Override
  public String toString() {
    return Printed.of(node, "Condition<" + node.level().type() + ">");
  }
}
