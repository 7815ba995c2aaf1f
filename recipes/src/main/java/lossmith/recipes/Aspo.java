package lossmith.recipes;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.recipes.Peer.Project.ARCHER;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/** Asymmetric importance sampling. */
public final class Aspo implements Recipe {
  /** The recipe. */
  public Aspo() {}

  @Override
  public String name() {
    return "aspo";
  }

  @Override
  public String title() {
    return "Positive tokens by the inverse of their ratio";
  }

  @Override
  public Source source() {
    return new Source(
        "ASPO: Asymmetric Importance Sampling Policy Optimization",
        "the flipped ratio of positive tokens; Archer2.0 core_algos.py:537-586",
        "https://arxiv.org/abs/2510.06062");
  }

  @Override
  public Seq<String> deviations() {
    return List.of(
        "One pair of bounds for all tokens; Archer2.0 has another for tokens of high entropy.",
        "Beyond the dual clip a token has no gradient; Archer2.0 leaves it one of log π.");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.normalised(Aggregation.TOKEN_MEAN);
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(Peer.of(ARCHER, "aspo").differs("bounds by entropy; the dual clip keeps log π"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    Detached<Token> held = r.stopGradient();
    Term<Token> flipped = r.dividedBy(held).dividedBy(held);
    Term<Token> weight = select(a.positive(), flipped, r);
    Term<Token> clipped = min(weight.times(a), weight.clip(clip).times(a));
    Detached<Token> bound = a.times(parameter("dual_clip", 3, 1, 1e6).per(TOKEN));
    Term<Token> objective = select(a.negative(), max(clipped, bound), clipped);
    return Diagnostics.clipped(
        maximise(c.aggregate(objective, Aggregation.TOKEN_MEAN)), r, a, clip);
  }
}
