package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Counterpart.Project.AREAL;
import static lossmith.recipes.Counterpart.Project.LIGER;
import static lossmith.recipes.Counterpart.Project.NEMO_RL;
import static lossmith.recipes.Counterpart.Project.OPENRLHF;
import static lossmith.recipes.Counterpart.Project.OPEN_INSTRUCT;
import static lossmith.recipes.Counterpart.Project.ROLL;
import static lossmith.recipes.Counterpart.Project.TINKER;
import static lossmith.recipes.Counterpart.Project.TRL;
import static lossmith.recipes.Counterpart.Project.VERL_RECIPE;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Source;

/** The log-odds of the chosen response, as a logistic regression. */
public final class Dpo implements PairLoss {
  /** The recipe. */
  public Dpo() {}

  @Override
  public String name() {
    return "dpo";
  }

  @Override
  public String title() {
    return "Direct preference optimisation";
  }

  @Override
  public Source source() {
    return new Source(
        "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
        "eq 7",
        "https://arxiv.org/abs/2305.18290");
  }

  @Override
  public Seq<Claim> claims() {
    return List.of(new Claim.Sign("s"));
  }

  @Override
  public Seq<Counterpart> peers() {
    return List.of(
        Counterpart.of(TRL, "sigmoid"),
        Counterpart.of(OPENRLHF, "DPOLoss"),
        Counterpart.of(LIGER, "sigmoid"),
        Counterpart.of(NEMO_RL, "DPOLossFn"),
        Counterpart.of(OPEN_INSTRUCT, "dpo"),
        Counterpart.of(AREAL, "dpo_preference_loss, sigmoid"),
        Counterpart.of(TINKER, "compute_dpo_loss"),
        Counterpart.of(VERL_RECIPE, "spin, compute_online_dpo_loss"),
        Counterpart.of(ROLL, "dpo pipeline, sigmoid"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.margin(Preference.towardsReference());
    return maximise(h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3)).logSigmoid().mean(GROUPS));
  }
}
