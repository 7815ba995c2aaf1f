package lossmith.proofs.independent.loops;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;

/**
 * A detached term and its loops, made in one step.
 *
 * @param term the term
 * @param loops what it is
 * @param <L> the level
 */
record Fixed<L extends Level>(Detached<L> term, Loops loops) {
  /** A verb, and what it does to each number. */
  Fixed<L> then(UnaryOperator<Detached<L>> verb, DoubleUnaryOperator f) {
    return new Fixed<>(verb.apply(term), loops.map(f));
  }

  Made<L> made() {
    return new Made<>(term, loops);
  }
}
