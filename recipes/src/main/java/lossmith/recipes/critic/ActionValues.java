package lossmith.recipes.critic;

import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;

/** What a critic expects of every entry of the vocabulary. */
final class ActionValues {
  private ActionValues() {}

  /** {@return q(v), the column action_value} */
  static Detached<Vocabulary> q() {
    return given("action_value", VOCABULARY_ENTRY).as("q");
  }

  /** {@return Σ_v π(v) q(v)} */
  static Term<Token> expected() {
    return Terms.expected(logPi(), q());
  }

  /** {@return log Σ_v e^{u(v)}, the largest u taken out first, so that nothing overflows} */
  static Term<Token> logSumExp(Term<Vocabulary> u) {
    Term<Token> most = u.stopGradient().max(VOCABULARY);
    return u.minus(most.per(VOCABULARY_ENTRY)).exp().sum(VOCABULARY).log().plus(most);
  }

  /** {@return q(v) − Σ_u π(u) q(u), detached} */
  static Detached<Vocabulary> advantage() {
    return q().minus(expected().stopGradient().per(VOCABULARY_ENTRY));
  }
}
