package lossmith.proofs.independent.loops;

import lossmith.dsl.Condition;
import lossmith.dsl.Level;

/**
 * A condition and its loops, 1 for yes and 0 for no, made in one step.
 *
 * @param term the condition
 * @param loops what it is
 * @param <L> the level
 */
record Asked<L extends Level>(Condition<L> term, Loops loops) {
  Asked<L> and(Asked<L> other) {
    return new Asked<>(term.and(other.term), loops.zip(other.loops, Math::min));
  }

  Asked<L> or(Asked<L> other) {
    return new Asked<>(term.or(other.term), loops.zip(other.loops, Math::max));
  }

  Asked<L> not() {
    return new Asked<>(term.not(), loops.map(x -> 1 - x));
  }
}
