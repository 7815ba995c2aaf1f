package lossmith.proofs.presumed;

import io.vavr.collection.Map;
import lossmith.dsl.Columns;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.meant.PartLaws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** The policy is the softmax of logits over the temperature, which is divided by once. */
final class TemperatureLaw {
  private static final double TIMES = 1.5;

  private TemperatureLaw() {}

  static PartLaws.Presumed same() {
    return new PartLaws.Presumed(
        new Law(
                "temperature",
                "logits and temperature enter as their quotient: with both half as large again, the"
                    + " loss stays as it is",
                "L(cz, cT) = L(z, T)",
                1e-9,
                "another order of multiplication",
                (subject, trial, tolerance) -> {
                  BoundLoss bound = subject.bound(Surface.LOGITS);
                  double here = subject.on(trial).number(bound.value());
                  double there = scaled(trial).number(bound.value());
                  double scale = tolerance * subject.on(trial).scale(bound.value());
                  return Violation.between(
                      "the loss with logits and temperature times " + TIMES, there, here, scale);
                })
            .on(Trial.Kind.ORDINARY),
        subject -> true);
  }

  private static Reference scaled(Trial trial) {
    Samples samples = trial.samples();
    Grid logits = samples.grid(BoundLoss.LOGITS).get();
    Grid larger = new Grid(logits.rows(), logits.width(), (row, v) -> TIMES * logits.get(row, v));
    Map<String, Double> parameters = trial.parameters();
    return new Reference(
        samples.with(BoundLoss.LOGITS, larger),
        parameters.put(
            Columns.TEMPERATURE, TIMES * parameters.getOrElse(Columns.TEMPERATURE, 1.0)));
  }
}
