package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** The laws of what was meant. */
public final class MeantLaws {
  private MeantLaws() {}

  /** {@return all of them} */
  public static Seq<PartLaws.Presumed> all() {
    return List.of(
        BoundLaws.width(),
        DistributionLaws.summed(),
        EntropyWholeLaw.whole(),
        DistributionLaws.mixture(),
        DistributionLaws.normalised(),
        PreferenceLaws.balanced(),
        PreferenceLaws.reference(),
        PreferenceLaws.target(),
        LeadLaws.asked(),
        LeadLaws.eachPair(),
        ConditionLaws.bothSides(),
        IdleBoundLaw.reached(),
        RootLaw.real(),
        MembersLaw.same(),
        MeanOfLaw.counted(),
        SummandLaws.twice(),
        SummandLaws.labels(),
        PenaltyWeightLaw.positive(),
        BaselineNameLaw.subtracted(),
        MultiplierLaws.turns(),
        MultiplierLaws.balanced(),
        CreditLaw.last(),
        StandInLaws.once(),
        StandInLaws.target(),
        StandInLaws.estimate(),
        MetricValueLaws.entropy(),
        MetricValueLaws.divergence(),
        MetricValueLaws.ofResponses(),
        MetricValueLaws.ofPairs(),
        MetricUnitLaws.unit(),
        MetricUnitLaws.ofTheBatch());
  }
}
