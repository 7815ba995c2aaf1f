package lossmith.recipes.preference;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Policy gradient towards the Nash equilibrium of a preference. Policy gradient: log π(y) times the
 * detached weight P − 1/2 − β log(π(y)/π_ref(y)). P, the column {@code reward}, is the probability
 * that y is preferred to a response of the mixture of policy and reference.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/ΣG) Σ_{g,i} w·Σ_t log π(y_t)
 *   where x = Σ_t sg(log π(y_t) - log π_ref(y_t))
 *   where w = reward - beta·x - 0.5
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code reward}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2312.00886">Nash Learning from Human Feedback</a>,
 *       Nash-MD-PG; TRL NashMDTrainer
 *   <li>Differs: Nothing is sampled from the geometric mixture: each response's probability of
 *       being preferred to one from it comes with the batch, as its reward.
 * </ul>
 */
public final class NashMd implements Recipe {
  @Override
  public Card card() {
    return Card.of("nash-md");
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> away = Preference.logRatioToReference().stopGradient().sum(TOKENS).as("x");
    Detached<Sequence> weight =
        reward().shiftedBy(-0.5).minus(away.scaledBy(parameter("beta", 0.1, 0, 1e3))).as("w");
    return maximise(logProb().sum(TOKENS).weightedBy(weight).mean(ALL_SEQUENCES));
  }
}
