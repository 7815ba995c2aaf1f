package lossmith.recipes;

import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.select;
import static lossmith.recipes.Peer.Project.NEMO_RL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/**
 * Σ π(v) (log π(v) − log P(v)): P is the teacher's over the k entries that it finds most probable,
 * adding up to 1 there, and log P is −100 at all others.
 */
public final class DistilTopKReverse implements Recipe {
  /** The recipe. */
  public DistilTopKReverse() {}

  @Override
  public String name() {
    return "distil-top-k-reverse";
  }

  @Override
  public String title() {
    return "Reverse divergence from a teacher of few entries, the others as good as impossible";
  }

  @Override
  public Source source() {
    return new Source(
        "NeMo-RL",
        "DistillationLossFn, kl_type reverse, zero_outside_topk",
        "https://github.com/NVIDIA-NeMo/RL");
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(Peer.of(NEMO_RL, "kl_type reverse, zero_outside_topk"));
  }

  @Override
  public Loss loss(Conventions c) {
    return Diagnostics.policy(
        minimise(c.aggregate(divergence(), Aggregation.TOKEN_MEAN)).as("divergence"));
  }

  /** {@return the divergence of each token} */
  static Term<Token> divergence() {
    Detached<Vocabulary> teacher = select(likely(), teacher(), constant(-100, VOCABULARY_ENTRY));
    return expected(logPi(), logPi().minus(teacher)).as("R");
  }

  /** {@return log P, the teacher's log-probabilities over the sum of its k largest} */
  static Detached<Vocabulary> teacher() {
    Detached<Token> kept = referenceLogPi().exp().sum(VOCABULARY.where(likely())).log();
    return referenceLogPi().minus(kept.per(VOCABULARY_ENTRY)).as("log P");
  }

  /** {@return yes at the k entries that the teacher finds most probable} */
  static Condition<Vocabulary> likely() {
    return referenceLogPi()
        .rank(VOCABULARY)
        .below(parameter("k", 3, 1, 1e6).per(VOCABULARY_ENTRY))
        .as("likely");
  }
}
