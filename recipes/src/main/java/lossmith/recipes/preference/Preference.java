package lossmith.recipes.preference;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.sign;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;

/**
 * The pieces of preference losses: a prompt with a chosen response, sign +1, and a rejected one,
 * sign −1.
 */
public final class Preference {
  private Preference() {}

  /** {@return s, +1 at the tokens of the chosen response and −1 at those of the rejected one} */
  static Detached<Token> side() {
    return sign().per(TOKEN).as("s");
  }

  /** {@return log π − log π_ref of each token} */
  public static Term<Token> logRatioToReference() {
    return logProb().minus(referenceLogProb());
  }

  /** {@return Σ_t x of the chosen response minus Σ_t x of the rejected one} */
  static Term<Group> margin(Term<Token> x) {
    return x.weightedBy(side()).sum(TOKENS).sum(SEQUENCES);
  }

  /** {@return Σ_t x of the chosen response} */
  static Term<Group> chosen(Term<Token> x) {
    return x.weightedBy(side().shiftedBy(1).scaledBy(0.5)).sum(TOKENS).sum(SEQUENCES);
  }

  /** {@return Σ_t x of the rejected response} */
  static Term<Group> rejected(Term<Token> x) {
    return x.weightedBy(side().negated().shiftedBy(1).scaledBy(0.5)).sum(TOKENS).sum(SEQUENCES);
  }

  /** {@return the margin of the means over tokens} */
  static Term<Group> meanMargin(Term<Token> x) {
    return x.weightedBy(side()).mean(TOKENS).sum(SEQUENCES);
  }

  /**
   * {@return (1 − ε) log σ(x) + ε log σ(−x), ε the parameter label_smoothing: the share of labels
   * that is expected to be wrong}
   */
  static Term<Group> smoothed(Term<Group> x) {
    Parameter wrong = parameter("label_smoothing", 0.1, 0, 0.5);
    Term<Group> right = x.logSigmoid().times(wrong.negated().shiftedBy(1).per(GROUP));
    return right.plus(x.negated().logSigmoid().scaledBy(wrong));
  }

  /** {@return max(0, 1 − β h)} */
  static Term<Group> hinge(Term<Group> h, Parameter beta) {
    return max(h.scaledBy(beta).negated().shiftedBy(1), constant(0, GROUP));
  }

  /** {@return (h − 1/(2β))²} */
  static Term<Group> identity(Term<Group> h, Parameter beta) {
    return h.minus(constant(0.5, BATCH).dividedBy(beta).per(GROUP)).square();
  }
}
