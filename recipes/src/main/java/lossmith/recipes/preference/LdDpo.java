package lossmith.recipes.preference;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.scanForward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;

/**
 * Preferences in which the tail of the longer response counts less. log σ(β (h(y_w) − h(y_l))), h =
 * Σ_t w (log π − log π_ref): w is 1 for as many tokens as the shorter response has, and ld_alpha
 * for those beyond.
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/N) Σ_g log σ(beta·Σ_i Σ_t (log π(y_t) - log π_ref(y_t))·w·s)
 *   where n = min_i(|y_i|)
 *   where w = {ld_alpha if n < t; 1 otherwise}
 *   where s = sign
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code ref_log_prob} (token), {@code sign}
 *       (sequence)
 *   <li>Parameters: {@code ld_alpha} = 0.5 in [0, 1], {@code beta} = 0.1 in [1e-6, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2409.06411">Length Desensitization in Direct
 *       Preference Optimization</a>, eqs 9 and 10; TRL DPOTrainer, ld_alpha
 * </ul>
 */
public final class LdDpo implements PairLoss {
  @Override
  public Card card() {
    return Card.of("ld-dpo").claiming(new Claim.Sign("s"), new Claim.Within("w", 0, 1));
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Detached<Token> w = weight(parameter("ld_alpha", 0.5, 0, 1));
    Term<Group> h = score.margin(Preference.logRatioToReference().weightedBy(w));
    return maximise(h.scaledBy(parameter("beta", 0.1, 1e-6, 1e3)).logSigmoid().mean(GROUPS));
  }

  /**
   * {@return what a token counts: 1 up to the length of the shorter response of its pair, α beyond}
   *
   * @param alpha α, in [0, 1]
   */
  public static Detached<Token> weight(Detached<Batch> alpha) {
    Detached<Token> place = scanForward(constant(1, TOKEN), constant(1, TOKEN)).as("t");
    Detached<Sequence> shorter = length().min(SEQUENCES).per(SEQUENCE).as("n");
    return select(place.above(shorter.per(TOKEN)), alpha.per(TOKEN), constant(1, TOKEN)).as("w");
  }
}
