package lossmith.proofs;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;

/**
 * What must be true of an objective, as a value.
 *
 * @param name what to call it, such as {@code central-difference}
 * @param statement in words
 * @param formula as a formula
 * @param tolerance how far both sides may be apart, relative to the scale of their summands
 * @param reason why that tolerance
 * @param scope what it is tried on
 * @param kinds the kinds of cases on which it says something
 * @param check finds where it is broken
 */
public record Law(
    String name,
    String statement,
    String formula,
    double tolerance,
    String reason,
    Scope scope,
    Set<Trial.Kind> kinds,
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
     * {@return the places where the law is broken, none where it holds or says nothing}
     *
     * @param subject the objective
     * @param trial the case
     * @param tolerance how far both sides may be apart, relative to the scale of their summands
     */
    Seq<Violation> of(Subject subject, Trial trial, double tolerance);
  }

  /** A law of every case. */
  Law(String name, String statement, String formula, double tolerance, String reason, Check check) {
    this(name, statement, formula, tolerance, reason, Scope.CASE, ALL, check);
  }

  /** {@return this law, tried once} */
  Law once() {
    return new Law(name, statement, formula, tolerance, reason, Scope.OBJECTIVE, ALL, check);
  }

  /** {@return this law, of cases of these kinds alone} */
  Law on(Trial.Kind... those) {
    return new Law(
        name, statement, formula, tolerance, reason, scope, LinkedHashSet.of(those), check);
  }

  /** {@return this law, of all cases but those of these kinds} */
  Law except(Trial.Kind... those) {
    return new Law(
        name, statement, formula, tolerance, reason, scope, kinds.removeAll(List.of(those)), check);
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
    boolean applies = scope == Scope.OBJECTIVE || kinds.contains(trial.kind());
    return applies ? check.of(subject, trial, tolerance) : List.empty();
  }
}
