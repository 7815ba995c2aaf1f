package lossmith.recipes.surrogate;

import static lossmith.dsl.Terms.logProb;

import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;

/**
 * Estimates of KL(π ‖ π_ref) from one sampled token, with d = log π − log π_ref (Schulman,
 * Approximating KL Divergence, 2020).
 */
public enum KlEstimator {
  /** d: unbiased, of either sign; its own gradient is 0 in expectation. */
  K1 {
    @Override
    public Term<Token> of(Detached<Token> reference, Conventions c) {
      return difference(reference);
    }
  },
  /** |d|. */
  ABSOLUTE {
    @Override
    public Term<Token> of(Detached<Token> reference, Conventions c) {
      return difference(reference).abs();
    }
  },
  /** d² / 2: biased, but its gradient is that of the divergence in expectation. */
  K2 {
    @Override
    public Term<Token> of(Detached<Token> reference, Conventions c) {
      return difference(reference).square().scaledBy(0.5);
    }
  },
  /** e^−d − 1 + d: unbiased and never negative, clamped as the conventions say. */
  K3 {
    @Override
    public Term<Token> of(Detached<Token> reference, Conventions c) {
      return Surrogate.k3(reference, c);
    }
  };

  /**
   * {@return the estimate at each token}
   *
   * @param reference log π_ref of the sampled token
   * @param c the clamps of k3
   */
  public abstract Term<Token> of(Detached<Token> reference, Conventions c);

  /** {@return the same value with the gradient of k2, which is right in expectation} */
  public Term<Token> withGradientOfK2(Detached<Token> reference, Conventions c) {
    Term<Token> k2 = K2.of(reference, c);
    return k2.minus(k2.stopGradient()).plus(of(reference, c).stopGradient());
  }

  private static Term<Token> difference(Detached<Token> reference) {
    return logProb().minus(reference);
  }
}
