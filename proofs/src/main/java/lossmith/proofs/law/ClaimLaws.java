package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.subject.Law;
import lossmith.recipes.Claim;

/** The laws that hold a claim. A new claim does not compile until it has one. */
public final class ClaimLaws {
  private ClaimLaws() {}

  public static Seq<Law> of(Claim claim) {
    return claim instanceof Claim.OnPolicy onPolicy
        ? List.of(AdvantageLaws.onPolicy(onPolicy), NaturalGradientLaw.of(onPolicy))
        : List.of(one(claim));
  }

  private static Law one(Claim claim) {
    if (claim instanceof Claim.Homogeneous homogeneous) {
      return AdvantageLaws.homogeneous(homogeneous);
    } else if (claim instanceof Claim.Sign sign) {
      return AdvantageLaws.sign(sign);
    } else if (claim instanceof Claim.ClipRegion region) {
      return RegionLaws.clip(region);
    } else if (claim instanceof Claim.GroupNormalised normalised) {
      return GroupLaws.normalised(normalised);
    } else if (claim instanceof Claim.Centred centred) {
      return GroupLaws.centred(centred);
    } else if (claim instanceof Claim.Within within) {
      return RegionLaws.within(within);
    } else if (claim instanceof Claim.Estimates estimates) {
      return DivergenceLaws.estimand(estimates);
    } else if (claim instanceof Claim.Averages averages) {
      return DivergenceLaws.average(averages);
    } else if (claim instanceof Claim.Entropy entropy) {
      return EntropyTermLaw.of(entropy);
    } else if (claim instanceof Claim.Gae gae) {
      return ScanLaws.gae(gae);
    } else if (claim instanceof Claim.Masked masked) {
      return DenominatorLaws.masked(masked);
    } else if (claim instanceof Claim.Additive) {
      return DenominatorLaws.additive();
    }
    throw new IllegalArgumentException("no law for " + claim);
  }
}
