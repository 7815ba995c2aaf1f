package lossmith.recipes.part;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;
import static lossmith.recipes.Claim.Divergence.FORWARD;
import static lossmith.recipes.Claim.Divergence.NONE;
import static lossmith.recipes.Claim.Divergence.REVERSE;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Function;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.surrogate.KlEstimator;

/** Penalties per token, added to the loss. */
final class Regularisers {
  private static final String KL = "KL";
  private static final Claim AVERAGE = new Claim.Averages(KL, REVERSE, Columns.LOG_PROB);
  private static final Claim CORRECTED = new Claim.Averages(KL, REVERSE, Columns.OLD_LOG_PROB);

  private Regularisers() {}

  /** A regulariser with the coefficient it has unless the user sets another. */
  record Cost(double coefficient, Function<Conventions, Term<Token>> term, String trains) {}

  private static Part<Cost> part(
      String name, double coefficient, Function<Conventions, Term<Token>> term) {
    return Part.of(Part.Kind.REGULARISER, name, new Cost(coefficient, term, Loss.POLICY));
  }

  private static Claim slope(String name, Claim.Divergence of) {
    return new Claim.Estimates(of, "beta_" + name);
  }

  private static Part<Cost> estimator(String name, KlEstimator estimator) {
    return part(name, 1e-3, c -> estimator.of(referenceLogProb(), c).as(KL));
  }

  static Seq<Part<Cost>> all() {
    return List.of(
            estimator("k1", KlEstimator.K1).claiming(AVERAGE, slope("k1", NONE)),
            estimator("k2", KlEstimator.K2).claiming(slope("k2", REVERSE)),
            estimator("k3", KlEstimator.K3).claiming(AVERAGE, slope("k3", FORWARD)),
            estimator("abs", KlEstimator.ABSOLUTE),
            part(
                    "k3-straight-through",
                    1e-3,
                    c -> KlEstimator.K3.withGradientOfK2(referenceLogProb(), c).as(KL))
                .claiming(AVERAGE, slope("k3-straight-through", REVERSE)),
            part("k1-corrected", 1e-3, c -> weightedK1().as(KL))
                .claiming(CORRECTED, slope("k1-corrected", REVERSE)),
            part("k3-corrected", 1e-3, c -> corrected().as(KL))
                .claiming(CORRECTED, slope("k3-corrected", REVERSE)),
            part("squared-log-ratio", 1e-3, c -> logProb().minus(rolloutLogProb()).square()),
            part("kl", 1e-3, c -> expected(logPi(), logPi().minus(referenceLogPi())).as(KL))
                .claiming(AVERAGE, slope("kl", REVERSE)),
            part("negative-entropy", 1e-3, c -> entropy().as("H").negated())
                .claiming(new Claim.Entropy("H")),
            part(
                "imitation",
                0.1,
                c ->
                    select(
                        reward().positive().per(TOKEN), logProb().negated(), constant(0, TOKEN))))
        .appendAll(Critics.all());
  }

  private static Term<Token> weightedK1() {
    Clip clamp = Clip.between(-20, 20);
    return logProb()
        .minus(oldLogProb())
        .clip(clamp)
        .exp()
        .times(logProb().minus(referenceLogProb()).clip(clamp));
  }

  /** The product of two exponentials must not overflow. */
  private static Term<Token> corrected() {
    Clip clamp = Clip.between(-20, 20);
    Term<Token> d = referenceLogProb().minus(logProb()).clip(clamp);
    return logProb().minus(oldLogProb()).clip(clamp).exp().times(d.expRemainder());
  }
}
