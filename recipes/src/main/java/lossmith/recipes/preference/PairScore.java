package lossmith.recipes.preference;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;

import java.util.function.UnaryOperator;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;

/**
 * What a {@link PairLoss} compares of the two responses of a pair, in units of log-probability: x =
 * Σ_t (log π − log π_ref), or what another divergence than the reverse one makes of it.
 */
public interface PairScore {
  /** x itself. */
  PairScore LOG_RATIO =
      new PairScore() {
        @Override
        public Term<Group> chosen(Term<Token> x) {
          return Preference.chosen(x);
        }

        @Override
        public Term<Group> rejected(Term<Token> x) {
          return Preference.rejected(x);
        }

        @Override
        public Term<Group> margin(Term<Token> x) {
          return Preference.margin(x);
        }

        @Override
        public Term<Group> meanMargin(Term<Token> x) {
          return Preference.meanMargin(x);
        }
      };

  /**
   * {@return f(x), x printed as x_w where it is of the chosen response and as x_l of the rejected}
   *
   * @param f increasing
   */
  static PairScore of(UnaryOperator<Term<Group>> f) {
    return new PairScore() {
      @Override
      public Term<Group> chosen(Term<Token> x) {
        return f.apply(Preference.chosen(x).as("x_w"));
      }

      @Override
      public Term<Group> rejected(Term<Token> x) {
        return f.apply(Preference.rejected(x).as("x_l"));
      }
    };
  }

  /** {@return the score of the chosen response, x given by token} */
  Term<Group> chosen(Term<Token> x);

  /** {@return the score of the rejected response, x given by token} */
  Term<Group> rejected(Term<Token> x);

  /** {@return the score of the chosen response less that of the rejected one} */
  default Term<Group> margin(Term<Token> x) {
    return chosen(x).minus(rejected(x));
  }

  /** {@return the same, each score over the length of its response} */
  default Term<Group> meanMargin(Term<Token> x) {
    Term<Token> one = constant(1, TOKEN);
    return chosen(x)
        .dividedBy(Preference.chosen(one))
        .minus(rejected(x).dividedBy(Preference.rejected(one)));
  }
}
