package lossmith.recipes;

import java.util.function.Function;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;

/**
 * A property that an objective declares beyond those that every objective has. Each claim is
 * checked by a law. Terms are meant by the symbols they were given with {@link Term#as}, such as
 * {@code A} for the advantage and {@code r} for the importance ratio.
 */
public sealed interface Claim {
  /**
   * {@return the result of the case for the kind of this claim}
   *
   * @param cases the one for each kind of claim
   * @param <R> what they say
   */
  <R> R match(Cases<R> cases);

  /**
   * A switch over the kinds of claims; a new kind is a new method here.
   *
   * @param <R> the result
   */
  interface Cases<R> {
    R onPolicy(OnPolicy claim);

    R homogeneous(Homogeneous claim);

    R sign(Sign claim);

    R clipRegion(ClipRegion claim);

    R groupNormalised(GroupNormalised claim);

    R centred(Centred claim);

    R within(Within claim);

    R estimates(Estimates claim);

    R averages(Averages claim);

    R entropy(Entropy claim);

    R gae(Gae claim);

    R masked(Masked claim);

    R additive(Additive claim);

    R deviates(Deviates claim);
  }

  /**
   * Where π_old = π the gradient is that of REINFORCE: ∂L/∂log π = −∂/∂log π mean(A · log π).
   *
   * @param advantage the symbol of A, at the level of tokens
   * @param mean how tokens become one number
   */
  record OnPolicy(String advantage, Function<Term<Token>, Term<Batch>> mean) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.onPolicy(this);
    }
  }

  /**
   * The loss is homogeneous of the first degree in A: L(λA) = λL(A) and ∇L(λA) = λ∇L(A) for λ &gt;
   * 0.
   *
   * @param advantage the symbol of A
   */
  record Homogeneous(String advantage) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.homogeneous(this);
    }
  }

  /**
   * A small step never lowers the log-probability of a token with A &gt; 0, nor raises that of one
   * with A &lt; 0: −A · ∂L/∂log π ≥ 0.
   *
   * @param advantage the symbol of A, at the level of tokens or of what they belong to
   */
  record Sign(String advantage) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.sign(this);
    }
  }

  /**
   * The gradient with respect to log π is 0 exactly where A = 0, where A &gt; 0 and r &gt; 1 +
   * high, and where A &lt; 0 and r &lt; 1 − low.
   *
   * @param ratio the symbol of r
   * @param advantage the symbol of A
   * @param low the parameter of the lower bound
   * @param high the parameter of the upper bound
   */
  record ClipRegion(String ratio, String advantage, String low, String high) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.clipRegion(this);
    }
  }

  /**
   * A has mean 0 and std 1 over the responses to a prompt, is 0 where their rewards are all equal,
   * and does not change when the rewards are shifted or scaled.
   *
   * @param advantage the symbol of A, at the level of tokens or of what they belong to
   */
  record GroupNormalised(String advantage) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.groupNormalised(this);
    }
  }

  /**
   * A has mean 0 over the responses to a prompt, does not change when the rewards are shifted and
   * scales with them.
   *
   * @param advantage the symbol of A
   */
  record Centred(String advantage) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.centred(this);
    }
  }

  /**
   * A term stays within bounds, whatever the data.
   *
   * @param symbol the symbol of the term, at any level
   * @param low the lower bound
   * @param high the upper bound, infinity for none
   */
  record Within(String symbol, double low, double high) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.within(this);
    }
  }

  /**
   * Over all tokens that could have been sampled, the expected gradient of the loss is that of a
   * divergence from the reference.
   *
   * @param of which divergence
   * @param coefficient the parameter it is multiplied by, or the empty text for 1
   */
  record Estimates(Divergence of, String coefficient) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.estimates(this);
    }
  }

  /**
   * Over all tokens that a policy could have sampled, a term averages to a divergence from the
   * reference.
   *
   * @param symbol the symbol of the term, at the level of tokens
   * @param of which divergence
   * @param sampler the column of log-probabilities of the policy that samples, {@code log_prob} for
   *     π itself, {@code old_log_prob} for π_old
   */
  record Averages(String symbol, Divergence of, String sampler) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.averages(this);
    }
  }

  /** What a penalty towards the reference policy is the gradient of. */
  enum Divergence {
    /** KL(π ‖ π_ref), which a penalty on the policy means. */
    REVERSE,
    /** KL(π_ref ‖ π). */
    FORWARD,
    /** Nothing: its gradient is 0 in expectation, as that of k1 in the loss is. */
    NONE
  }

  /**
   * A term is the entropy of the policy, H = −Σ_v π_v log π_v in nats, in value and gradient.
   *
   * @param symbol the symbol of the term, at the level of tokens
   */
  record Entropy(String symbol) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.entropy(this);
    }
  }

  /**
   * A is the generalised advantage estimate: A_t = δ_t + γλ·A_(t+1), δ_t = r_t + γ·V_(t+1) − V_t,
   * with value and estimate 0 behind the last token of a response.
   *
   * @param advantage the symbol of A, at the level of tokens
   * @param reward the column of r, one per token
   * @param value the column of V, one per token
   * @param gamma the discount γ, between 0 and 1
   * @param lambda how far errors are traced, λ between 0 and 1
   */
  record Gae(String advantage, String reward, String value, double gamma, double lambda)
      implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.gae(this);
    }
  }

  /**
   * Where a column of tokens is 0 they influence nothing: the batch without them has the same value
   * and the same gradient.
   *
   * @param column the mask, 1 for tokens that count
   */
  record Masked(String column) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.masked(this);
    }
  }

  /** The losses of micro-batches of whole prompts add up to the loss of the batch. */
  record Additive() implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.additive(this);
    }
  }

  /**
   * A law that every objective, or one of its kind, is presumed to keep is not kept, and rightly
   * so.
   *
   * @param law the name of the law
   * @param why what is there instead, and what for
   * @param source where that is written
   */
  record Deviates(String law, String why, Source source) implements Claim {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.deviates(this);
    }

    @Override
    public String toString() {
      return law + " does not hold: " + why + " (" + source.paper() + ", " + source.where() + ")";
    }
  }
}
