package lossmith.blackbox.law;

import static lossmith.blackbox.law.BoxLaw.fact;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Locale;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Penalty;
import lossmith.blackbox.Probes;
import lossmith.blackbox.Profile;
import lossmith.blackbox.RatioShape;
import lossmith.blackbox.RatioShape.Factor;
import lossmith.blackbox.TensorBatch;
import lossmith.blackbox.Weighing;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * Where a loss pushes each token, and how hard.
 *
 * <p>Long because each law stands beside the loop that checks it.
 */
final class DirectionLaws {
  private static final double SMALL = 1e-12;

  private DirectionLaws() {}

  static Seq<BoxLaw> all() {
    return List.of(
        BoxLaw.of(
                "live-on-policy",
                "On the policy itself something is learnt wherever an advantage is not 0",
                "dL/dlog π ≠ 0 at π = π_old",
                "log π is detached, or compared with itself: the ratio has no gradient; or the"
                    + " clip is around 0 where it should be around 1",
                DirectionLaws::live)
            .on(Trial.Kind.ORDINARY)
            .unless((box, seen) -> normalising(box)),
        BoxLaw.of(
                "absent-old",
                "Without the log-probs that sampled, the policy itself has sampled",
                "L(π_old absent) = L(π_old = π), value and gradient",
                "old = log_prob is not detached where it is not given: the ratio has no gradient"
                    + " then",
                DirectionLaws::absent)
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                        !box.optional().contains(Columns.OLD_LOG_PROB),
                        () -> "it is never called without " + Columns.OLD_LOG_PROB)),
        BoxLaw.of(
                "on-policy",
                "On the policy itself the gradient is REINFORCE's",
                "dL/dlog π_t = −w·A_t at π = π_old, with one w > 0 for all tokens of a response",
                "an importance weight that is not 1 on the policy itself or is not detached, a"
                    + " wrong sign, or an advantage of another token",
                DirectionLaws::reinforce)
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                            !box.reads(TensorBatch.ADVANTAGE),
                            () -> "it reads no " + TensorBatch.ADVANTAGE)
                        .orElse(() -> normalising(box))),
        BoxLaw.of(
                "denominator",
                "What a token weighs on the policy itself is a mean or a sum that has a name",
                "w = 1/N, 1/(R·n), 1/R, … as is presumed",
                "a count of other tokens than those that are summed, a number that divides twice,"
                    + " or a weight that is not 1 on the policy itself",
                DirectionLaws::denominator)
            .on(Trial.Kind.ORDINARY)
            .unless((box, seen) -> normalising(box)),
        BoxLaw.of(
                "batch-twice",
                "A batch that is there twice is no other step",
                "‖dL(x ∪ x)/dx‖ = ‖dL(x)/dx‖/2 for each copy of x",
                "a sum over all tokens that no count divides, but a constant or nothing; or a mean"
                    + " that is divided by a count once more",
                DirectionLaws::twice)
            .on(Trial.Kind.ORDINARY),
        BoxLaw.of(
                "clip-side",
                "A token is left alone only where it has moved far enough in the direction of its"
                    + " advantage already, and is never pushed against it",
                "dL/dlog π = 0 only where A > 0 and r > 1, or A < 0 and r < 1 (or r beyond 1.5)",
                "max for min, bounds on the wrong side or exchanged, or a clip without the min",
                DirectionLaws::clipSide)
            .on(Trial.Kind.ORDINARY),
        BoxLaw.of(
                "bounded-region",
                "A clip of the ratio has both its sides, or neither",
                "A > 0 is cut above ⇔ A < 0 is cut below",
                "clamp with one bound, or only one of the two advantages goes through it",
                DirectionLaws::bothSides)
            .on(Trial.Kind.ORDINARY),
        BoxLaw.of(
                "penalty-pulls",
                "Where nothing is to be learnt, a penalty pulls each token towards the reference",
                "dL/dlog π > 0 where log π > log π_ref, < 0 where log π < log π_ref",
                "k1 as a loss (its gradient is 1 everywhere, 0 in expectation), the estimate under"
                    + " no_grad, a sign, or a clamp that switches it off far from the reference",
                DirectionLaws::penalty)
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                            !box.reads(Columns.REFERENCE_LOG_PROB),
                            () -> "it reads no " + Columns.REFERENCE_LOG_PROB)
                        .orElse(
                            Option.when(
                                !added(box),
                                () -> "what it makes of the reference moves with what is learnt"))),
        BoxLaw.of(
                "entropy-pulls",
                "Entropy that changes the value has a gradient, and never a penalty",
                "dL/dH ≤ 0, and < 0 where L moves with H",
                "entropy computed under no_grad, or added with the sign of a loss",
                DirectionLaws::entropy)
            .on(Trial.Kind.ORDINARY)
            .reading(Columns.ENTROPY),
        BoxLaw.of(
                "central-difference",
                "The gradient is the slope of the value",
                "dL/dx ≈ (L(x+h) − L(x−h)) / 2h",
                "a detach() in a term that is meant to be differentiated, or a hand-written"
                    + " backward",
                DirectionLaws::slope)
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                            seen.surrogate(),
                            () -> "its gradient is not the slope of its value, as is presumed")
                        .orElse(
                            Option.when(
                                seen.rounded(),
                                () ->
                                    "it computes in float32 inside: differences are too coarse"))));
  }

  private static boolean advantages(Question q) {
    return advantages(q.box());
  }

  private static boolean advantages(BlackBox box) {
    return box.reads(TensorBatch.ADVANTAGE);
  }

  static double[] slopes(BlackBox box, TensorBatch batch) {
    return box.of(batch) instanceof Answer.Numbers numbers && numbers.finite()
        ? numbers.gradient(Columns.LOG_PROB, batch.size())
        : new double[0];
  }

  /** Why what multiplies a score is not what is given, of a loss that centres advantages itself. */
  private static Option<String> normalising(BlackBox box) {
    if (!advantages(box)) {
      return Option.none();
    }
    TensorBatch batch = Probes.offPolicy(0.4).head().onPolicy();
    double[] a = batch.slots(TensorBatch.ADVANTAGE);
    double[] here = slopes(box, batch);
    double[] there = slopes(box, batch.with(TensorBatch.ADVANTAGE, slot -> a[slot] + 0.5));
    boolean same =
        here.length == there.length
            && Arrays.stream(here).anyMatch(x -> Math.abs(x) > SMALL)
            && List.range(0, here.length).forAll(i -> Math.abs(here[i] - there[i]) < 1e-6);
    return Option.when(same, () -> "it normalises the advantages that it is given once more");
  }

  private static Seq<Violation> live(Question q, double tolerance) {
    TensorBatch batch = q.batch().onPolicy();
    if (!(q.box().of(batch) instanceof Answer.Numbers numbers)
        || numbers.gradients().values().exists(g -> !Arrays.stream(g).allMatch(DirectionLaws::none))
        || !told(q.box(), batch)
        || (!advantages(q) && !dead(q.box()))) {
      return List.empty();
    }
    return fact("dL/dlog_prob is 0 everywhere");
  }

  /** Whether nothing is learnt of any ordinary batch: of some rewards alone that may be meant. */
  private static boolean dead(BlackBox box) {
    return Probes.offPolicy(0.4)
        .forAll(
            batch ->
                box.of(batch.onPolicy()) instanceof Answer.Numbers numbers
                    && numbers
                        .gradients()
                        .values()
                        .forAll(g -> Arrays.stream(g).allMatch(DirectionLaws::none)));
  }

  private static boolean none(double slope) {
    return Math.abs(slope) < SMALL;
  }

  private static Seq<Violation> absent(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    TensorBatch own = batch.with(Columns.OLD_LOG_PROB, Columns.LOG_PROB);
    return q.box().of(own) instanceof Answer.Numbers numbers && numbers.finite()
        ? Differing.between(
                "without old_log_prob",
                numbers,
                q.box().without(batch, Columns.OLD_LOG_PROB),
                tolerance * numbers.scale())
            .take(3)
        : List.empty();
  }

  /** Whether a batch tells a loss anything. */
  private static boolean told(BlackBox box, TensorBatch batch) {
    if (box.reads(TensorBatch.ADVANTAGE)) {
      double[] a = batch.slots(TensorBatch.ADVANTAGE);
      return List.range(0, batch.size())
          .exists(slot -> batch.mask()[slot] == 1 && Math.abs(a[slot]) > 1e-6);
    }
    return box.reads(Columns.REWARD) ? distinct(batch) : batch.tokens() > 0;
  }

  /** Whether some prompt has a response with tokens beside one with another reward. */
  private static boolean distinct(TensorBatch batch) {
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    return List.range(0, batch.rows())
        .exists(
            a ->
                batch.length(a) > 0
                    && List.range(0, batch.rows())
                        .exists(
                            b ->
                                batch.group()[a] == batch.group()[b]
                                    && Math.abs(rewards[a] - rewards[b]) > 1e-3));
  }

  /** By slot what multiplies the score, of tokens with an advantage. */
  private static Map<Integer, Double> weights(Question q) {
    TensorBatch batch = q.batch().onPolicy();
    double[] slopes = slopes(q.box(), batch);
    TensorBatch nothing = batch.with(TensorBatch.ADVANTAGE, slot -> 0);
    double[] rest = slopes(q.box(), nothing);
    double[] a = batch.slots(TensorBatch.ADVANTAGE);
    return slopes.length == 0 || rest.length == 0
        ? HashMap.empty()
        : List.range(0, batch.size())
            .filter(slot -> batch.mask()[slot] == 1 && Math.abs(a[slot]) > 1e-3)
            .toMap(slot -> slot, slot -> (rest[slot] - slopes[slot]) / a[slot]);
  }

  private static Seq<Violation> reinforce(Question q, double tolerance) {
    int width = q.batch().width();
    Map<Integer, Double> weights = weights(q);
    return weights
        .toList()
        .sortBy(one -> one._1)
        .flatMap(
            one -> {
              int first = one._1 / width * width;
              double other = weights.getOrElse(first, one._2);
              return one._2 < -SMALL
                  ? fact(
                      String.format(
                          Locale.ROOT,
                          "dL/dlog_prob[%d] has the sign of its advantage: w = %.6g",
                          one._1,
                          one._2))
                  : Violation.between(
                      "w[" + first + "] and w[" + one._1 + "] of one response",
                      other,
                      one._2,
                      1e-8 * (1 + Math.abs(other)));
            });
  }

  private static Seq<Violation> denominator(Question q, double tolerance) {
    if (!(q.answer() instanceof Answer.Numbers numbers) || !numbers.finite()) {
      return List.empty();
    }
    boolean told = advantages(q);
    if (q.seen().weighing().isEmpty()) {
      // Rewards and entropies may make other weights of it that are meant.
      boolean own = told && !q.box().reads(Columns.ENTROPY);
      return !own
          ? List.empty()
          : fact("no way to divide that is known gives the weights of its tokens");
    }
    Weighing found = q.seen().weighing().get();
    if (!found.fair()) {
      return fact("it is " + found + ": it changes with what else is in the batch");
    }
    if (!told && Math.abs(found.positive() - found.negative()) > 1e-3) {
      return List.empty(); // its advantages are no ±1
    }
    Seq<Double> factors = List.of(found.positive(), found.negative());
    Seq<Double> known =
        List.ofAll(q.box().parameters().values())
            .filter(x -> x > 0)
            .flatMap(x -> List.of(x, 1 / x))
            .appendAll(told ? List.of(1.0) : List.of(1.0, Math.sqrt(0.5), 2.0, 0.0));
    return factors
        .filter(k -> known.forAll(x -> Math.abs(k - x) > (told ? 1e-6 : 1e-3) * x))
        .flatMap(k -> fact("it is " + found))
        .distinct();
  }

  /** A statistic over the batch is another in a batch twice as large, though by less than this. */
  private static Seq<Violation> twice(Question q, double tolerance) {
    double once = size(q.box(), q.batch());
    double again = size(q.box(), q.batch().twice()) / Math.sqrt(2);
    return once > SMALL && (again > 0.75 * once || again < 0.3 * once)
        ? fact(
            String.format(
                Locale.ROOT,
                "beside itself a batch is pushed by %.4g times what it is alone, instead of a half",
                again / once))
        : List.empty();
  }

  /** The length of all slopes. */
  private static double size(BlackBox box, TensorBatch batch) {
    return box.of(batch) instanceof Answer.Numbers numbers && numbers.finite()
        ? Math.sqrt(
            numbers
                .gradients()
                .values()
                .map(g -> Arrays.stream(g).map(x -> x * x).sum())
                .sum()
                .doubleValue())
        : 0;
  }

  private static Seq<Violation> clipSide(Question q, double tolerance) {
    return side("positive", q.seen().rising(), 0.5, 0.97)
        .appendAll(side("negative", q.seen().falling(), 1.03, 1.45));
  }

  private static Seq<Violation> side(String sign, RatioShape shape, double from, double to) {
    Seq<Violation> against =
        shape.has(Factor.AGAINST)
            ? fact("where the advantage is " + sign + " a score is multiplied by " + shape)
            : List.empty();
    boolean cut = shape.is(Factor.ZERO, from) || shape.is(Factor.ZERO, to);
    boolean dead = shape.pieces().forAll(piece -> piece.factor() == Factor.ZERO);
    return cut && !dead
        ? against.appendAll(
            fact(
                "where the advantage is "
                    + sign
                    + " a score is multiplied by "
                    + shape
                    + (from < 1 ? ": cut below 1" : ": cut above 1")))
        : against;
  }

  private static Seq<Violation> bothSides(Question q, double tolerance) {
    boolean up = q.seen().rising().has(Factor.ZERO);
    boolean down = q.seen().falling().has(Factor.ZERO);
    boolean low = q.seen().rising().has(Factor.HELD);
    return up == down || low
        ? List.empty()
        : fact(
            "positive advantages: " + q.seen().rising() + "; negative ones: " + q.seen().falling());
  }

  /**
   * Whether the reference pulls alike whatever the advantages are, as a term that is added does.
   */
  private static boolean added(BlackBox box) {
    TensorBatch batch = Probes.offPolicy(0.4).head().onPolicy();
    double[] lp = batch.slots(Columns.LOG_PROB);
    TensorBatch away = batch.with(Columns.REFERENCE_LOG_PROB, slot -> lp[slot] - 0.8);
    double[] some = slopes(box, batch);
    double[] none = slopes(box, Probes.indifferent(box, batch));
    double[] someAway = slopes(box, away);
    double[] noneAway = slopes(box, Probes.indifferent(box, away));
    return Math.min(Math.min(some.length, none.length), Math.min(someAway.length, noneAway.length))
            == 0
        || List.range(0, some.length)
            .forAll(
                slot ->
                    Math.abs((someAway[slot] - some[slot]) - (noneAway[slot] - none[slot])) < 1e-9);
  }

  private static Seq<Violation> penalty(Question q, double tolerance) {
    return List.of(-5.0, -1.0, -0.1, 0.1, 1.0, 5.0, -15.0, 15.0)
        .flatMap(
            x -> {
              double pull = Profile.pull(q.box(), x);
              return q.seen().penalty().exists(Penalty::acts) && !(pull * Math.signum(x) > 0)
                  ? fact(
                      String.format(
                          Locale.ROOT,
                          "dL/dlog π = %.6g where log π − log π_ref = %s; the penalty is %s",
                          pull,
                          x,
                          q.seen().penalty().get()))
                  : List.<Violation>empty();
            });
  }

  private static Seq<Violation> entropy(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    TensorBatch nothing = Probes.indifferent(q.box(), batch);
    double[] h = batch.slots(Columns.ENTROPY);
    if (batch.tokens() == 0
        || !(q.box().of(nothing) instanceof Answer.Numbers numbers)
        || !(q.box().of(nothing.with(Columns.ENTROPY, slot -> h[slot] + 0.5))
            instanceof Answer.Numbers more)) {
      return List.empty();
    }
    double[] slopes = numbers.gradient(Columns.ENTROPY, batch.size());
    boolean moves = Math.abs(more.loss() - numbers.loss()) > 1e-9;
    if (moves && Arrays.stream(slopes).allMatch(g -> g == 0)) {
      return fact("the value moves with entropy, and dL/dentropy is 0 everywhere");
    }
    return List.range(0, slopes.length)
        .filter(slot -> slopes[slot] > SMALL)
        .flatMap(slot -> fact("dL/dentropy[" + slot + "] = " + slopes[slot]))
        .take(1);
  }

  private static Seq<Violation> slope(Question q, double tolerance) {
    return Profile.slopes(q.box(), q.batch());
  }
}
