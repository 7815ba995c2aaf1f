package lossmith.recipes;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Function;
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

  /** {@return the same with an aggregation of the papers} */
  public static Seq<Claim> policyGradient(Aggregation mean) {
    return policyGradient(x -> mean.of(x, Conventions.paper()));
  }

  /** {@return the claims of a policy gradient whose A is the normalised reward of its group} */
  public static Seq<Claim> normalised(Function<Term<Token>, Term<Batch>> mean) {
    return policyGradient(mean).append(new Claim.GroupNormalised(A));
  }

  /** {@return the same with an aggregation of the papers} */
  public static Seq<Claim> normalised(Aggregation mean) {
    return normalised(x -> mean.of(x, Conventions.paper()));
  }

  /** {@return that gradient stops exactly where r is beyond the bound that A pushes it to} */
  public static Claim clipped() {
    return new Claim.ClipRegion("r", A, "clip_low", "clip_high");
  }
}
