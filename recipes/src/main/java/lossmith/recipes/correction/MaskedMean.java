package lossmith.recipes.correction;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Axis;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;

/** verl's mean, Σx / (n + 10⁻⁸): the mean over nothing is 0, and every other is a little low. */
final class MaskedMean {
  /** The responses that have a token. */
  static final Over<Sequence, Batch> NONEMPTY = ALL_SEQUENCES.where(length().positive());

  private static final double EPSILON = 1e-8;

  private MaskedMean() {}

  /** {@return the mean over all tokens} */
  static Detached<Batch> ofAll(Detached<Token> x) {
    return x.sum(ALL_TOKENS).dividedBy(count(ALL_TOKENS).shiftedBy(EPSILON));
  }

  /** {@return the share of all tokens where the condition holds} */
  static Detached<Batch> ofAll(Condition<Token> condition) {
    return ofAll(condition.indicator());
  }

  /** {@return the mean over the tokens of each response} */
  static Detached<Sequence> ofEach(Detached<Token> x) {
    return x.sum(TOKENS).dividedBy(length().shiftedBy(EPSILON));
  }

  /** {@return the std √(E[x²] − E[x]²) over all tokens, 0 of a single one} */
  static Detached<Batch> std(Detached<Token> x) {
    Detached<Batch> variance = ofAll(x.square()).minus(ofAll(x).square());
    Detached<Batch> zero = constant(0, Axis.BATCH);
    return select(
        count(ALL_TOKENS).above(constant(1, Axis.BATCH)), max(variance, zero).sqrt(), zero);
  }

  /** {@return the number at every token} */
  static Detached<Token> everywhere(double value) {
    return constant(value, TOKEN);
  }
}
