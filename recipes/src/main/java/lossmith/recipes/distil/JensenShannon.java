package lossmith.recipes.distil;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;

import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Over;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;

/**
 * The generalised Jensen–Shannon divergence between the teacher P (the reference policy) and π:
 * β·KL(P ‖ M) + (1 − β)·KL(π ‖ M), M = β·P + (1 − β)·π. Over the whole vocabulary it is between 0
 * and log 2.
 */
final class JensenShannon {
  private JensenShannon() {}

  /** {@return the divergence summed over some vocabulary entries, not renormalised to them} */
  static Term<Token> of(Parameter beta, Over<Vocabulary, Token> entries) {
    Term<Vocabulary> teacher = referenceLogPi();
    Term<Vocabulary> mixed = mixed(beta, beta.negated().shiftedBy(1));
    Term<Token> fromTeacher = probTimes(teacher, teacher.minus(mixed)).sum(entries);
    Term<Token> fromPolicy = probTimes(logPi(), logPi().minus(mixed)).sum(entries);
    return weighed(beta, fromTeacher, fromPolicy);
  }

  /** {@return m = log M, the log-probs of a mixture of teacher and policy} */
  static Term<Vocabulary> mixed(Detached<Batch> ofTeacher, Detached<Batch> ofPolicy) {
    return logAddExp(
            referenceLogPi().plus(ofTeacher.log().per(VOCABULARY_ENTRY)),
            logPi().plus(ofPolicy.log().per(VOCABULARY_ENTRY)))
        .as("m");
  }

  /**
   * {@return the summand of entries taken as one, with teacher and policy probabilities p and q,
   * both above 0}
   */
  static Term<Token> ofBucket(Parameter beta, Detached<Token> p, Term<Token> q) {
    Term<Token> logMixed = weighed(beta, p, q).log().as("M");
    return weighed(beta, p.log().minus(logMixed).times(p), q.log().minus(logMixed).times(q));
  }

  /** {@return the total probability of all entries that are not likely, at least 1e-7} */
  static Term<Token> tail(Term<Vocabulary> logPi, Condition<Vocabulary> likely) {
    return logPi
        .exp()
        .sum(VOCABULARY.where(likely.not()))
        .clip(Clip.atLeast(constant(1e-7, BATCH)));
  }

  private static Term<Token> weighed(Parameter beta, Term<Token> x, Term<Token> y) {
    return x.scaledBy(beta).plus(y.times(beta.negated().shiftedBy(1).per(TOKEN)));
  }
}
