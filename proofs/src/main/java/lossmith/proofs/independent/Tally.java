package lossmith.proofs.independent;

/**
 * What comparing the objectives of one kind at one place came to.
 *
 * @param kind what sort of objectives
 * @param place where the policy entered
 * @param cases how many objectives were compared
 * @param agreed how many of them agreed
 * @param redrawn how many batches were drawn again because a kink or a rounding was too near
 * @param value the largest difference of two values, relative to what they add up
 * @param slope the largest difference of two slopes, relative to that or to the largest slope
 */
public record Tally(
    String kind, Place place, int cases, int agreed, int redrawn, double value, double slope) {
  /** Of all batches that were drawn, the share that may be drawn again. */
  static final double REDRAWN = 0.05;

  static Tally none(String kind, Place place) {
    return new Tally(kind, place, 0, 0, 0, 0, 0);
  }

  Tally with(FormsOutcome outcome, int again) {
    return new Tally(
        kind,
        place,
        cases + 1,
        agreed + (outcome.kind() == FormsOutcome.Kind.AGREED ? 1 : 0),
        redrawn + again,
        Math.max(value, outcome.value()),
        Math.max(slope, outcome.gradient()));
  }

  /** {@return whether all agreed and few were drawn again; one may always be} */
  public boolean holds() {
    return agreed == cases && redrawn <= Math.max(1, REDRAWN * (cases + redrawn));
  }
}
