package lossmith.proofs.trial;

import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.print.Formula;

/**
 * An objective that nobody wrote, well-levelled.
 *
 * @param seed what reproduces it
 * @param term what is minimised
 */
public record RandomObjective(long seed, Term<Batch> term) {
  /** {@return the objective} */
  public Loss loss() {
    return Terms.minimise(term);
  }

  @Override
  public String toString() {
    return "objective " + seed + ": " + Formula.unicode(term.node());
  }
}
