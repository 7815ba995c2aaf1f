package lossmith.proofs;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.trainable;

import java.util.stream.Stream;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;

/** Mistakes in what is trained beside the policy so that a bound holds. */
final class MultiplierMistakes {
  private MultiplierMistakes() {}

  private static final Parameter BOUND = parameter("epsilon", 0.02, 1e-6, 1);

  private static Term<Batch> multiplier() {
    return trainable("multiplier", BATCH);
  }

  private static Term<Batch> divergence() {
    return expected(referenceLogPi(), referenceLogPi().minus(logPi())).mean(ALL_TOKENS);
  }

  /** α·slack + sg(α)·KL(π_ref ‖ π). */
  private static Loss bounded(Detached<Batch> slack) {
    Term<Batch> penalty = divergence().weightedBy(multiplier().stopGradient());
    return minimise(penalty.plus(multiplier().times(slack))).training(Loss.POLICY, "multiplier");
  }

  private static Detached<Batch> drift() {
    return divergence().stopGradient();
  }

  /** η·(log Σ_v π_ref(v) exp(q(v)/η) ± ε). */
  private static Loss dual(boolean plus) {
    Term<Batch> eta = trainable("eta", BATCH);
    Detached<Vocabulary> q = given("q", VOCABULARY_ENTRY);
    Term<Vocabulary> u = q.dividedBy(eta.per(TOKEN).per(VOCABULARY_ENTRY)).plus(referenceLogPi());
    Term<Batch> logZ = u.exp().sum(VOCABULARY).log().mean(ALL_TOKENS);
    Term<Batch> inside = plus ? logZ.shiftedBy(BOUND) : logZ.minus(BOUND);
    return minimise(eta.times(inside)).training("eta");
  }

  static Stream<RoleMistake> all() {
    return Stream.of(
        new RoleMistake(
            "a multiplier that is raised while the bound holds",
            "multiplier-turns",
            bounded(drift().minus(BOUND)),
            bounded(BOUND.minus(drift()))),
        new RoleMistake(
            "a temperature's bound with the other sign",
            "temperature-balance",
            dual(false),
            dual(true)));
  }
}
