package lossmith.recipes;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.expTimes;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Peer.Project.NEMO_RL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;

/**
 * forward_weight Σ P(v) (log P(v) − log π(v)) over the k entries that the teacher finds most
 * probable, and 1 − forward_weight times the reverse divergence of {@link DistilTopKReverse}.
 */
public final class DistilTopKMixed implements Recipe {
  /** The recipe. */
  public DistilTopKMixed() {}

  @Override
  public String name() {
    return "distil-top-k-mixed";
  }

  @Override
  public String title() {
    return "Both divergences from a teacher of few entries, weighed";
  }

  @Override
  public Source source() {
    return new Source(
        "NeMo-RL",
        "DistillationLossFn, kl_type mixed, zero_outside_topk",
        "https://github.com/NVIDIA-NeMo/RL");
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(Peer.of(NEMO_RL, "kl_type mixed, mixed_kl_weight, zero_outside_topk"));
  }

  @Override
  public Loss loss(Conventions c) {
    Parameter weight = parameter("forward_weight", 0.5, 0, 1);
    Detached<Vocabulary> teacher = DistilTopKReverse.teacher();
    Term<Token> forward =
        expTimes(teacher, teacher.minus(logPi()))
            .sum(VOCABULARY.where(DistilTopKReverse.likely()))
            .as("F");
    Detached<Token> other = weight.negated().shiftedBy(1).per(TOKEN);
    Term<Token> both = forward.scaledBy(weight).plus(DistilTopKReverse.divergence().times(other));
    return Diagnostics.policy(minimise(c.aggregate(both, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
