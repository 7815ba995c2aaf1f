package lossmith.recipes.surrogate;

import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;

import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Term;

/** The pieces that objectives with one ratio per response share. */
public final class SequenceSurrogate {
  private SequenceSurrogate() {}

  /** {@return s = (π(y) / π_old(y))^(1/|y|), the geometric mean of a response's ratios} */
  public static Term<Sequence> ratio() {
    return logProb().minus(oldLogProb()).mean(TOKENS).exp().as("s");
  }

  /** {@return min(s·A, clip(s)·A)} */
  public static Term<Sequence> clipped(Term<Sequence> s, Detached<Sequence> a, Clip clip) {
    return min(s.times(a), s.clip(clip).times(a));
  }
}
