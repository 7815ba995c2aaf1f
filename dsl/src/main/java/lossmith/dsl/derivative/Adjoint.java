package lossmith.dsl.derivative;

import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/**
 * What flows back to a node: a term that counts where the guard holds and is 0 elsewhere. Local
 * slopes are multiplied in before the guard is applied, so that an infinite slope where nothing
 * flows cannot make a NaN.
 */
record Adjoint(Option<Node> guard, Node term) {
  static Adjoint of(Node term) {
    return new Adjoint(Option.none(), term);
  }

  Adjoint with(Node newTerm) {
    return new Adjoint(guard, newTerm);
  }

  Adjoint when(Simplify s, Node condition) {
    return new Adjoint(Option.some(guard.map(g -> s.and(g, condition)).getOrElse(condition)), term);
  }

  Adjoint spread(Simplify s, Level.Name to) {
    return new Adjoint(guard.map(g -> s.spread(g, to)), s.spread(term, to));
  }

  /** The term with the guard applied. */
  Node applied(Simplify s) {
    return guard.map(g -> s.select(g, term, s.zero(term))).getOrElse(term);
  }

  private boolean never() {
    return guard.exists(g -> g instanceof Node.Truth t && !t.value());
  }

  Adjoint plus(Simplify s, Adjoint other) {
    if (other.never()) {
      return this;
    }
    if (never()) {
      return other;
    }
    boolean sameGuard = guard.getOrNull() == other.guard.getOrNull();
    if (sameGuard) {
      return with(s.plus(term, other.term));
    }
    Option<Node> either = guard.flatMap(g -> other.guard.map(h -> s.or(g, h)));
    return new Adjoint(
        either.filter(g -> !(g instanceof Node.Truth t && t.value())),
        s.plus(applied(s), other.applied(s)));
  }
}
