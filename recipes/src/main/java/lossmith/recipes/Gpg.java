package lossmith.recipes;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static lossmith.recipes.Peer.Project.VERL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;

/** The plain policy gradient with group-normalised advantage. */
public final class Gpg implements Recipe {
  /** The recipe. */
  public Gpg() {}

  @Override
  public String name() {
    return "gpg";
  }

  @Override
  public String title() {
    return "The plain policy gradient with group-normalised advantage";
  }

  @Override
  public Source source() {
    return new Source(
        "GPG: A Simple and Strong Reinforcement Learning Baseline for Model Reasoning",
        "the objective without rescaling by informative groups",
        "https://arxiv.org/abs/2504.02546");
  }

  @Override
  public Seq<String> deviations() {
    return List.of("The advantage is not rescaled by the share of informative groups.");
  }

  @Override
  public Seq<Claim> claims() {
    return Claims.normalised(Aggregation.TOKEN_MEAN);
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(
        Peer.of(VERL, "gpg").differs("α counts responses with a score, not with an advantage"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Advantages.groupNormalised(reward(), c);
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a), Aggregation.TOKEN_MEAN)));
  }
}
