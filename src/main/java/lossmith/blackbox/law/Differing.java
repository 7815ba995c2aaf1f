package lossmith.blackbox.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.IntUnaryOperator;
import lossmith.blackbox.Answer;
import lossmith.proofs.subject.Violation;

/** Where two answers differ. */
final class Differing {
  private Differing() {}

  /** Where they differ by more than is allowed, slot by slot. */
  static Seq<Violation> between(String what, Answer.Numbers left, Answer right, double allowed) {
    return between(what, left, right, allowed, slot -> slot);
  }

  /**
   * Where they differ by more than is allowed.
   *
   * @param what how the second came about
   * @param left the first
   * @param right the second
   * @param allowed the largest difference
   * @param place where in the second a slot of the first is; below 0 where it is not there
   */
  static Seq<Violation> between(
      String what, Answer.Numbers left, Answer right, double allowed, IntUnaryOperator place) {
    if (!(right instanceof Answer.Numbers numbers)) {
      return List.of(new Violation.Fact(what + ": " + ((Answer.Failure) right).text()));
    }
    Seq<Violation> value = Violation.between("L, " + what, left.loss(), numbers.loss(), allowed);
    return value.appendAll(
        left.gradients()
            .toList()
            .flatMap(
                g ->
                    List.range(0, g._2.length)
                        .filter(slot -> place.applyAsInt(slot) >= 0)
                        .flatMap(
                            slot ->
                                Violation.between(
                                    "dL/d" + g._1 + "[" + slot + "], " + what,
                                    g._2[slot],
                                    numbers
                                        .gradients()
                                        .get(g._1)
                                        .map(other -> other[place.applyAsInt(slot)])
                                        .getOrElse(0.0),
                                    allowed))));
  }
}
