package lossmith.recipes;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.recipes.Peer.Project.TRL;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/**
 * log σ(β (f(x_w) − f(x_l))) with f(x) = exp((α − 1) x) / (α − 1), x the log-ratio to the
 * reference.
 */
public final class DpoAlpha implements Recipe {
  /** The recipe. */
  public DpoAlpha() {}

  @Override
  public String name() {
    return "dpo-alpha";
  }

  @Override
  public String title() {
    return "Direct preference optimisation held by an α-divergence";
  }

  @Override
  public Source source() {
    return new Source(
        "Beyond Reverse KL: Generalizing Direct Preference Optimization with Diverse Divergence Constraints",
        "theorem 1, f'(t) = t^(α−1) / (α − 1); TRL f_divergence_type alpha_divergence",
        "https://arxiv.org/abs/2309.16240");
  }

  @Override
  public Seq<Claim> claims() {
    return List.of(new Claim.Sign("s"));
  }

  @Override
  public Seq<Peer> peers() {
    return List.of(
        Peer.of(TRL, "f_divergence_type alpha_divergence").differs("the exponent is at most 80"));
  }

  @Override
  public Loss loss(Conventions c) {
    Term<Group> chosen = score(Preference.chosen(Preference.towardsReference()));
    Term<Group> rejected = score(Preference.rejected(Preference.towardsReference()));
    return maximise(
        chosen
            .minus(rejected)
            .scaledBy(parameter("beta", 0.1, 1e-6, 1e3))
            .logSigmoid()
            .mean(GROUPS));
  }

  private static Term<Group> score(Term<Group> x) {
    Detached<Group> power = parameter("alpha", 0.5, 0, 0.9).shiftedBy(-1).per(GROUP);
    return x.weightedBy(power).exp().dividedBy(power);
  }
}
