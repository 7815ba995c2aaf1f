package lossmith.export;

import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.python.Signature;

/**
 * An objective by itself, under whatever conventions it was made.
 *
 * @param name what to call it, such as {@code grpo}
 * @param title what it is, in one line
 * @param loss what is minimised
 */
public record Objective(String name, String title, Loss loss) {
  /**
   * {@return this objective, which a program can train with}
   *
   * @throws lossmith.dsl.ProblemException where it trains nothing, or something of it is dead
   */
  public Objective trained() {
    if (loss.trains().isEmpty()) {
      throw Problem.of(
              "dead-objective",
              name + ", a loss that trains nothing",
              "a gradient to at least one input",
              "the loss without training(), or training(\"value\")")
          .exception();
    }
    Flow.refuseDead(loss);
    return this;
  }

  /**
   * {@return this objective, some of which may be dead, but not all}
   *
   * @throws lossmith.dsl.ProblemException where no gradient reaches anything
   */
  Objective alive() {
    boolean none =
        loss.trains().isEmpty() || Signature.of(loss).split().rest().gradients().isEmpty();
    return none ? trained() : this;
  }
}
