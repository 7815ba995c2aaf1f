package lossmith.recipes;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Peer.Project.TRL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;

/**
 * log σ(β (log π(y_w) − log π(y_l))) and the likelihood of a third, golden response: preference is
 * 1 for the chosen, −1 for the rejected and 0 for the golden one.
 */
public final class TriplePo implements Recipe {
  /** The recipe. */
  public TriplePo() {}

  @Override
  public String name() {
    return "tpo-triple";
  }

  @Override
  public String title() {
    return "Triple preference optimisation: a pair without a reference, and a golden response";
  }

  @Override
  public Source source() {
    return new Source(
        "Triple Preference Optimization: Achieving Better Alignment using a Single Step"
            + " Optimization",
        "the TPO loss; TRL TPOTrainer, loss_type sigmoid",
        "https://arxiv.org/abs/2405.16681");
  }

  @Override
  public Seq<String> deviations() {
    return List.of(
        "The likelihood is the mean over the tokens of golden responses, as TRL has it.");
  }

  @Override
  public Seq<Claim> claims() {
    return List.of(new Claim.Sign("s"));
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(Peer.of(TRL, "TPOTrainer, loss_type sigmoid"));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> s = side();
    return maximise(
            logProb()
                .weightedBy(s)
                .sum(TOKENS)
                .sum(SEQUENCES)
                .scaledBy(parameter("beta", 0.01, 1e-6, 1e3))
                .logSigmoid()
                .mean(GROUPS))
        .as("preference")
        .plus(likelihood(s));
  }

  /** {@return s, 1 at tokens of the chosen response, −1 of the rejected and 0 of the golden one} */
  static Detached<Token> side() {
    return given("preference", SEQUENCE).per(TOKEN).as("s");
  }

  /** {@return −log π, the mean over the tokens of golden responses, weighted by tpo_alpha} */
  static Loss likelihood(Detached<Token> side) {
    Condition<Token> golden = side.equalTo(constant(0, TOKEN)).as("golden");
    return maximise(logProb().mean(ALL_TOKENS.where(golden)))
        .scaledBy(parameter("tpo_alpha", 1, 0, 1e3))
        .as("nll");
  }
}
