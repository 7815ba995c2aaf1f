package lossmith.recipes.liger;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.trl.TrlBatch;
import lossmith.recipes.trl.TrlGrpo;
import lossmith.recipes.trl.TrlObjective;

/**
 * Liger's GRPO family at commit ead96b61 ({@code chunked_loss/grpo_loss.py}): TRL's loss, its LUSPO
 * over padded slots included, with one share of clipped slots as metric.
 *
 * @param grpo TRL's loss of the same settings
 */
public record LigerGrpo(TrlGrpo grpo) {
  /** {@return the loss, logging {@code clip_ratio} and where there is a penalty {@code kl}} */
  public Loss loss() {
    return grpo.loss().log("clip_ratio", clipped());
  }

  private Detached<Batch> clipped() {
    TrlBatch batch = grpo.batch();
    Detached<Token> r = grpo.level().log(batch).exp().stopGradient();
    Condition<Token> up = batch.a().positive();
    Condition<Token> down = batch.a().negative();
    if (grpo.objective() instanceof TrlObjective.Clipped clip) {
      Condition<Token> below = r.below(constant(1 - clip.low(), TOKEN)).and(down);
      Condition<Token> above = r.above(constant(1 + clip.high(), TOKEN)).and(up);
      return batch.mean(below.or(above).indicator());
    } else if (grpo.objective() instanceof TrlObjective.Cispo cispo) {
      return batch.mean(r.above(constant(cispo.high(), TOKEN)).and(up).indicator());
    }
    return constant(0, lossmith.dsl.Axis.BATCH);
  }
}
