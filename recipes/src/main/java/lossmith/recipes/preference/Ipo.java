package lossmith.recipes.preference;

import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Counterpart.Project.TRL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.Source;

/** A regression of the margin on 1/(2β). */
public final class Ipo implements PairLoss {
  /** The recipe. */
  public Ipo() {}

  @Override
  public String name() {
    return "ipo";
  }

  @Override
  public String title() {
    return "Identity preference optimisation";
  }

  @Override
  public Source source() {
    return new Source(
        "A General Theoretical Paradigm to Understand Learning from Human Preferences",
        "eq 17",
        "https://arxiv.org/abs/2310.12036");
  }

  @Override
  public Seq<String> deviations() {
    return List.of(
        "Log-probabilities are averaged over a response, as its authors told TRL (trl#1265).");
  }

  @Override
  public Loss loss(Conventions c, PairScore score) {
    Term<Group> h = score.meanMargin(Preference.towardsReference());
    return minimise(Preference.identity(h, parameter("beta", 0.1, 1e-3, 1e3)).mean(GROUPS));
  }
}
