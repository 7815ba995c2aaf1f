package lossmith.recipes.part;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.select;
import static lossmith.recipes.part.Surrogates.part;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.part.Surrogates.Raised;
import lossmith.recipes.surrogate.Surrogate;

/** Surrogate objectives per token for asynchronous training: samples some updates old. */
final class StaleSurrogates {
  private StaleSurrogates() {}

  static Seq<Part<Raised>> all() {
    return List.of(
        part("clip-interpolated", StaleSurrogates::interpolated)
            .claiming(new Claim.Homogeneous("A"), new Claim.Sign("A")),
        part("clip-aligned", StaleSurrogates::aligned));
  }

  /**
   * w·min(r·A, clip(r)·A), r = π/p and w = p/π_old with p = π_old (π/π_old)^(1 − 1/d), detached.
   */
  private static Term<Token> interpolated(Detached<Token> a, Conventions c) {
    Detached<Token> updates = max(given("staleness", TOKEN), constant(1, TOKEN));
    Detached<Token> share = constant(1, TOKEN).minus(constant(1, TOKEN).dividedBy(updates));
    Detached<Token> moved = logProb().stopGradient().minus(oldLogProb()).times(share);
    Term<Token> r = logProb().minus(oldLogProb().plus(moved)).exp().as("r");
    Detached<Token> weight = moved.exp().as("b");
    Detached<Token> cap = parameter("behaviour_cap", 5, 0, 1e6).per(TOKEN);
    return Surrogate.clipped(r, a, Surrogate.trustRegion(0.2, 0.2), c)
        .weightedBy(select(weight.atMost(cap), weight, constant(0, TOKEN)).as("w"));
  }

  private static Term<Token> aligned(Detached<Token> a, Conventions c) {
    Detached<Token> off = Weights.drift();
    Detached<Token> ratio = off.clip(Clip.between(-10, 10)).exp();
    Detached<Sequence> distance = ratio.shiftedBy(-1).abs().mean(TOKENS);
    Condition<Sequence> far =
        distance.above(parameter("total_variation", 0.2, 0, 1e3).per(SEQUENCE));
    Condition<Token> away = off.times(a.sign()).positive();
    Term<Token> clipped =
        Surrogate.clipped(Surrogate.ratio(c), a, Surrogate.trustRegion(0.2, 0.2), c);
    return select(far.per(TOKEN).and(away), constant(0, TOKEN), clipped);
  }
}
