package lossmith.proofs.presumed;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.proofs.estimator.EstimatorLaws;
import lossmith.proofs.known.KnownLaws;
import lossmith.proofs.meant.MeantLaws;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/**
 * The laws that a role brings: what the objectives of a kind share, held by default of every loss
 * that reads as one of them.
 */
public final class RoleLaws {
  /** The name of the law that a part breaks which lacks what belongs to its role. */
  public static final String COMPLETE = "presumption";

  private RoleLaws() {}

  /** A law of what an objective is presumed to be, and of which objectives it speaks. */
  public record Presumed(Law law, Predicate<Subject> speaks) {
    /** One that speaks of some part. */
    static Presumed ofPart(Law law, Predicate<PresumedRole> speaks) {
      return new Presumed(
          law, subject -> subject.presumed().exists(part -> speaks.test(part.presumed())));
    }
  }

  /** Where the summands of one role break a law. */
  @FunctionalInterface
  interface Check {
    Seq<Violation> of(Isolated part, Trial trial, double tolerance);
  }

  /** All of them. */
  public static Seq<Presumed> all() {
    return ofThisPackage()
        .appendAll(MeantLaws.all().map(meant -> new Presumed(meant.law(), meant.speaks())));
  }

  private static Seq<Presumed> ofThisPackage() {
    return List.of(
        new Presumed(complete(), subject -> true),
        StepLaws.size(),
        StepLaws.sampler(),
        StepLaws.weight(),
        StepLaws.reward(),
        ShapingLaws.length(),
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
        new Presumed(EstimatorLaws.ofResponses(), EstimatorLaws::speak),
        new Presumed(EstimatorLaws.ofTokens(), EstimatorLaws::speak),
        new Presumed(KnownLaws.same(), subject -> true));
  }

  /** Those that speak of some part of an objective, and that it does not deviate from. */
  public static Seq<Law> of(Subject subject) {
    Set<String> without = subject.deviations().map(Claim.Deviates::law).toSet();
    return speaking(subject).filter(law -> !without.contains(law.name()));
  }

  /** Those that speak of some part of an objective. */
  static Seq<Law> speaking(Subject subject) {
    return all().filter(law -> law.speaks.test(subject)).map(Presumed::law);
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

  static Presumed law(
      String name,
      String statement,
      String formula,
      double tolerance,
      String reason,
      Predicate<PresumedRole> speaks,
      Check check,
      Trial.Kind... kinds) {
    PartLaws.Presumed made =
        PartLaws.law(name, statement, formula, tolerance, reason, speaks, check::of, kinds);
    return new Presumed(made.law(), made.speaks());
  }

  /** What a part does at an element, in words. */
  static Violation at(Isolated part, String what, int element, Object value) {
    return PartLaws.at(part, what, element, value);
  }

  /** The case with other samples. */
  static Trial with(Trial trial, Samples samples) {
    return PartLaws.with(trial, samples);
  }

  /** The case with a column changed, where there is such a column. */
  static Trial changed(Trial trial, String column, DoubleUnaryOperator change) {
    return PartLaws.changed(trial, column, change);
  }

  /** Column values with one of them moved. */
  static Trial moved(Trial trial, String column, int element, double by) {
    return PartLaws.moved(trial, column, element, by);
  }

  /** The sum over the tokens of each response. */
  static double[] perResponse(Trial trial, double[] tokens) {
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] sums = new double[trial.samples().size(Level.Name.SEQUENCE)];
    for (int t = 0; t < tokens.length; t++) {
      sums[of[t]] += tokens[t];
    }
    return sums;
  }

  /** The case with every parameter of a part at its default. */
  static Trial usual(Isolated part, Trial trial) {
    return PartLaws.usual(part, trial);
  }

  /** A term as a finding shows it, on one line. */
  static String text(Node term) {
    return PartLaws.text(term);
  }
}
