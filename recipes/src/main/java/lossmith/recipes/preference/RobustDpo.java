package lossmith.recipes.preference;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;

/**
 * DPO unbiased under preferences flipped at a known rate. DPO for labels of which a known fraction
 * ε ({@code label_smoothing}) is flipped: (−(1 − ε) log σ(βh) + ε log σ(−βh)) / (1 − 2ε), h the
 * margin of log π − log π_ref between the chosen and the rejected response. Its expectation over
 * the flips is the DPO loss of the true labels.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = (1/N) Σ_g (label_smoothing·log σ(-X) - (1 - label_smoothing)·log σ(X)) / (1 -
 *       2·label_smoothing)
 *   where s = sign
 *   where X = beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·s
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code beta} = 0.1 in [1e-6, 1000], {@code label_smoothing} = 0.1 in [0, 0.45]
 *   <li>Source: <a href="https://arxiv.org/abs/2403.00409">Provably Robust Direct Preference
 *       Optimization: Aligning Language Models with Noisy Feedback</a>, the robust loss; TRL
 *       loss_type robust
 * </ul>
 */
public final class RobustDpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of("robust-dpo").claiming(new Claim.Sign("s"));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> x =
        score.margin(Preference.logRatioToReference()).scaledBy(parameter("beta", 0.1, 1e-6, 1e3));
    Parameter wrong = parameter("label_smoothing", 0.1, 0, 0.45);
    Term<Group> right = x.logSigmoid().times(wrong.negated().shiftedBy(1).per(GROUP));
    Term<Group> flipped = x.negated().logSigmoid().scaledBy(wrong);
    Detached<Group> share = wrong.scaledBy(-2).shiftedBy(1).per(GROUP);
    return minimise(flipped.minus(right).dividedBy(share).mean(GROUPS));
  }
}
