package lossmith.recipes.part;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.value;
import static lossmith.recipes.part.AdvantageParts.part;
import static lossmith.recipes.part.AdvantageParts.rewards;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.recipes.part.AdvantageParts.Estimator;

/**
 * What a token earned over several steps, less its value: V_t of the column value, r_t of
 * token_reward, ρ_t = π/π_old detached, truncated at 2 (at 1 for V-trace), γ = 1. Every token that
 * exists is taken for the policy's own. Reward and value are 0 behind the last token: a response
 * that was cut counts as one that ended there.
 */
final class MultistepParts {
  private MultistepParts() {}

  static Seq<Part<Estimator>> all() {
    return List.of(
        part("n-step-returns", (r, c) -> nStep(3)),
        part("lambda-returns", (r, c) -> lambdaReturns(1, 0.9)),
        part("importance-corrected", (r, c) -> corrected(0.9)),
        part("v-trace", (r, c) -> vTrace(truncatedRatio())),
        part("leaky-v-trace", (r, c) -> vTrace(leaky(0.5))),
        part("retrace", (r, c) -> traced(truncatedRatio())),
        part("q-lambda", (r, c) -> traced(constant(0.9, TOKEN))),
        part("tree-backup", (r, c) -> traced(logProb().stopGradient().exp())));
  }

  private static Detached<Token> critic() {
    return value().stopGradient();
  }

  private static Detached<Token> ratioAtMost(double bound) {
    return logProb().stopGradient().minus(oldLogProb()).exp().clip(Clip.between(0, bound));
  }

  private static Detached<Token> moved() {
    return ratioAtMost(2);
  }

  private static Detached<Token> truncatedRatio() {
    return ratioAtMost(1);
  }

  private static Detached<Token> leaky(double alpha) {
    return moved().scaledBy(1 - alpha).plus(truncatedRatio().scaledBy(alpha));
  }

  /** G_t = r_t + r_(t+1) + … + r_(t+n−1) + V_(t+n), less V_t. */
  private static Detached<Token> nStep(int n) {
    Detached<Token> target =
        List.range(0, n).foldLeft(critic(), (ahead, step) -> rewards().plus(next(ahead, 0)));
    return target.minus(critic()).as("A");
  }

  /** G_t = r_t + γ ((1 − λ) V_(t+1) + λ G_(t+1)), less V_t. */
  private static Detached<Token> lambdaReturns(double gamma, double lambda) {
    Detached<Token> ahead = next(critic(), 0).scaledBy(gamma * (1 - lambda));
    Detached<Token> target = scanBackward(rewards().plus(ahead), constant(gamma * lambda, TOKEN));
    return target.minus(critic()).as("A");
  }

  private static Detached<Token> error() {
    return rewards().plus(next(critic(), 0)).minus(critic());
  }

  /** A_t = ρ_t D_t, D_t = δ_t + λ ρ_(t+1) D_(t+1). */
  private static Detached<Token> corrected(double lambda) {
    Detached<Token> ahead = next(moved(), 0).scaledBy(lambda);
    return scanBackward(error(), ahead).times(moved()).as("A");
  }

  /** v_t − V_t = ρ δ_t + ρ (v_(t+1) − V_(t+1)); A_t = ρ (r_t + v_(t+1) − V_t). */
  private static Detached<Token> vTrace(Detached<Token> rho) {
    Detached<Token> target = scanBackward(error().times(rho), rho).plus(critic());
    return rewards().plus(next(target, 0)).minus(critic()).times(rho).as("A");
  }

  /** G_t = r_t + V_(t+1) + c_(t+1) (G_(t+1) − Q_(t+1)), less V_t. */
  private static Detached<Token> traced(Detached<Token> c) {
    Detached<Token> ahead = next(c, 0);
    Detached<Token> q = next(given("q_value", TOKEN), 0);
    Detached<Token> addend = rewards().plus(next(critic(), 0)).minus(ahead.times(q));
    return scanBackward(addend, ahead).minus(critic()).as("A");
  }
}
