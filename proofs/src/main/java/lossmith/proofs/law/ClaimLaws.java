package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.presumed.DenominatorLaws;
import lossmith.proofs.subject.Law;
import lossmith.recipes.Claim;

/** The laws that hold a claim. A new claim does not compile until it has one. */
public final class ClaimLaws implements Claim.Cases<Seq<Law>> {
  private ClaimLaws() {}

  public static Seq<Law> of(Claim claim) {
    return claim.match(new ClaimLaws());
  }

  @Override
  public Seq<Law> onPolicy(Claim.OnPolicy claim) {
    return List.of(AdvantageLaws.onPolicy(claim), NaturalGradientLaw.of(claim));
  }

  @Override
  public Seq<Law> homogeneous(Claim.Homogeneous claim) {
    return List.of(AdvantageLaws.homogeneous(claim));
  }

  @Override
  public Seq<Law> sign(Claim.Sign claim) {
    return List.of(AdvantageLaws.sign(claim));
  }

  @Override
  public Seq<Law> clipRegion(Claim.ClipRegion claim) {
    return List.of(RegionLaws.clip(claim));
  }

  @Override
  public Seq<Law> groupNormalised(Claim.GroupNormalised claim) {
    return List.of(GroupLaws.normalised(claim));
  }

  @Override
  public Seq<Law> centred(Claim.Centred claim) {
    return List.of(GroupLaws.centred(claim));
  }

  @Override
  public Seq<Law> within(Claim.Within claim) {
    return List.of(RegionLaws.within(claim));
  }

  @Override
  public Seq<Law> estimates(Claim.Estimates claim) {
    return List.of(DivergenceLaws.estimand(claim));
  }

  @Override
  public Seq<Law> averages(Claim.Averages claim) {
    return List.of(DivergenceLaws.average(claim));
  }

  @Override
  public Seq<Law> entropy(Claim.Entropy claim) {
    return List.of(EntropyTermLaw.of(claim));
  }

  @Override
  public Seq<Law> gae(Claim.Gae claim) {
    return List.of(ScanLaws.gae(claim));
  }

  @Override
  public Seq<Law> masked(Claim.Masked claim) {
    return List.of(DenominatorLaws.masked(claim));
  }

  @Override
  public Seq<Law> additive(Claim.Additive claim) {
    return List.of(DenominatorLaws.additive());
  }

  /** It takes a law away and brings none. */
  @Override
  public Seq<Law> deviates(Claim.Deviates claim) {
    return List.empty();
  }
}
