package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** The battery: the laws that every objective is held to. */
public final class Laws {
  private Laws() {}

  /** {@return all of them} */
  public static Seq<Law> all() {
    return List.of(
        MeaningLaws.value(),
        MeaningLaws.gradient(),
        MeaningLaws.metrics(),
        MeaningLaws.fused(),
        MeaningLaws.hidden(),
        GradientLaws.centralDifference(),
        GradientLaws.automatic(),
        GradientLaws.finite(),
        KinkLaws.declared(),
        GuardLaws.guarded(),
        GuardLaws.sanitised(),
        GuardLaws.saturated(),
        GuardLaws.absent(),
        SoftmaxLaws.zeroSum(),
        SoftmaxLaws.shift(),
        SoftmaxLaws.closed(),
        SoftmaxLaws.relabelled(),
        BatchLaws.permutation(),
        SplitLaws.split(),
        WindowLaws.window(),
        FlowLaws.declared(),
        ObjectiveLaws.parts(),
        ObjectiveLaws.onPolicy(),
        ObjectiveLaws.parameters());
  }

  /** {@return the law of that name} */
  public static io.vavr.control.Option<Law> named(String name) {
    return all().find(law -> law.name().equals(name));
  }
}
