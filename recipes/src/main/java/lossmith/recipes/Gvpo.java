package lossmith.recipes;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.advantage.Centred;

/**
 * Half of ((x − mean x) − (R − mean R))² over the responses to a prompt, x = β (log π − log π_ref)
 * of the response.
 */
public final class Gvpo implements Recipe {
  /** The recipe. */
  public Gvpo() {}

  @Override
  public String name() {
    return "gvpo";
  }

  @Override
  public String title() {
    return "Implicit rewards, centred in their group, brought to the centred rewards";
  }

  @Override
  public Source source() {
    return new Source(
        "GVPO: Group Variance Policy Optimization for Large Language Model Post-Training",
        "the mean squared form of the loss",
        "https://arxiv.org/abs/2504.19599");
  }

  @Override
  public Seq<String> deviations() {
    return List.of("The mean over the responses to a prompt where the source sums.");
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Sequence> x =
        Preference.towardsReference()
            .sum(TOKENS)
            .scaledBy(parameter("beta", 0.1, 1e-6, 1e3))
            .as("x");
    Term<Sequence> centred = x.minus(x.mean(SEQUENCES).per(SEQUENCE));
    Detached<Sequence> a = Centred.of(reward()).as("A");
    return minimise(centred.minus(a).square().scaledBy(0.5).mean(SEQUENCES).mean(GROUPS));
  }
}
