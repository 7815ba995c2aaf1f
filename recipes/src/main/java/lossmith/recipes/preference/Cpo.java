package lossmith.recipes.preference;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Condition;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/** Contrastive preference optimisation. */
public final class Cpo implements Recipe {
  @Override
  public Card card() {
    return Card.of(
            "cpo",
            "Preferences without a reference, with likelihood of the chosen",
            new Source(
                "Contrastive Preference Optimization: Pushing the Boundaries of LLM Performance in"
                    + " Machine Translation",
                "eq 5",
                "https://arxiv.org/abs/2401.08417"))
        .claiming(new Claim.Sign("s"))
        .deviating(
            "The likelihood is the mean over the tokens of chosen responses, as TRL has it.");
  }

  @Override
  public Loss loss(Conventions c) {
    Loss preference =
        maximise(
                Preference.margin(logProb())
                    .scaledBy(parameter("beta", 0.1, 1e-6, 1e3))
                    .logSigmoid()
                    .mean(GROUPS))
            .as("preference");
    Condition<Token> chosen = Preference.side().positive();
    Loss likelihood =
        maximise(logProb().mean(ALL_TOKENS.where(chosen)))
            .scaledBy(parameter("cpo_alpha", 1, 0, 1e3))
            .as("nll");
    return preference.plus(likelihood);
  }
}
