package lossmith.proofs.law;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.presumed.RoleLaws;
import lossmith.proofs.stated.Statement;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Claim;
import lossmith.recipes.Recipe;

/** The battery: the laws that every objective is checked against. */
public final class Laws {
  /**
   * How many cases tell a graph that is evaluated otherwise from the same: it is another graph in
   * every case.
   */
  private static final int FEW = 12;

  /** The laws that run what is compiled of the whole objective. */
  private static final Set<String> COMPILED =
      HashSet.of("value", "gradient", "metrics", "fused", "hidden", "automatic");

  private Laws() {}

  /** {@return whether a law runs the objective as it is compiled} */
  public static boolean compiles(Law law) {
    return COMPILED.contains(law.name());
  }

  /** {@return all of them} */
  public static Seq<Law> all() {
    return List.of(
        MeaningLaws.value(),
        MeaningLaws.gradient(),
        MeaningLaws.metrics(),
        MeaningLaws.fused().atMost(FEW),
        MeaningLaws.hidden().atMost(FEW),
        GradientLaws.centralDifference(),
        GradientLaws.automatic(),
        GradientLaws.finite(),
        KinkLaws.declared(),
        GuardLaws.guarded().atMost(FEW),
        GuardLaws.sanitised(),
        GuardLaws.saturated(),
        GuardLaws.absent().atMost(FEW),
        SoftmaxLaws.zeroSum(),
        SoftmaxLaws.shift(),
        SoftmaxLaws.closed(),
        SoftmaxLaws.relabelled(),
        EntropyLaws.gradient(),
        EntropyLaws.step(),
        EntropyLaws.sign(),
        ScanLaws.unrolled(),
        StopLaws.stopped(),
        BatchLaws.permutation(),
        RewardLaws.ties(),
        UnscoredLaws.unscored().atMost(FEW),
        SplitLaws.split().atMost(FEW),
        WindowLaws.window().atMost(FEW),
        FallbackLaws.absent().atMost(FEW),
        FlowLaws.declared(),
        SumLaws.adds(Loss::plus),
        SumLaws.scales(loss -> loss.scaledBy(SumLaws.FACTOR)),
        ObjectiveLaws.parts(),
        ObjectiveLaws.onPolicy(),
        ObjectiveLaws.parameters(),
        DivergenceLaws.live());
  }

  /**
   * {@return the laws that an objective is checked against: the battery, those of what its parts
   * are presumed to be, its claims and its statement}
   */
  public static Seq<Law> of(Subject subject) {
    return of(subject.claims(), subject.statement(), subject);
  }

  /** {@return those laws that tell an objective from another and need no TensorFlow} */
  public static Seq<Law> pinning(Subject subject) {
    return List.of(ObjectiveLaws.parts(), ObjectiveLaws.onPolicy(), RoleLaws.complete())
        .appendAll(subject.claims().flatMap(ClaimLaws::of))
        .appendAll(subject.statement().map(StatedLaws::stated));
  }

  /** {@return the laws that roles bring, all of them} */
  public static Seq<Law> ofRoles() {
    return RoleLaws.all().map(PartLaws.Presumed::law);
  }

  /**
   * {@return the laws of what the parts of an objective are presumed to be, but for those that it
   * deviates from}
   */
  public static Seq<Law> ofRoles(Subject subject) {
    return RoleLaws.of(subject);
  }

  private static Seq<Law> of(Seq<Claim> claims, Option<Statement> statement, Subject subject) {
    boolean idle =
        claims.exists(c -> c instanceof Claim.Estimates e && e.of() == Claim.Divergence.NONE);
    Set<String> without = subject.deviations().map(Claim.Deviates::law).toSet();
    return all()
        .filter(law -> !(idle && law.name().equals(DivergenceLaws.LIVE)))
        .filter(law -> !without.contains(law.name()))
        .appendAll(RoleLaws.of(subject))
        .appendAll(claims.flatMap(ClaimLaws::of))
        .appendAll(statement.map(StatedLaws::stated));
  }

  /** {@return the laws that a recipe is checked against, as its subject is} */
  public static Seq<Law> of(Recipe recipe) {
    try (Subject subject = Subject.of(recipe)) {
      return of(subject);
    }
  }
}
