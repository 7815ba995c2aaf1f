package lossmith.recipes.part;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.BiFunction;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.surrogate.Surrogate;

/** Surrogate objectives per token, from the advantage; they are maximised. */
final class Surrogates {
  private Surrogates() {}

  /** Makes a term to raise from advantages. */
  interface Raised extends BiFunction<Detached<Token>, Conventions, Term<Token>> {}

  /** What is linear in A, and on policy log π times it. */
  static Part<Raised> part(String name, Raised make) {
    return Part.of(Part.Kind.SURROGATE, name, make)
        .claiming(Claims.policyGradient(Aggregation.TOKEN_MEAN));
  }

  private static Part<Raised> linear(String name, Raised make) {
    return Part.of(Part.Kind.SURROGATE, name, make).claiming(new Claim.Homogeneous("A"));
  }

  private static Part<Raised> clip(String name, double low, double high) {
    Raised make =
        (a, c) -> Surrogate.clipped(Surrogate.ratio(c), a, Surrogate.trustRegion(low, high), c);
    return Part.of(Part.Kind.SURROGATE, name, make)
        .claiming(Claims.policyGradient(Aggregation.TOKEN_MEAN).append(Claims.clipped()));
  }

  static Part<Raised> clip() {
    return clip("clip", 0.2, 0.2);
  }

  static Seq<Part<Raised>> all() {
    return List.of(
            clip(),
            part("log-prob", (a, c) -> logProb().times(a)),
            part("ratio", (a, c) -> Surrogate.ratio(c).times(a)),
            clip("clip-higher", 0.2, 0.28),
            part("dual-clip", Surrogates::dualClip),
            part(
                "held-ratio",
                (a, c) -> {
                  Clip clip = Surrogate.trustRegion(0.2, 0.2);
                  Detached<Token> clipped = Surrogate.ratio(c).clip(clip).stopGradient();
                  return logProb().times(a).weightedBy(clipped);
                }),
            linear("sequence-clip", Surrogates::sequenceClip),
            part("soft-gate", (a, c) -> Surrogate.softGated(Surrogate.ratio(c), a)),
            part("held-ratio-tapered", Surrogates::tapered),
            part("held-ratio-inside", Surrogates::detachedInside),
            part("ratio-near", (a, c) -> within(a, c, moved().abs().atMost(range(0.1)))),
            part(
                "ratio-near-or-back",
                (a, c) -> within(a, c, moved().times(a.sign()).atMost(range(0.2)))))
        .appendAll(StaleSurrogates.all());
  }

  private static Term<Token> tapered(Detached<Token> a, Conventions c) {
    Detached<Token> truncated = Surrogate.ratio(c).stopGradient().clip(Clip.between(0, 1));
    Condition<Token> good = reward().positive().per(TOKEN);
    return logProb().times(a).weightedBy(select(good, constant(1, TOKEN), truncated).as("w"));
  }

  private static Term<Token> detachedInside(Detached<Token> a, Conventions c) {
    Detached<Token> r = Surrogate.ratio(c).stopGradient();
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Condition<Token> inside = r.equalTo(r.clip(clip));
    return logProb().times(a).weightedBy(select(inside, r, constant(0, TOKEN)).as("w"));
  }

  /** π − π_old of the sampled token, detached. */
  private static Detached<Token> moved() {
    return logProb().stopGradient().exp().minus(oldLogProb().exp()).as("Δ");
  }

  private static Detached<Token> range(double most) {
    return parameter("probability_range", most, 0, 1).per(TOKEN);
  }

  private static Term<Token> within(Detached<Token> a, Conventions c, Condition<Token> near) {
    return select(near, Surrogate.ratio(c).times(a), constant(0, TOKEN));
  }

  private static Term<Token> dualClip(Detached<Token> a, Conventions c) {
    Term<Token> clipped =
        Surrogate.clipped(
            Surrogate.ratio(c), a, Surrogate.trustRegion(0.2, 0.2), Conventions.paper());
    Detached<Token> floor = a.times(parameter("dual_clip", 3, 1, 1e6).per(TOKEN));
    return select(a.negative(), max(clipped, floor), clipped);
  }

  private static Term<Token> sequenceClip(Detached<Token> a, Conventions c) {
    Term<Sequence> s = logProb().minus(oldLogProb()).mean(TOKENS).exp().as("s");
    Term<Token> spread = s.per(TOKEN);
    Clip clip = Surrogate.trustRegion(3e-4, 4e-4);
    return min(spread.times(a), s.clip(clip).per(TOKEN).times(a));
  }
}
