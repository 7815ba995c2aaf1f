package lossmith.proofs.subject;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.proofs.trial.Trial;

/**
 * What must be true of an objective, as a value.
 *
 * @param name what to call it, such as {@code central-difference}
 * @param statement in words
 * @param formula as a formula
 * @param tolerance the largest difference of both sides, relative to the scale of their summands
 * @param reason why that tolerance
 * @param scope what it is tried on
 * @param most on how many cases it is tried: a law of how a graph is evaluated shows in few
 * @param kinds the kinds of cases to which it applies
 * @param silent why it does not apply to a case of these kinds, if so
 * @param check finds where it is broken
 */
public record Law(
    String name,
    String statement,
    String formula,
    double tolerance,
    String reason,
    Scope scope,
    int most,
    Set<Trial.Kind> kinds,
    Silent silent,
    Check check) {
  private static final Set<Trial.Kind> ALL = LinkedHashSet.of(Trial.Kind.values());

  /** What a law is tried on. */
  public enum Scope {
    /** Every case. */
    CASE,
    /** The objective itself: once, whatever the case. */
    OBJECTIVE
  }

  /** Finds where a law is broken. */
  @FunctionalInterface
  public interface Check {
    /**
     * {@return the places where the law is broken, none where it holds or does not apply}
     *
     * @param subject the objective
     * @param trial the case
     * @param tolerance the largest difference of both sides, relative to the scale of their
     *     summands
     */
    Seq<Violation> of(Subject subject, Trial trial, double tolerance);
  }

  /** Why a law does not apply to a case, although it is one of its kinds. */
  @FunctionalInterface
  public interface Silent {
    /**
     * {@return why the law does not apply, if so}
     *
     * @param subject the objective
     * @param trial the case
     */
    Option<String> of(Subject subject, Trial trial);
  }

  /** A law of every case. */
  public Law(
      String name, String statement, String formula, double tolerance, String reason, Check check) {
    this(
        name,
        statement,
        formula,
        tolerance,
        reason,
        Scope.CASE,
        Integer.MAX_VALUE,
        ALL,
        (subject, trial) -> Option.none(),
        check);
  }

  /** {@return this law, tried once} */
  public Law once() {
    return new Law(
        name, statement, formula, tolerance, reason, Scope.OBJECTIVE, most, ALL, silent, check);
  }

  /** {@return this law, tried on no more than so many cases} */
  public Law atMost(int cases) {
    return new Law(name, statement, formula, tolerance, reason, scope, cases, kinds, silent, check);
  }

  /**
   * {@return this law, of cases of these kinds, and of all that have the numbers of one of them}
   */
  public Law on(Trial.Kind... those) {
    Set<Trial.Kind> named = LinkedHashSet.of(those);
    return of(ALL.filter(kind -> named.contains(kind) || named.contains(kind.numbers())));
  }

  /** {@return this law, without the cases to which it does not apply} */
  public Law silentWhere(Silent other) {
    return new Law(name, statement, formula, tolerance, reason, scope, most, kinds, other, check);
  }

  /** {@return this law, of all cases but those of these kinds} */
  public Law except(Trial.Kind... those) {
    return of(kinds.removeAll(List.of(those)));
  }

  private Law of(Set<Trial.Kind> those) {
    return new Law(name, statement, formula, tolerance, reason, scope, most, those, silent, check);
  }

  /** {@return when it applies, in words} */
  public String when() {
    if (scope == Scope.OBJECTIVE) {
      return "once for an objective, whatever the case";
    }
    return kinds.equals(ALL) ? "on every case" : "on cases of kind " + kinds.mkString(", ");
  }

  /**
   * {@return the places where an objective breaks this law on one case}
   *
   * @param subject the objective
   * @param trial the case
   */
  public Seq<Violation> violations(Subject subject, Trial trial) {
    boolean applies = applies(trial) && silent.of(subject, trial).isEmpty();
    return applies ? check.of(subject, trial, tolerance) : List.empty();
  }

  /** Whether it applies to cases of this kind. */
  public boolean applies(Trial trial) {
    return scope == Scope.OBJECTIVE || kinds.contains(trial.kind());
  }
}
