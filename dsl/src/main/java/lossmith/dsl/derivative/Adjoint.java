package lossmith.dsl.derivative;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.function.UnaryOperator;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.simplify.Conditions;
import lossmith.dsl.simplify.Connective;
import lossmith.dsl.simplify.Simplify;

/**
 * The cotangent of a node: a sum of cases, each a term that counts where its guard holds and is 0
 * elsewhere. Local slopes are multiplied in before the guard is applied, so that an infinite slope
 * where nothing flows cannot make a NaN.
 */
record Adjoint(List<Case> cases) {
  /**
   * Up to this many mutually exclusive cases are kept separate, each with its own product of
   * slopes; more are summed.
   */
  private static final int CASES = 3;

  /** A term and where it counts: everywhere without a guard. */
  record Case(Option<Node> guard, Node term) {
    private boolean never() {
      return guard.exists(g -> g instanceof Node.Truth t && !t.value());
    }

    private Node applied(Simplify s) {
      return guard.map(g -> s.select(g, term, s.zero(term))).getOrElse(term);
    }

    private List<Node> asks() {
      return guard.toList().flatMap(g -> Connective.parts(true, g));
    }

    private Case without(Simplify s, List<Node> asked) {
      return asked.isEmpty()
          ? this
          : new Case(asks().removeAll(asked).reduceLeftOption(s::and), term);
    }

    private boolean excludes(Simplify s, Case other) {
      return guard.exists(g -> other.guard.exists(h -> Conditions.exclusive(s, g, h)));
    }

    private static Option<Node> either(Simplify s, Option<Node> g, Option<Node> h) {
      Option<Node> either = g.flatMap(x -> h.map(y -> s.or(x, y)));
      return either.filter(x -> !(x instanceof Node.Truth t && t.value()));
    }
  }

  static Adjoint of(Node term) {
    return new Adjoint(List.of(new Case(Option.none(), term)));
  }

  /** The same guards with other terms. */
  Adjoint with(UnaryOperator<Node> slope) {
    return new Adjoint(cases.map(one -> new Case(one.guard, slope.apply(one.term))));
  }

  Adjoint when(Simplify s, Node condition) {
    return new Adjoint(
        cases.map(
            one -> {
              Node guard = one.guard.map(g -> s.and(g, condition)).getOrElse(condition);
              return new Case(Option.some(guard), one.term);
            }));
  }

  Adjoint spread(Simplify s, Level.Name to) {
    return new Adjoint(
        cases.map(one -> new Case(one.guard.map(g -> s.spread(g, to)), s.spread(one.term, to))));
  }

  /** The sum with the guards applied, what all of them ask for once. */
  Node applied(Simplify s) {
    List<Node> common =
        cases.size() == 1
            ? List.empty()
            : cases.map(Case::asks).reduceLeft((all, asks) -> all.filter(asks::contains));
    Node sum = cases.map(one -> one.without(s, common).applied(s)).reduceLeft(s::plus);
    return common.reduceLeftOption(s::and).map(g -> s.select(g, sum, s.zero(sum))).getOrElse(sum);
  }

  Adjoint plus(Simplify s, Adjoint other) {
    return other.cases.foldLeft(this, (all, one) -> all.plus(s, one));
  }

  private Adjoint plus(Simplify s, Case other) {
    List<Case> flowing = cases.reject(Case::never);
    if (flowing.isEmpty()) {
      return new Adjoint(List.of(other));
    }
    if (other.never()) {
      return new Adjoint(flowing);
    }
    Option<Case> likewise = flowing.find(one -> one.guard.equals(other.guard));
    if (likewise.isDefined()) {
      Case sum = new Case(other.guard, s.plus(likewise.get().term, other.term));
      return new Adjoint(flowing.replace(likewise.get(), sum));
    }
    boolean exclusive = flowing.forAll(one -> one.excludes(s, other));
    Option<Case> same = flowing.find(one -> exclusive && one.term == other.term);
    if (same.isDefined()) {
      Option<Node> either = Case.either(s, same.get().guard, other.guard);
      return new Adjoint(flowing.replace(same.get(), new Case(either, other.term)));
    }
    if (exclusive && flowing.size() < CASES) {
      return new Adjoint(flowing.append(other));
    }
    Option<Node> either = flowing.foldLeft(other.guard, (g, one) -> Case.either(s, one.guard, g));
    Node sum = s.plus(new Adjoint(flowing).applied(s), other.applied(s));
    return new Adjoint(List.of(new Case(either, sum)));
  }
}
