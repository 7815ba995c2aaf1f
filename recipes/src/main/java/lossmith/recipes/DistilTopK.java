package lossmith.recipes;

import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.expTimes;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.recipes.Peer.Project.NEMO_RL;
import static lossmith.recipes.Peer.Project.TRL;
import static lossmith.recipes.Peer.Project.VERL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Condition;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/** Σ P(v) (log P(v) − log π(v)) over the k entries that the teacher P finds most probable. */
public final class DistilTopK implements Recipe {
  /** The recipe. */
  public DistilTopK() {}

  @Override
  public String name() {
    return "distil-top-k";
  }

  @Override
  public String title() {
    return "Forward divergence over the teacher's most probable entries";
  }

  @Override
  public Source source() {
    return new Source(
        "verl", "trainer/distillation, forward_kl_topk", "https://github.com/volcengine/verl");
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(
        Peer.of(VERL, "forward_kl_topk, 128"),
        Peer.of(NEMO_RL, "kl_type forward, zero_outside_topk")
            .differs("the teacher's k entries are renormalised to one"),
        Peer.of(TRL, "distillation"));
  }

  @Override
  public Loss loss(Conventions c) {
    Condition<Vocabulary> likely =
        referenceLogPi()
            .rank(VOCABULARY)
            .below(parameter("k", 3, 1, 1e6).per(VOCABULARY_ENTRY))
            .as("likely");
    Term<Token> divergence =
        expTimes(referenceLogPi(), referenceLogPi().minus(logPi())).sum(VOCABULARY.where(likely));
    return Diagnostics.policy(
        minimise(c.aggregate(divergence, Aggregation.TOKEN_MEAN)).as("divergence"));
  }
}
