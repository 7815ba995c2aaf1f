package lossmith.proofs.law;

import io.vavr.collection.List;
import lossmith.dsl.Columns;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Symbols;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/** Where a term, or its gradient, stops. */
final class RegionLaws {
  private RegionLaws() {}

  static Law clip(Claim.ClipRegion claim) {
    return new Law(
            "clip-region",
            "the gradient is 0 exactly where the ratio is beyond the bound that the advantage"
                + " pushes it to, and where the advantage is 0",
            String.format(
                "∂L/∂log π = 0 ⇔ %1$s = 0 ∨ %1$s > 0 ∧ %2$s > 1 + %4$s ∨ %1$s < 0 ∧ %2$s < 1 −"
                    + " %3$s",
                claim.advantage(), claim.ratio(), claim.low(), claim.high()),
            0,
            "a zero is not rounded",
            (subject, trial, tolerance) -> {
              BoundLoss bound = subject.around(claim.advantage());
              Evaluations known = subject.on(trial);
              double[] a = known.of(Symbols.of(bound, claim.advantage()));
              double[] r = known.of(Symbols.of(bound, claim.ratio()));
              double low = 1 - trial.parameters().get(claim.low()).get();
              double high = 1 + trial.parameters().get(claim.high()).get();
              double[] g =
                  bound
                      .gradients()
                      .get(Columns.LOG_PROB)
                      .map(known::of)
                      .getOrElse(new double[a.length]);
              return List.range(0, a.length)
                  .filter(
                      t -> {
                        boolean beyond = a[t] > 0 ? r[t] > high : r[t] < low;
                        boolean silent = a[t] == 0 || beyond;
                        return silent != (g[t] == 0);
                      })
                  .map(
                      t ->
                          new Violation.Fact(
                              String.format(
                                  "d/dlog_prob[%d] is %s with A = %s, r = %s, bounds %s and %s",
                                  t, g[t], a[t], r[t], low, high)));
            })
        .except(Trial.Kind.EXTREME);
  }

  static Law within(Claim.Within claim) {
    return new Law(
        "within",
        claim.high() == Double.POSITIVE_INFINITY
            ? claim.symbol() + " is at least " + claim.low() + " on any data"
            : claim.symbol() + " stays in [" + claim.low() + ", " + claim.high() + "] on any data",
        claim.low() + " ≤ " + claim.symbol() + " ≤ " + claim.high(),
        1e-12,
        "a bound may be computed, such as 1 + ε",
        (subject, trial, tolerance) -> {
          BoundLoss bound = subject.bound(Surface.STATISTICS);
          Evaluations known = subject.on(trial);
          double[] x = known.of(Symbols.of(bound, claim.symbol()));
          double below = tolerance * (1 + Math.abs(claim.low()));
          double above = tolerance * (1 + Math.abs(claim.high()));
          return List.range(0, x.length)
              .filter(t -> !(x[t] >= claim.low() - below && x[t] <= claim.high() + above))
              .map(
                  t ->
                      new Violation.Apart(
                          claim.symbol() + "[" + t + "]",
                          x[t],
                          x[t] < claim.low() ? claim.low() : claim.high(),
                          x[t] < claim.low() ? below : above));
        });
  }
}
