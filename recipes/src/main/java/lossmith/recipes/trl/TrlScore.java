package lossmith.recipes.trl;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.max;

import java.util.function.UnaryOperator;
import lossmith.dsl.Clip;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.recipes.preference.PairScore;

/**
 * What TRL's {@code DPOTrainer} compares under its {@code f_divergence_type}, x the log-ratio of a
 * response to the reference: the scores of {@code lossmith.recipes.part} with TRL's bounds, and of
 * an empty response, whose score need not be 0, as if it had one token.
 *
 * @param of the score of a response
 */
public record TrlScore(PairScore of) implements PairScore {
  /** At α this near to 1 the α-divergence is the reverse one. */
  private static final double NEAR = 1e-6;

  /** {@return x} */
  public static PairScore reverse() {
    return PairScore.LOG_RATIO;
  }

  /** {@return −e^(−x), without a bound} */
  public static PairScore forward() {
    return score(x -> x.negated().exp().negated());
  }

  /** {@return log σ(x)} */
  public static PairScore jensenShannon() {
    return score(Term::logSigmoid);
  }

  /**
   * {@return e^((α − 1) x) / (α − 1), the exponent at most 80; x where α is 1}
   *
   * @param alpha α, {@code f_alpha_divergence_coef}
   */
  public static PairScore power(double alpha) {
    double power = alpha - 1;
    return Math.abs(power) < NEAR
        ? reverse()
        : score(
            x ->
                x.scaledBy(power).clip(Clip.atMost(constant(80, BATCH))).exp().scaledBy(1 / power));
  }

  /**
   * {@return a score whose chosen response alone is scored by x: {@code apo_down} reads the
   * divergence in the margin and nowhere else}
   *
   * @param margin the score of the margin
   */
  static PairScore inMarginAlone(PairScore margin) {
    return new PairScore() {
      @Override
      public Term<Group> chosen(Term<Token> x) {
        return PairScore.LOG_RATIO.chosen(x);
      }

      @Override
      public Term<Group> rejected(Term<Token> x) {
        return PairScore.LOG_RATIO.rejected(x);
      }

      @Override
      public Term<Group> margin(Term<Token> x) {
        return margin.margin(x);
      }
    };
  }

  private static PairScore score(UnaryOperator<Term<Group>> f) {
    return new TrlScore(PairScore.of(f));
  }

  @Override
  public Term<Group> chosen(Term<Token> x) {
    return of.chosen(x);
  }

  @Override
  public Term<Group> rejected(Term<Token> x) {
    return of.rejected(x);
  }

  @Override
  public Term<Group> meanMargin(Term<Token> x) {
    return chosen(x)
        .dividedBy(length(PairScore.LOG_RATIO.chosen(constant(1, TOKEN))))
        .minus(rejected(x).dividedBy(length(PairScore.LOG_RATIO.rejected(constant(1, TOKEN)))));
  }

  private static Term<Group> length(Term<Group> tokens) {
    return max(tokens, constant(1, GROUP));
  }
}
