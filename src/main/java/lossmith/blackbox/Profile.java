package lossmith.blackbox;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;

/**
 * What a loss is seen to do when it is asked one thing at a time.
 *
 * @param weighing where its denominators stand; none where no known way fits
 * @param rising what multiplies the score of a token with a positive advantage, by its ratio
 * @param falling the same of a token with a negative one
 * @param ratio over what its importance ratio runs
 * @param sampler the weight of a token for what sampled it, if it has one
 * @param penalty what it adds for the distance to a reference, if it reads one
 * @param penaltyWeight what a token of that weighs, where it has a slope
 * @param drift what it adds for the distance to what sampled a token, if it does
 * @param driftWeight what a token of that weighs
 * @param bonus what multiplies entropy, if it reads it: dloss/dH relative to a token's weight
 * @param bonusWeight what a token of that weighs
 * @param within whether a constant added to all rewards of a prompt changes nothing, if it reads
 *     rewards
 * @param made the advantages that it makes of rewards, if it does
 * @param surrogate whether its gradient is another than the slope of its value
 * @param rounded whether it computes in float32 inside, whatever it is given
 * @param answers whether it gives a finite number on any ordinary batch: of one that does not there
 *     is nothing to see
 */
public record Profile(
    Option<Weighing> weighing,
    RatioShape rising,
    RatioShape falling,
    String ratio,
    Option<SamplerWeight> sampler,
    Option<Penalty> penalty,
    Option<TokenWeight> penaltyWeight,
    Option<Penalty> drift,
    Option<TokenWeight> driftWeight,
    Option<Double> bonus,
    Option<TokenWeight> bonusWeight,
    Option<Boolean> within,
    Option<MadeAdvantage.Seen> made,
    boolean surrogate,
    boolean rounded,
    boolean answers) {
  private static final double MOVED = 1e-4;

  /** {@return what a loss is seen to do} */
  public static Profile of(BlackBox box) {
    Option<MadeAdvantage.Seen> made = MadeAdvantage.of(box);
    Option<Weighing> weighing =
        made.flatMap(one -> Weighing.all(box).find(w -> w.weight() == one.advantage().weight()))
            .orElse(() -> Weighing.of(box));
    Option<TokenWeight> own = weighing.map(Weighing::weight);
    Option<TokenWeight> pulled = added(box, Columns.REFERENCE_LOG_PROB, Columns.LOG_PROB, own);
    Option<TokenWeight> entropic = added(box, Columns.ENTROPY, Columns.ENTROPY, own);
    Option<Penalty> drift = drift(box, own);
    return new Profile(
        weighing,
        RatioShape.of(box, 1),
        RatioShape.of(box, -1),
        ratio(box),
        SamplerWeight.of(box),
        Option.when(
            box.reads(Columns.REFERENCE_LOG_PROB),
            () -> Penalty.of(box, Columns.REFERENCE_LOG_PROB, one(pulled.orElse(own)))),
        pulled,
        drift,
        drift.flatMap(one -> Weighing.ofAdded(box, one.column(), Columns.LOG_PROB, own)),
        Option.when(box.reads(Columns.ENTROPY), () -> bonus(box, one(entropic.orElse(own)))),
        entropic,
        Option.when(
            !box.reads(TensorBatch.ADVANTAGE) && box.reads(Columns.REWARD), () -> within(box)),
        made,
        Probes.offPolicy(0.05)
            .appendAll(Probes.offPolicy(0.4).map(batch -> Probes.indifferent(box, batch)))
            .exists(batch -> !ValueSlopes.agree(box, batch)),
        Probes.offPolicy(0.05).exists(batch -> ValueSlopes.rounded(box, batch)),
        Probes.unequal()
            .appendAll(Probes.offPolicy(0.4))
            .exists(batch -> box.of(batch) instanceof Answer.Numbers one && one.finite()));
  }

  private static Option<TokenWeight> added(
      BlackBox box, String column, String slopes, Option<TokenWeight> own) {
    return box.reads(column)
        ? Weighing.ofAdded(box, Columns.REFERENCE_LOG_PROB, slopes, own)
        : Option.none();
  }

  /** The penalty for leaving what sampled, where there is one. */
  private static Option<Penalty> drift(BlackBox box, Option<TokenWeight> own) {
    return List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB)
        .filter(box::reads)
        .flatMap(
            column ->
                List.of(
                    Penalty.of(
                        box,
                        column,
                        one(Weighing.ofAdded(box, column, Columns.LOG_PROB, own).orElse(own)))))
        .find(Penalty::acts);
  }

  /** What the first token of the probe weighs. */
  private static double one(Option<TokenWeight> weight) {
    return weight.map(w -> w.of(Probes.token(), 0)).filter(Double::isFinite).getOrElse(1.0);
  }

  /** Where the denominators of an added term stand, where that is not where others do. */
  private String elsewhere(Option<TokenWeight> weight) {
    return weight
        .filter(w -> !weighing.map(Weighing::weight).contains(w))
        .map(w -> ", as " + w)
        .getOrElse("");
  }

  /** How far the slope of one token moves with the log-ratio of its neighbour. */
  private static String ratio(BlackBox box) {
    TensorBatch batch = Probes.advantages(box, Probes.token(), row -> row == 1 ? 1 : -1);
    double[] lp = batch.slots(Columns.LOG_PROB);
    TensorBatch moved = batch;
    for (String other : new String[] {Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB}) {
      moved = moved.with(other, slot -> slot == 3 ? lp[3] - MOVED : lp[slot]);
    }
    double before = slope(box, batch, 2) - slope(box, Probes.indifferent(box, batch), 2);
    double after = slope(box, moved, 2) - slope(box, Probes.indifferent(box, moved), 2);
    double power = Math.log(after / before) / MOVED;
    if (Math.abs(power) < 0.01) {
      return "token by token";
    }
    return Math.abs(power - 0.5) < 0.01
        ? "the mean over a response"
        : Math.abs(power - 1) < 0.01
            ? "the product over a response"
            : String.format(
                Locale.ROOT, "more than its token (power %.3g of a neighbour's)", power);
  }

  private static double bonus(BlackBox box, double weight) {
    TensorBatch batch = Probes.indifferent(box, Probes.token());
    return box.of(batch) instanceof Answer.Numbers numbers
        ? numbers.gradient(Columns.ENTROPY, batch.size())[0] / weight
        : Double.NaN;
  }

  private static boolean within(BlackBox box) {
    return Probes.unequal()
        .forAll(
            batch ->
                ValueSlopes.near(
                    box.of(batch),
                    box.of(
                        batch.withResponses(
                            Columns.REWARD,
                            row ->
                                batch.responses().get(Columns.REWARD).get()[row]
                                    + 0.5 * (1 + batch.group()[row]))),
                    1e-6));
  }

  private static double slope(BlackBox box, TensorBatch batch, int slot) {
    return box.of(batch) instanceof Answer.Numbers numbers
        ? numbers.gradient(Columns.LOG_PROB, batch.size())[slot]
        : Double.NaN;
  }

  /**
   * {@return the slope of a token that is so far from the reference, where nothing is to be learnt}
   *
   * @param distance log π − log π_ref
   */
  public static double pull(BlackBox box, double distance) {
    return Penalty.at(
        box, Probes.indifferent(box, Probes.token()), Columns.REFERENCE_LOG_PROB, distance)[1];
  }

  /** {@return the tokens whose slope is not that of the value} */
  public static Seq<Violation> slopes(BlackBox box, TensorBatch batch) {
    return ValueSlopes.violations(box, batch);
  }

  /** Whether it pulls nowhere as long as the policy is what sampled. */
  private static boolean still(Penalty drift) {
    return drift.slopeAt(0) == 0;
  }

  /** Whether an advantage moves it: of others there is nothing that multiplies a score. */
  private boolean learns() {
    return List.of(rising, falling)
        .exists(shape -> shape.pieces().exists(piece -> piece.factor() != RatioShape.Factor.ZERO));
  }

  /** {@return each thing that was asked and what was seen} */
  public Map<String, String> words() {
    return answers ? seen() : LinkedHashMap.empty();
  }

  private Map<String, String> seen() {
    Map<String, String> all = LinkedHashMap.empty();
    if (learns()) {
      all =
          LinkedHashMap.of(
              "the denominator",
              weighing.map(Weighing::toString).getOrElse("none of those that are known"),
              "what multiplies a score where the advantage is positive",
              rising.toString(),
              "what multiplies a score where the advantage is negative",
              falling.toString(),
              "the importance ratio",
              ratio);
    } else {
      all = all.put("the advantage", "nothing that the gradient reads");
    }
    all =
        all.put(
            "the gradient",
            surrogate
                ? "not the slope of the value: something is stopped"
                : "the slope of the value");
    if (rounded) {
      all = all.put("the precision", "float32 inside, whatever it is given");
    }
    for (SamplerWeight one : sampler) {
      all = all.put("the weight for what sampled a token", one.toString());
    }
    for (Penalty one : penalty) {
      all = all.put("the penalty", one + elsewhere(penaltyWeight));
    }
    for (Penalty one : drift) {
      all =
          all.put(
              "the penalty for leaving what sampled",
              one + elsewhere(driftWeight) + (still(one) ? ", no pull on the policy itself" : ""));
    }
    for (double slope : bonus) {
      all =
          all.put(
              "dloss/dentropy",
              String.format(Locale.ROOT, "%.4g a token", slope) + elsewhere(bonusWeight));
    }
    for (MadeAdvantage.Seen one : made.filter(unused -> learns())) {
      all = all.put("the advantage", one.profile().words().get("the advantage").getOrElse(""));
    }
    for (boolean yes : within) {
      all = all.put("rewards", (yes ? "" : "not ") + "compared within their prompt");
    }
    return all;
  }
}
