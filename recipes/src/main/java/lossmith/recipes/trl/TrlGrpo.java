package lossmith.recipes.trl;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.referenceLogProb;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.surrogate.Surrogate;

/**
 * TRL's GRPO family ({@code GRPOTrainer._compute_loss}): an objective per slot, what it is
 * multiplied by, a penalty towards the reference, a reduction, an entropy bonus.
 *
 * @param batch the mask and the advantages
 * @param level what has a ratio of its own
 * @param objective what is maximised at every slot
 * @param weights what each slot's objective is multiplied by
 * @param penalty the penalty towards the reference, if there is one
 * @param reduction from slots to one number
 * @param steps over how many micro-batches gradients are accumulated
 * @param bonus the entropy bonus, if there is one
 */
public record TrlGrpo(
    TrlBatch batch,
    TrlRatio level,
    TrlObjective objective,
    Seq<Detached<Token>> weights,
    Option<Penalty> penalty,
    TrlReduction reduction,
    double steps,
    Option<Bonus> bonus) {

  /**
   * β·k3.
   *
   * @param beta its weight
   * @param kind with whose gradient
   */
  public record Penalty(double beta, Kind kind) {
    /** Of which divergence the expected gradient is. */
    public enum Kind {
      /** k3 alone: that of KL(π_ref ‖ π). */
      PLAIN,
      /** k3 times the live ratio, TRL's {@code use_bias_correction_kl}: that of KL(π ‖ π_ref). */
      TIMES_RATIO
    }
  }

  /**
   * An entropy bonus over the slots that train.
   *
   * @param coefficient its weight
   * @param entropy H of each slot, live where it comes from logits
   * @param kept which slots train, if not all that count
   */
  public record Bonus(double coefficient, Term<Token> entropy, Option<Detached<Token>> kept) {}

  /** {@return 1 for the slots whose entropy is at or above the quantile of those that count} */
  public static Detached<Token> highEntropy(
      TrlBatch batch, Detached<Token> entropy, double fraction) {
    Condition<Token> counts = batch.mask().positive();
    Detached<Batch> bound =
        entropy.quantile(constant(1 - fraction, BATCH), ALL_TOKENS.where(counts));
    return counts.and(entropy.atLeast(bound.per(TOKEN))).indicator();
  }

  /**
   * {@return 1 for the responses with A ≥ 0 and those that the policy has not left: mean(log π_s −
   * log π) at most the threshold (DeepSeek-V3.2's off-policy sequence mask)}
   *
   * @param batch the mask and the advantages
   * @param sampling log π of the policy that sampled
   * @param threshold the largest mean log-ratio
   */
  public static Detached<Token> nearPolicy(
      TrlBatch batch, Detached<Token> sampling, double threshold) {
    Detached<Sequence> away =
        batch.meanOfEach(sampling.minus(logProb().stopGradient())).stopGradient();
    return batch
        .advantage()
        .atLeast(constant(0, SEQUENCE))
        .or(away.atMost(constant(threshold, SEQUENCE)))
        .indicator()
        .per(TOKEN);
  }

  /** {@return the loss, logging what TRL logs} */
  public Loss loss() {
    Term<Token> x = weights.foldLeft(objective.of(batch, level), Term::weightedBy);
    Term<Token> slots = penalty.map(p -> x.minus(k3(p).scaledBy(p.beta()))).getOrElse(x);
    Term<Batch> policy = reduction.of(slots, batch);
    Loss mean = maximise(policy.scaledBy(1 / reduction.window(steps)));
    Loss whole =
        bonus
            .map(b -> mean.plus(entropy(b)).log("policy_loss", policy.stopGradient().negated()))
            .getOrElse(mean);
    Loss logged = objective.logged(whole, batch, level);
    return penalty.map(p -> logged.log("kl", batch.mean(k3(p).stopGradient()))).getOrElse(logged);
  }

  private Term<Token> k3(Penalty penalty) {
    Term<Token> k3 = Surrogate.k3(referenceLogProb(), Conventions.paper());
    return penalty.kind() == Penalty.Kind.TIMES_RATIO ? k3.times(level.log(batch).exp()) : k3;
  }

  private Loss entropy(Bonus b) {
    Detached<Token> counted = b.kept().map(batch.mask()::times).getOrElse(batch.mask());
    TrlBatch kept = new TrlBatch(counted, batch.advantage());
    Detached<Batch> n = max(counted.sum(ALL_TOKENS), constant(1, BATCH));
    Term<Batch> mean = reduction.entropy(b.entropy(), kept, n);
    return maximise(mean.scaledBy(b.coefficient() / reduction.window(steps))).as("entropy_bonus");
  }

  /** {@return nothing that slots are multiplied by} */
  public static Seq<Detached<Token>> unweighted() {
    return List.empty();
  }
}
