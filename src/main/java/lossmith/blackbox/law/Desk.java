package lossmith.blackbox.law;

import io.vavr.Lazy;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Profile;
import lossmith.blackbox.TensorBatch;
import lossmith.proofs.trial.Trial;
import org.jspecify.annotations.Nullable;

/** Asks a loss once for the case that all laws are tried on. */
final class Desk {
  /** Sums of a few dozen numbers that are off by 6e-8. */
  private static final double SINGLE = 2e-6;

  private final BlackBox box;
  private final Profile seen;
  private final Lazy<SettingEffects> effects;
  private @Nullable Question last;

  Desk(BlackBox box, Profile seen) {
    this.box = box;
    this.seen = seen;
    this.effects = Lazy.of(() -> new SettingEffects(box, "neither value nor gradient"));
  }

  /** What the settings of the loss change. */
  SettingEffects effects() {
    return effects.get();
  }

  /** How far apart both sides of a law may be, of one that rounds to float32 inside as well. */
  double allowed(double tolerance) {
    return seen.rounded() ? Math.max(tolerance, SINGLE) : tolerance;
  }

  @SuppressWarnings("ReferenceEquality") // the laws of a case get the very same one
  Question question(Trial trial) {
    Question known = last;
    if (known == null || known.trial() != trial) {
      // Rows of two widths in turn: with slots beyond the longest row, and without.
      TensorBatch batch = TensorBatch.of(trial.samples(), Math.floorMod(trial.seed(), 2));
      known = new Question(box, seen, effects, trial, batch, box.of(batch));
      last = known;
    }
    return known;
  }
}
