package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUP_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.scanForward;
import static lossmith.dsl.Terms.select;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;

/**
 * The reward to go less a baseline of its own for every position, the one that makes the variance
 * of the gradient smallest: B_t = Σ_i G_it W_it / (Σ_i W_it + ε) over the responses of a group, W_t
 * = Σ_(s≤t) w_s, w = 1 − 2π + Σ_v π_v², which is the squared norm of the score ∂log π/∂z.
 *
 * <p>Source: verl's {@code compute_optimal_token_baseline_advantage}; with positions that count
 * only tokens of the policy it is {@code compute_multi_turn_optimal_token_baseline_advantage}.
 */
public final class OptimalTokenBaseline {
  private OptimalTokenBaseline() {}

  /**
   * {@return w, the squared norm of the score of the sampled token, in [0, 2]}
   *
   * @param sumPiSquared Σ_v π_v² of the policy that sampled
   */
  public static Detached<Token> scoreNorm(Detached<Token> sumPiSquared) {
    return oldLogProb().exp().scaledBy(-2).shiftedBy(1).plus(sumPiSquared);
  }

  /**
   * {@return the advantage}
   *
   * @param returns the reward to go
   * @param weight w, times the squared importance weight where sampling was off policy
   * @param position what tokens of a group are compared by
   * @param alone groups without a baseline; {@link #alone()} unless a trainer counts otherwise
   * @param epsilon added to the sum of weights
   * @param zeroTail whether the one longest response of a group has no baseline where it is alone
   */
  public static Detached<Token> of(
      Detached<Token> returns,
      Detached<Token> weight,
      Detached<Token> position,
      Condition<Group> alone,
      double epsilon,
      boolean zeroTail) {
    Detached<Token> path = scanForward(weight, constant(1, TOKEN));
    Detached<Token> total = path.sumByKey(position, GROUP_TOKENS).shiftedBy(epsilon);
    Detached<Token> baseline =
        returns.times(path).sumByKey(position, GROUP_TOKENS).dividedBy(total);
    Condition<Token> single = alone.per(TOKEN);
    Condition<Token> without = zeroTail ? single.or(tail(position)) : single;
    return returns.minus(select(without, constant(0, TOKEN), baseline)).as("A");
  }

  /** {@return yes for a group with fewer than two responses that have tokens} */
  public static Condition<Group> alone() {
    Condition<Sequence> filled = length().above(constant(0, SEQUENCE));
    return count(SEQUENCES.where(filled)).atMost(constant(1, GROUP));
  }

  /** Tokens of the one longest response behind the length of the second longest. */
  private static Condition<Token> tail(Detached<Token> position) {
    Condition<Sequence> others = length().rank(SEQUENCES).atLeast(constant(1, SEQUENCE));
    Detached<Group> second = length().max(SEQUENCES.where(others));
    Condition<Sequence> longest = length().above(second.per(SEQUENCE));
    return longest.per(TOKEN).and(position.atLeast(second.per(TOKEN)));
  }
}
