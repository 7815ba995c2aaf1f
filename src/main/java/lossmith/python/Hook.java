package lossmith.python;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * Whose loss a function is, or whether it is none: what it is given, in which shapes, and who
 * divides by what.
 */
public enum Hook {
  /** Tensors by the names of its parameters; what it gives is the loss. */
  TENSORS("tensors"),
  /** What {@code export --to pytorch} writes. */
  EXPORTED("exported"),
  /** verl's {@code register_policy_loss}. */
  VERL("verl"),
  /** TRL's {@code _compute_loss(self, model, inputs)}, or a function of model and inputs. */
  TRL("trl"),
  /** OpenRLHF's {@code PolicyLoss}. */
  OPENRLHF("openrlhf"),
  /** NeMo-RL's loss of log-probs. */
  NEMO_RL("nemo-rl"),
  /** slime's {@code --custom-loss-function-path}. */
  SLIME("slime"),
  /** prime-rl's {@code import_path}: a sum over the tokens of one response. */
  PRIME_RL("prime-rl"),
  /** SkyRL's {@code register_policy_loss}: a sum, of advantages that are divided already. */
  SKYRL("skyrl"),
  /** No loss: advantages of tensors by the names of its parameters. */
  ADVANTAGE("advantage");

  private final String typed;

  Hook(String typed) {
    this.typed = typed;
  }

  /** {@return the word to type} */
  @Override
  public String toString() {
    return typed;
  }

  /** {@return the words to type} */
  public static Seq<String> names() {
    return List.of(values()).map(Hook::toString);
  }
}
