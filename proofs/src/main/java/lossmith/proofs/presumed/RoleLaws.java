package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.proofs.estimator.EstimatorLaws;
import lossmith.proofs.known.KnownLaws;
import lossmith.proofs.meant.MeantLaws;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.recipes.Claim;

/**
 * The laws that a role brings: what the objectives of a kind share, held by default of every loss
 * that reads as one of them.
 */
public final class RoleLaws {
  /** The name of the law that a part breaks which lacks what belongs to its role. */
  public static final String COMPLETE = "presumption";

  private RoleLaws() {}

  /** All of them. */
  public static Seq<PartLaws.Presumed> all() {
    return ofThisPackage().appendAll(MeantLaws.all());
  }

  private static Seq<PartLaws.Presumed> ofThisPackage() {
    return List.of(
        new PartLaws.Presumed(complete(), subject -> true),
        StepLaws.size(),
        StepLaws.sampler(),
        StepLaws.weight(),
        StepLaws.reward(),
        ShapingLaws.length(),
        ShapingLaws.buffer(),
        PullLaws.entropy(),
        PullLaws.reference(),
        PullLaws.coefficient(),
        CriticLaws.minimum(),
        CriticLaws.scaled(),
        CriticLaws.shifted(),
        ClipLaws.pullBack(),
        ClipLaws.stops(),
        PenaltyLaws.far(),
        PenaltyLaws.size(),
        PenaltyLaws.own(),
        TemperatureLaw.same(),
        MaskLaws.honoured(),
        MaskLaws.additive(),
        BaselineLaws.shift(),
        BaselineLaws.rejected(),
        BaselineLaws.bonus(),
        EstimateLaws.ownValue(),
        EstimateLaws.nothing(),
        WeightLaws.bounded(),
        WeightLaws.homogeneous(),
        WeightLaws.sign(),
        MetricLaws.share(),
        MetricLaws.ratio(),
        MetricLaws.clipped(),
        CriticLaws.size(),
        PairLaws.order(),
        PairLaws.start(),
        PairLaws.lead(),
        PairLaws.logRatio(),
        SizeLaws.bonus(),
        SizeLaws.pair(),
        PrecisionLaws.near(),
        NormaliserLaws.centred(),
        NormaliserLaws.standardised(),
        NormaliserLaws.shifted(),
        NormaliserLaws.levels(),
        AlignmentLaws.everyToken(),
        AlignmentLaws.bounds(),
        AlignmentLaws.counts(),
        AlignmentLaws.bothSides(),
        AlignmentLaws.selection(),
        MetricLaws.varies(),
        EstimateLaws.ownReward(),
        RestLaws.atRest(),
        RestLaws.valueFar(),
        RestLaws.valueCausal(),
        AgreementLaws.inside(),
        AgreementLaws.turns(),
        AgreementLaws.zero(),
        BatchSizeLaws.twice(),
        BatchSizeLaws.scale(),
        BatchSizeLaws.count(),
        BatchSizeLaws.responses(),
        NameLaws.part(),
        NormaliserLaws.ofMean(),
        PairLaws.margin(),
        CriticLaws.quantile(),
        ShapingLaws.bonus(),
        NameLaws.mask(),
        NameLaws.sides(),
        EstimateLaws.causal(),
        SizeLaws.distillation(),
        ReturnLaws.baseline(),
        ReturnLaws.later(),
        ReturnLaws.once(),
        ReturnLaws.decays(),
        HeardLaws.advantage(),
        HeardLaws.ratio(),
        HeardLaws.condition(),
        LikelihoodLaws.imitation(),
        QuotientLaws.divided(),
        QuotientLaws.repeated(),
        ActionLaws.raises(),
        ActionLaws.shift(),
        PairLaws.reference(),
        CriticLaws.tails(),
        HeardLaws.tokens(),
        LikelihoodLaws.likelihood(),
        LikelihoodLaws.labelled(),
        FactorLaws.fixed(),
        FactorLaws.held(),
        FactorLaws.guarded(),
        FactorLaws.once(),
        PromptLaws.heard(),
        AlignmentLaws.wholeResponses(),
        PromptLaws.chosen(),
        SideLaws.low(),
        SideLaws.coefficient(),
        SideLaws.mirror(),
        PenaltyValueLaws.expected(),
        PenaltyValueLaws.slope(),
        PenaltyValueLaws.square(),
        BatchSizeLaws.ofResponses(),
        RatioLaws.one(),
        RatioLaws.probability(),
        PlaceLaws.credit(),
        PlaceLaws.compared(),
        PlaceLaws.own(),
        PlaceLaws.end(),
        PlaceLaws.held(),
        RatioLaws.direction(),
        PenaltyValueLaws.growth(),
        PromptLaws.told(),
        RestLaws.zero(),
        MetricLaws.parameters(),
        ContrastLaws.bothSides(),
        ContrastLaws.together(),
        new PartLaws.Presumed(EstimatorLaws.ofResponses(), EstimatorLaws::speak),
        new PartLaws.Presumed(EstimatorLaws.ofTokens(), EstimatorLaws::speak),
        new PartLaws.Presumed(KnownLaws.same(), subject -> true));
  }

  /** Those that speak of some part of an objective, and that it does not deviate from. */
  public static Seq<Law> of(Subject subject) {
    Set<String> without = subject.deviations().map(Claim.Deviates::law).toSet();
    return speaking(subject).filter(law -> !without.contains(law.name()));
  }

  /** Those that speak of some part of an objective. */
  static Seq<Law> speaking(Subject subject) {
    return all().filter(law -> law.speaks().test(subject)).map(PartLaws.Presumed::law);
  }

  /** Nothing that belongs to a role is missing. */
  public static Law complete() {
    return new Law(
            COMPLETE,
            "what a part reads as has what belongs to it: a policy gradient an advantage, a value"
                + " regression a return, a preference a label, a distance what it is from",
            "∀ i: role(L_i) ⇒ its inputs occur in L_i",
            0,
            "structure, nothing is rounded",
            (subject, trial, tolerance) ->
                subject
                    .presumed()
                    .flatMap(
                        part ->
                            part.presumed()
                                .missing()
                                .map(
                                    what ->
                                        new Violation.Fact(
                                            part.presumed() + ", and " + what + " enters"))))
        .once();
  }
}
