package lossmith.recipes;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.recipes.Peer.Project.TRL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/**
 * log π weighted by P − 1/2 and less β (log π − log π_ref), both held; the reward is P, how likely
 * the response is preferred to one of the mixture.
 */
public final class NashMd implements Recipe {
  /** The recipe. */
  public NashMd() {}

  @Override
  public String name() {
    return "nash-md";
  }

  @Override
  public String title() {
    return "Policy gradient towards the Nash equilibrium of a preference";
  }

  @Override
  public Source source() {
    return new Source(
        "Nash Learning from Human Feedback",
        "Nash-MD-PG; TRL NashMDTrainer",
        "https://arxiv.org/abs/2312.00886");
  }

  @Override
  public Seq<String> deviations() {
    return List.of(
        "Responses of the geometric mixture and their probabilities of being preferred come with the batch.");
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(Peer.of(TRL, "NashMDTrainer"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> p = reward().shiftedBy(-0.5).per(TOKEN).as("A");
    Detached<Token> away = Preference.towardsReference().stopGradient();
    Term<Sequence> won = logProb().weightedBy(p).sum(TOKENS);
    Term<Sequence> cost =
        logProb().weightedBy(away).sum(TOKENS).scaledBy(parameter("beta", 0.1, 0, 1e3));
    return maximise(won.minus(cost).mean(ALL_SEQUENCES));
  }
}
