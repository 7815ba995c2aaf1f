package lossmith.bench;

import io.vavr.control.Option;

/**
 * One measured number.
 *
 * @param name what was measured
 * @param measured the number
 * @param unit its unit, {@code x} for a ratio
 * @param least what it should at least be
 * @param most what it should at most be
 * @param how how it was measured
 */
public record Figure(
    String name,
    double measured,
    String unit,
    Option<Double> least,
    Option<Double> most,
    String how) {

  /** {@return a number without a goal} */
  static Figure plain(String name, double measured, String unit, String how) {
    return new Figure(name, measured, unit, Option.none(), Option.none(), how);
  }

  /** {@return the same, to be at least this} */
  Figure atLeast(double goal) {
    return new Figure(name, measured, unit, Option.some(goal), most, how);
  }

  /** {@return the same, to be at most this} */
  Figure atMost(double goal) {
    return new Figure(name, measured, unit, least, Option.some(goal), how);
  }

  /** {@return whether it misses its goal} */
  public boolean isShort() {
    return least.exists(goal -> !(measured >= goal)) || most.exists(goal -> !(measured <= goal));
  }

  /** {@return {@code ok}, {@code short}, or {@code -} where there is no goal} */
  public String verdict() {
    return least.isEmpty() && most.isEmpty() ? "-" : isShort() ? "short" : "ok";
  }
}
