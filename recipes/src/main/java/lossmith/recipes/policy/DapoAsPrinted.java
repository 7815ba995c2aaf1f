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

/** GRPO with decoupled bounds, as Entropy Collapse prints DAPO. */
public final class DapoAsPrinted implements Recipe {
  /** The recipe. */
  public DapoAsPrinted() {}

  @Override
  public String name() {
    return "dapo-as-printed";
  }

  @Override
  public String title() {
    return "GRPO with decoupled bounds, as Entropy Collapse prints DAPO";
  }

  @Override
  public Source source() {
    return new Source(
        "DAPO: An Open-Source LLM Reinforcement Learning System at Scale",
        "Entropy Collapse, eq 6",
        "https://arxiv.org/abs/2503.14476");
  }

  @Override
  public Seq<String> deviations() {
    return List.of("The paper takes the mean over all tokens of a group; see dapo.");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.normalised(Aggregation.GROUP_MEAN).append(Claims.clipped());
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    Clip clip = Surrogate.trustRegion(0.2, 0.28);
    Term<Token> r = Surrogate.ratio(c);
    return Diagnostics.clipped(
        maximise(c.aggregate(Surrogate.clipped(r, a, clip, c), Aggregation.GROUP_MEAN)),
        r,
        a,
        clip);
  }
}
