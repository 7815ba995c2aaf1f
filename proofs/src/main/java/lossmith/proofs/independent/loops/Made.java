package lossmith.proofs.independent.loops;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import lossmith.dsl.Level;
import lossmith.dsl.Term;

/**
 * A term and its loops, made in one step.
 *
 * @param term the term
 * @param loops what it is
 * @param <L> the level
 */
public record Made<L extends Level>(Term<L> term, Loops loops) {
  /** A verb, and what it does to each number. */
  Made<L> then(UnaryOperator<Term<L>> verb, DoubleUnaryOperator f) {
    return new Made<>(verb.apply(term), loops.map(f));
  }

  /** The same value, through which no gradient flows. */
  Fixed<L> stopped() {
    return new Fixed<>(term.stopGradient(), loops.stopped());
  }
}
