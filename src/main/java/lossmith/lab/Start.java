package lossmith.lab;

import java.util.Arrays;

/** The weights that a run starts from: of its policy, and of the reference beside it. */
public final class Start {
  private final float[] policy;
  private final float[] reference;

  private Start(float[] policy, float[] reference) {
    this.policy = policy;
    this.reference = reference;
  }

  /** {@return a policy that is its own reference} */
  public static Start of(float[] policy) {
    return new Start(policy, policy);
  }

  /** {@return the same policy beside another reference, such as the teacher of a distillation} */
  public Start beside(float[] other) {
    return new Start(policy, other);
  }

  float[] policy() {
    return policy;
  }

  float[] reference() {
    return reference;
  }

  /** What tells it from others, a line for each array that is another. */
  String described() {
    String own = "start: " + Arrays.hashCode(policy) + "\n";
    return Arrays.equals(policy, reference)
        ? own
        : own + "reference: " + Arrays.hashCode(reference) + "\n";
  }
}
