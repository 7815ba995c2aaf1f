package lossmith.recipes.control;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Problem;

/** What the numbers of a controller must be; each check gives the problem there is, or none. */
final class ControlChecks {
  private ControlChecks() {}

  static Seq<Problem> number(String code, String name, double value) {
    return problem(Double.isFinite(value), code, name, value, "a finite number");
  }

  static Seq<Problem> atLeastZero(String code, String name, double value) {
    return problem(Double.isFinite(value) && value >= 0, code, name, value, "a finite number ≥ 0");
  }

  static Seq<Problem> above(String code, String name, double value) {
    return problem(Double.isFinite(value) && value > 0, code, name, value, "a finite number > 0");
  }

  static Seq<Problem> problem(
      boolean right, String code, String name, double value, String expected) {
    return right
        ? List.empty()
        : List.of(Problem.of(code, name + " = " + value, expected, expected + " for the " + name));
  }
}
