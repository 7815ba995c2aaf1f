package lossmith.blackbox.law;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Profile;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * What must be true of a loss whose inside nobody sees.
 *
 * @param name what to call it
 * @param statement in one sentence
 * @param formula as a formula
 * @param tolerance the largest difference of both sides, relative to the size of the summands
 * @param reason why that tolerance
 * @param kinds the kinds of cases to which it applies
 * @param guess which mistake likely breaks it
 * @param unless why it does not speak of a loss, if so
 * @param check finds where it is broken
 */
record BoxLaw(
    String name,
    String statement,
    String formula,
    double tolerance,
    String reason,
    Set<Trial.Kind> kinds,
    String guess,
    Unless unless,
    Check check) {
  private static final double ROUNDING = 1e-9;

  /** Finds where a law is broken. */
  @FunctionalInterface
  interface Check {
    /** {@return the places where it is broken} */
    Seq<Violation> of(Question question, double tolerance);
  }

  /** Why a law does not speak of a loss. */
  @FunctionalInterface
  interface Unless {
    /** {@return why, if so} */
    Option<String> of(BlackBox box, Profile seen);
  }

  /** A law of every case but the extreme ones, up to rounding. */
  static BoxLaw of(String name, String statement, String formula, String guess, Check check) {
    return new BoxLaw(
        name,
        statement,
        formula,
        ROUNDING,
        "sums of a few dozen numbers in another order",
        LinkedHashSet.of(Trial.Kind.values()).remove(Trial.Kind.EXTREME),
        guess,
        (box, seen) -> Option.none(),
        check);
  }

  /** The same of these kinds of cases. */
  BoxLaw on(Trial.Kind... those) {
    return new BoxLaw(
        name, statement, formula, tolerance, reason, LinkedHashSet.of(those), guess, unless, check);
  }

  /** The same with another tolerance. */
  BoxLaw within(double allowed, String why) {
    return new BoxLaw(name, statement, formula, allowed, why, kinds, guess, unless, check);
  }

  /** The same, but for losses of which it does not speak. */
  BoxLaw unless(Unless other) {
    return new BoxLaw(name, statement, formula, tolerance, reason, kinds, guess, other, check);
  }

  /** The same, of losses that read a column. */
  BoxLaw reading(String column) {
    return unless((box, seen) -> Option.when(!box.reads(column), () -> "it reads no " + column));
  }

  /** The same law as one of the proofs, of the loss that a desk asks. */
  Law law(Desk desk) {
    Law law =
        new Law(
            name,
            statement,
            formula,
            tolerance,
            reason,
            (subject, trial, allowed) -> check.of(desk.question(trial), desk.allowed(allowed)));
    return law.on(kinds.toJavaArray(Trial.Kind[]::new));
  }

  /** One sentence for a place that is no pair of numbers. */
  static Seq<Violation> fact(String text) {
    return List.of(new Violation.Fact(text));
  }
}
