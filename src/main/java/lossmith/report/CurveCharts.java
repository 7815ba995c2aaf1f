package lossmith.report;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.metric.HeldOut;

/**
 * Which charts the page about some runs has, each with its words, its unit and its numbers.
 *
 * @param arms the runs
 */
record CurveCharts(Seq<TrainedArm> arms) {
  /** The change of the entropy by a step, in nats per token. */
  static final String MEASURED = "lossmith/entropy_change";

  /** The same as eq 11 of Entropy Collapse forecasts it. */
  static final String FORECAST = "lossmith/entropy_change_forecast";

  /**
   * A chart.
   *
   * @param title above it
   * @param note beside the title
   * @param unit what its axis says
   * @param keys its numbers; the second of two is dashed
   * @param only the objectives that it has; none for all
   */
  record Spec(String title, String note, String unit, Seq<Key> keys, Seq<String> only) {
    /** One of all objectives. */
    Spec(String title, String note, String unit, Seq<Key> keys) {
      this(title, note, unit, keys, List.empty());
    }
  }

  /** A number by its name in the rows, and a word for it. */
  record Key(String name, String label) {}

  /** {@return the chart of a claim} */
  Spec claimed(ClaimChart claim) {
    Seq<String> there = there();
    return new Spec(
        claim.title(),
        claim.note(),
        claim.unit(),
        claim
            .numbers()
            .map(number -> there.find(one -> TrainedArm.isNamed(one, number)).getOrElse(number))
            .map(name -> new Key(name, name)),
        claim.recipes());
  }

  /** The names of all numbers. */
  private Seq<String> there() {
    return arms.flatMap(arm -> arm.rows().flatMap(Map::keySet).distinct()).distinct();
  }

  /** {@return those of all numbers that some run has} */
  Seq<Spec> all() {
    Seq<String> there = there();
    Seq<Spec> usual =
        List.of(
            chart("Entropy", "of the policy that samples", "nats per token", "actor/entropy"),
            chart("Reward", "mean of the batch, training prompts", "reward", "critic/rewards/mean"),
            held(there, "pass@1", "pass@1", "of held-out prompts", "share of tries"));
    Seq<Spec> further =
        List.of(
            held(
                there,
                "distinct_solutions",
                "Distinct solutions",
                "right ones of a held-out prompt",
                "solutions per prompt"),
            chart(
                "Divergence from the sampler",
                "mean of log π_old − log π over a step’s updates",
                "nats per token",
                "actor/ppo_kl"),
            chart(
                "Divergence from the reference",
                "mean of log π_old − log π_ref",
                "nats per token",
                "actor/ref_kl"),
            chart(
                "Explained variance",
                "of the returns by the critic, before it learns from them",
                "share of variance",
                "critic/vf_explained_var"),
            chart(
                "Value loss",
                "half the mean of (V − R)² over a step’s updates",
                "reward²",
                "critic/vf_loss"),
            chart("Length", "mean of the batch", "tokens per response", "response_length/mean"),
            chart(
                "Gradient norm",
                "of dL/dweights, before it is clipped",
                "norm",
                "actor/grad_norm"));
    Seq<Spec> moved =
        there
            .filter(name -> name.startsWith("lossmith/coefficient/"))
            .map(
                name ->
                    chart(
                        name.substring(name.lastIndexOf('/') + 1),
                        "coefficient that a controller moves",
                        "coefficient",
                        name));
    return usual
        .appendAll(heldMany(there))
        .appendAll(further)
        .appendAll(ofTwo())
        .appendAll(moved)
        .filter(chart -> chart.keys().exists(key -> there.contains(key.name())));
  }

  /** Numbers that stand in pairs: of several objectives two lines each would be too many. */
  private Seq<Spec> ofTwo() {
    String clipped = "beyond a bound that their advantage pushes further out";
    String share = "share of tokens";
    String change = "Change of the entropy by a step";
    String nats = "nats per token";
    String above = "lossmith/clip_fraction_high";
    String below = "lossmith/clip_fraction_low";
    return arms.map(TrainedArm::recipe).distinct().size() > 1
        ? List.of(
            chart("Clipped above", clipped, share, above),
            chart("Clipped below", clipped, share, below),
            chart(change, "measured", nats, MEASURED))
        : List.of(
            new Spec(
                "Clipped tokens",
                clipped + "; dashed: below",
                share,
                List.of(new Key(above, "above"), new Key(below, "below"))),
            new Spec(
                change,
                "dashed: forecast by eq 11",
                nats,
                List.of(new Key(MEASURED, "measured"), new Key(FORECAST, "forecast"))));
  }

  private static Spec chart(String title, String note, String unit, String name) {
    return new Spec(title, note, unit, List.of(new Key(name, title)));
  }

  private static Spec held(
      Seq<String> there, String ending, String title, String note, String unit) {
    return chart(title, note, unit, key(there, "/" + ending).getOrElse(""));
  }

  /** pass@k, of each k that was asked for beside 1. */
  private static Seq<Spec> heldMany(Seq<String> there) {
    return there
        .filter(one -> HeldOut.is(one) && one.contains("/pass@") && !one.endsWith("/pass@1"))
        .map(
            name -> {
              String tries = name.substring(name.lastIndexOf('@') + 1);
              return chart(
                  "pass@" + tries,
                  "a held-out prompt has a right one among " + tries + " tries, without bias",
                  "share of prompts",
                  name);
            });
  }

  private static Option<String> key(Seq<String> there, String ending) {
    return there.find(one -> HeldOut.is(one) && one.endsWith(ending));
  }
}
