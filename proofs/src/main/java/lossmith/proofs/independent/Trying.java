package lossmith.proofs.independent;

import java.util.Random;
import lossmith.proofs.independent.loops.PlainBatch;

/** A subject compared at a place, on batches drawn until one is away from kinks. */
final class Trying {
  /** After so many batches near a kink the objective itself is at one wherever it is tried. */
  private static final int DRAWS = 3;

  private Trying() {}

  /**
   * What came of it.
   *
   * @param outcome the last comparison
   * @param redrawn how many batches were too near a kink
   * @param numbers the last batch
   */
  record Tried(FormsOutcome outcome, int redrawn, PlainBatch numbers) {}

  static Tried at(Place place, TwoForms subject, Compiled compiled, long seed) {
    int redrawn = 0;
    while (true) {
      Random random = new Random(seed * 31 + redrawn);
      PlainBatch numbers = subject.batch(place, random);
      Found found = compiled.at(place, numbers, random);
      FormsOutcome outcome =
          FormsCompared.of(
              subject.oracle(),
              numbers,
              found.value(),
              subject.slopes(place, numbers, found),
              random);
      if (outcome.kind() != FormsOutcome.Kind.KINK || redrawn == DRAWS) {
        return new Tried(outcome, redrawn, numbers);
      }
      redrawn++;
    }
  }
}
