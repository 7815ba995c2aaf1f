package lossmith.proofs.role;

/** What a part of a loss is presumed to be. */
public enum Role {
  /** A ratio π/π_old that carries the gradient, times an advantage. */
  POLICY_SURROGATE("a policy surrogate"),
  /** log π of what was sampled, times an advantage. */
  REINFORCE("REINFORCE"),
  /** The same, times a detached ratio of two policies. */
  IMPORTANCE_WEIGHTED("an importance-weighted policy gradient"),
  /** A distance of log π from the log-probability of another policy. */
  REGULARISER("a regulariser"),
  /** The entropy of the policy over the vocabulary. */
  ENTROPY_BONUS("an entropy bonus"),
  /** A distance of the value head from a target. */
  VALUE_REGRESSION("a value regression"),
  /** The log-ratio of a response, regressed on its reward. */
  REWARD_REGRESSION("a regression on the reward"),
  /** A comparison of two responses to one prompt. */
  PREFERENCE_PAIR("a preference between a pair"),
  /** A classification of single responses as good or bad. */
  UNPAIRED_PREFERENCE("an unpaired preference"),
  /** A divergence from a teacher over the vocabulary. */
  DISTILLATION("a distillation"),
  /** log π of given or selected responses, raised as it is. */
  IMITATION("an imitation"),
  /** What is trained beside the policy so that a bound holds: a Lagrange multiplier. */
  MULTIPLIER("a multiplier of a bound"),
  /** Nothing that is known here: nothing is presumed. */
  UNKNOWN("none of the known kinds");

  private final String words;

  Role(String words) {
    this.words = words;
  }

  /** {@return whether it raises the probability of what earned more than expected} */
  public boolean policyGradient() {
    return this == POLICY_SURROGATE || this == REINFORCE || this == IMPORTANCE_WEIGHTED;
  }

  /** {@return what it is, with its article} */
  @Override
  public String toString() {
    return words;
  }
}
