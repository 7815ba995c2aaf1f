package lossmith.blackbox.law;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.blackbox.AdvantageBox;
import lossmith.blackbox.AdvantageProfile;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * What must be true of advantages whose making nobody sees.
 *
 * @param name what to call it
 * @param statement in one sentence
 * @param formula as a formula
 * @param tolerance the largest difference of both sides, relative to the largest advantage
 * @param reason why that tolerance
 * @param kinds the kinds of cases to which it applies
 * @param guess which mistake likely breaks it
 * @param unless why it does not speak of some, if so
 * @param check finds where it is broken
 */
record AdvantageLaw(
    String name,
    String statement,
    String formula,
    double tolerance,
    String reason,
    Set<Trial.Kind> kinds,
    String guess,
    Unless unless,
    Check check) {
  /** Finds where a law is broken. */
  @FunctionalInterface
  interface Check {
    /** {@return the places where it is broken} */
    Seq<Violation> of(AdvantageQuestion question, double tolerance);
  }

  /** Why a law does not speak of something. */
  @FunctionalInterface
  interface Unless {
    /** {@return why, if so} */
    Option<String> of(AdvantageBox box, AdvantageProfile seen);
  }

  /** A law of every case, up to rounding. */
  static AdvantageLaw of(String name, String statement, String formula, String guess, Check check) {
    return new AdvantageLaw(
        name,
        statement,
        formula,
        1e-9,
        "sums of a few numbers in another order",
        LinkedHashSet.of(Trial.Kind.values()).remove(Trial.Kind.EXTREME),
        guess,
        (box, seen) -> Option.none(),
        check);
  }

  /** The same of ordinary cases alone. */
  AdvantageLaw once() {
    return new AdvantageLaw(
        name,
        statement,
        formula,
        tolerance,
        reason,
        LinkedHashSet.of(Trial.Kind.ORDINARY),
        guess,
        unless,
        check);
  }

  /** The same with another tolerance. */
  AdvantageLaw within(double allowed, String why) {
    return new AdvantageLaw(name, statement, formula, allowed, why, kinds, guess, unless, check);
  }

  /** The same, but for what it does not speak of. */
  AdvantageLaw unless(Unless other) {
    return new AdvantageLaw(
        name, statement, formula, tolerance, reason, kinds, guess, other, check);
  }

  /** The same, of those of which something is seen. */
  AdvantageLaw where(java.util.function.Predicate<AdvantageProfile> told, String otherwise) {
    return unless((box, seen) -> Option.when(!told.test(seen), () -> otherwise));
  }
}
