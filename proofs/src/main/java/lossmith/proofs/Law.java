package lossmith.proofs;

import io.vavr.collection.Seq;

/**
 * What must be true of an objective, as a value.
 *
 * @param name what to call it, such as {@code central-difference}
 * @param statement in words
 * @param formula as a formula
 * @param tolerance how far both sides may be apart, relative to the scale of their summands
 * @param reason why that tolerance
 * @param scope what it is tried on
 * @param check finds where it is broken
 */
public record Law(
    String name,
    String statement,
    String formula,
    double tolerance,
    String reason,
    Scope scope,
    Check check) {

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
    this(name, statement, formula, tolerance, reason, Scope.CASE, check);
  }

  /** {@return this law, tried once} */
  Law once() {
    return new Law(name, statement, formula, tolerance, reason, Scope.OBJECTIVE, check);
  }

  /**
   * {@return the places where an objective breaks this law on one case}
   *
   * @param subject the objective
   * @param trial the case
   */
  public Seq<Violation> violations(Subject subject, Trial trial) {
    return check.of(subject, trial, tolerance);
  }
}
