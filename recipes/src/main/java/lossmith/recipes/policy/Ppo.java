package lossmith.recipes.policy;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Claim;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.surrogate.Surrogate;

/** Proximal policy optimisation, clipped. */
public final class Ppo implements Recipe {
  /** The recipe. */
  public Ppo() {}

  @Override
  public String name() {
    return "ppo";
  }

  @Override
  public String title() {
    return "Proximal policy optimisation, clipped";
  }

  @Override
  public Source source() {
    return new Source(
        "Proximal Policy Optimization Algorithms", "eq 7", "https://arxiv.org/abs/1707.06347");
  }

  @Override
  public Seq<String> deviations() {
    return List.of("The advantage is the group-normalised reward: there is no value head.");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.normalised(Aggregation.TOKEN_MEAN).append(Claims.clipped());
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.2);
    Term<Token> r = Surrogate.ratio(c);
    return Diagnostics.clipped(
        maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.TOKEN_MEAN)),
        r,
        a,
        clip);
  }
}
