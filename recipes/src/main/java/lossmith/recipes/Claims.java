package lossmith.recipes;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.BiFunction;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;

/** The claims that several recipes make together, of an advantage called {@code A}. */
public final class Claims {
  private static final String A = "A";

  private Claims() {}

  /** {@return REINFORCE on policy, homogeneous in A, every step to the side of A} */
  public static Seq<Claim> policyGradient(Function<Term<Token>, Term<Batch>> mean) {
    return List.of(new Claim.OnPolicy(A, mean), new Claim.Homogeneous(A), new Claim.Sign(A));
  }

  /** {@return the same with a mean under the papers' conventions, and more} */
  public static Seq<Claim> policyGradient(
      BiFunction<Term<Token>, Conventions, Term<Batch>> mean, Claim... more) {
    return policyGradient(x -> mean.apply(x, Conventions.paper())).appendAll(List.of(more));
  }

  /** {@return the same with an aggregation of the papers, and more} */
  public static Seq<Claim> policyGradient(Aggregation mean, Claim... more) {
    return policyGradient(mean::of, more);
  }

  /** {@return the same of a weight that is called otherwise} */
  public static Seq<Claim> weighted(String weight, Aggregation mean) {
    return List.of(
        new Claim.OnPolicy(weight, x -> mean.of(x, Conventions.paper())),
        new Claim.Homogeneous(weight),
        new Claim.Sign(weight));
  }

  /** {@return the claims of a policy gradient whose A is the normalised reward of its group} */
  public static Seq<Claim> normalised(Function<Term<Token>, Term<Batch>> mean) {
    return policyGradient(mean).append(new Claim.GroupNormalised(A));
  }

  /** {@return the same with an aggregation of the papers} */
  public static Seq<Claim> normalised(Aggregation mean) {
    return normalised(x -> mean.of(x, Conventions.paper()));
  }

  /** {@return the clipped policy gradient along an advantage that is A and a bonus} */
  public static Seq<Claim> shaped(String advantage, Aggregation mean) {
    return List.of(
        new Claim.OnPolicy(advantage, x -> mean.of(x, Conventions.paper())),
        new Claim.Sign(advantage),
        new Claim.ClipRegion("r", advantage, "clip_low", "clip_high"),
        new Claim.GroupNormalised(A));
  }

  /** {@return that on policy the gradient is that of the mean of A · log π} */
  public static Claim onPolicy(Aggregation mean) {
    return new Claim.OnPolicy(A, x -> mean.of(x, Conventions.paper()));
  }

  /** {@return that the mean of a term over what π samples is KL(π ‖ π_ref)} */
  public static Claim averagesReverseKl(String term) {
    return new Claim.Averages(term, Claim.Divergence.REVERSE, Columns.LOG_PROB);
  }

  /** {@return that a term's mean is KL(π ‖ π_ref), and the slope in its weight KL(π_ref ‖ π)'s} */
  public static Seq<Claim> k3(String term, String weight) {
    return List.of(averagesReverseKl(term), new Claim.Estimates(Claim.Divergence.FORWARD, weight));
  }

  /** {@return that a term is never negative} */
  public static Claim nonNegative(String term) {
    return new Claim.Within(term, 0, Double.POSITIVE_INFINITY);
  }

  /** {@return that gradient stops exactly where r is beyond the bound that A pushes it to} */
  public static Claim clipped() {
    return new Claim.ClipRegion("r", A, "clip_low", "clip_high");
  }
}
