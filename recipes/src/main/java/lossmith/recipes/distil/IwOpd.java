package lossmith.recipes.distil;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Card;
import lossmith.recipes.Claims;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Teacher;

/**
 * On-policy distillation that counts less after a prefix far from the teacher. A · log π with A = w
 * (log P − log π_old), P the teacher: w = 1 + amplification · (1 − the share of a response's |log P
 * − log π_old| that lies before the token).
 *
 * <p>Formula under the papers' conventions:
 *
 * <pre>{@code
 * L = -(1/Σ|y|) Σ_{i,t} A·log π(y_t)
 *   where d = clip(log π_ref(y_t) - log π_old(y_t), -20, 20)
 *   where S_t = |d| + S_{t-1}
 *   where s = (S_t - |d|) / {Σ_t |d| if Σ_t |d| > 0; 1 otherwise}
 *   where w = amplification·(1 - s) + 1
 *   where A = w·d
 * }</pre>
 *
 * <ul>
 *   <li>Reads: {@code log_pi} (vocabulary, trained), {@code old_log_prob} (token, may be absent),
 *       {@code ref_log_prob} (token)
 *   <li>Parameters: {@code amplification} = 0.5 in [0, 1000]
 *   <li>Source: <a href="https://arxiv.org/abs/2606.22600">On the Position Bias of On-Policy
 *       Distillation</a>, algorithm 1; TRL IWOPDTrainer
 *   <li>Differs: log P − log π_old is clamped to ±20.
 *   <li>Differs: A · log π, as TRL has it; the authors clip.
 * </ul>
 */
public final class IwOpd implements Recipe {
  @Override
  public Card card() {
    return Card.of("iw-opd").claiming(Claims.policyGradient(Aggregation.TOKEN_MEAN));
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Token> a = Teacher.early().as("A");
    return Diagnostics.policy(maximise(c.aggregate(logProb().times(a), Aggregation.TOKEN_MEAN)));
  }
}
