package lossmith.proofs.meant;

import io.vavr.collection.List;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.Role;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a distance from another policy is multiplied by. */
final class PenaltyWeightLaw {
  private PenaltyWeightLaw() {}

  /** L = −E[A·r] + β·E[D] (PPO, eq 8): the advantage is outside of the penalty. */
  static PartLaws.Presumed positive() {
    return PartLaws.law(
        "penalty-weight",
        "a distance from another policy is weighed by nothing that is below 0, such as an"
            + " advantage: there it would drive the policy away",
        "L = β·w·D(π, π′) ⇒ w ≥ 0",
        1e-9,
        "a sum of few summands",
        role -> role.role() == Role.REGULARISER && !role.advantages().isEmpty(),
        (part, trial, tolerance) -> {
          Trial usual = PartLaws.usual(part, trial);
          Reference known = new Reference(usual.samples(), usual.parameters());
          return part.presumed()
              .advantages()
              .flatMap(
                  weight ->
                      List.ofAll(known.of(weight))
                          .filter(w -> w < -tolerance)
                          .take(1)
                          .map(
                              w ->
                                  new Violation.Fact(
                                      part.presumed().part()
                                          + ": the penalty is multiplied by "
                                          + w
                                          + ", which is "
                                          + PartLaws.text(weight))));
        },
        Trial.Kind.ORDINARY);
  }
}
