package lossmith.recipes;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.recipes.Peer.Project.ROLL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;

/** Tapered off-policy REINFORCE. */
public final class Topr implements Recipe {
  /** The recipe. */
  public Topr() {}

  @Override
  public String name() {
    return "topr";
  }

  @Override
  public String title() {
    return "Positive samples as they are, negative ones by a truncated weight";
  }

  @Override
  public Source source() {
    return new Source(
        "Tapered Off-Policy REINFORCE: Stable and efficient reinforcement learning for LLMs",
        "the canonical choice of tapers; ROLL actor_pg_worker.py",
        "https://arxiv.org/abs/2503.14286");
  }

  @Override
  public Seq<String> deviations() {
    return List.of(
        "The weight is that of a token, as ROLL has it; the paper's is of the response.");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.normalised(Aggregation.TOKEN_MEAN);
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(Peer.of(ROLL, "topr"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Detached<Token> truncated = Surrogate.ratio(c).stopGradient().clip(Clip.between(0, 1));
    Detached<Token> weight = select(a.positive(), constant(1, TOKEN), truncated);
    return Diagnostics.policy(
        maximise(c.aggregate(logProb().times(a).weightedBy(weight), Aggregation.TOKEN_MEAN)));
  }
}
