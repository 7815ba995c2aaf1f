package lossmith.dsl.simplify;

import io.vavr.control.Option;
import lossmith.dsl.Node;

/**
 * A rule of the simplifier: which nodes of one kind it replaces, and by what.
 *
 * @param kind the kind
 * @param law what it replaces by what, c and d being constants, p, q and r conditions, 1[p]·x
 *     standing for x where p holds and 0 elsewhere
 * @param rewriting what carries it out
 * @param <N> the kind
 */
record Rule<N extends Node>(Class<N> kind, String law, Rewriting<N> rewriting) {
  /** What a rule makes of a node; none where it does not apply. */
  interface Rewriting<N extends Node> {
    Option<Node> of(Simplify s, N node);
  }

  /** What the rule makes of a node, whose parts the simplifier has made; none if nothing. */
  Option<Node> of(Simplify s, Node node) {
    return kind.isInstance(node) ? rewriting.of(s, kind.cast(node)) : Option.none();
  }

  @Override
  public String toString() {
    return law;
  }
}
