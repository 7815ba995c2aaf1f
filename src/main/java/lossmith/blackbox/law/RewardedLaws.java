package lossmith.blackbox.law;

import static lossmith.blackbox.law.BoxLaw.fact;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Probes;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * What a loss that is given rewards makes of them.
 *
 * <p>Long because each law stands beside the loop that checks it.
 */
final class RewardedLaws {
  /** So many times the rewards are others. */
  private static final double TIMES = 4;

  /** What is added to a spread may be felt by so much: 1e-4 where the spread is an eightieth. */
  private static final double GUARD = 2e-2;

  /** Prompts whose rewards are nearer to each other feel what is added to their spread. */
  private static final double RANGE = 0.1;

  private static final double ROUNDING = 1e-12;

  /** What may tell tokens of a response apart. */
  private static final Seq<String> OF_TOKENS =
      List.of(
              TensorBatch.ADVANTAGE,
              Columns.ENTROPY,
              Columns.VALUE,
              Columns.TOKEN_REWARD,
              "selected")
          .appendAll(TensorBatch.MASKS);

  private RewardedLaws() {}

  static Seq<BoxLaw> all() {
    return List.of(
        BoxLaw.of(
                "reward-shift",
                "A constant added to all rewards of a prompt changes nothing",
                "L(R + c) = L(R)",
                "a mean over the batch where that of the prompt is meant",
                RewardedLaws::shift)
            .within(1e-6, "what is added to a spread before dividing")
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                        !seen.within().getOrElse(false),
                        () -> "it compares no rewards within a prompt")),
        BoxLaw.of(
                "better-is-pushed-up",
                "Of two responses to a prompt the better one is pushed up no less",
                "Σ dL/dlog π of the best ≤ that of the worst, on the policy itself",
                "a sign, or advantages of other rows",
                RewardedLaws::better)
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(seen.within().isEmpty(), () -> "it is given advantages")),
        BoxLaw.of(
                "rewards-act",
                "Something is learnt from the advantages, or the rewards, that it is given",
                "dL/dlog π moves with A",
                "the product with the advantage is missing, or it is a constant by then",
                (q, allowed) -> fact("dL/dlog π is the same where all of them are 0"))
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                            !box.reads(Columns.LOG_PROB)
                                || (!box.reads(TensorBatch.ADVANTAGE)
                                    && !box.reads(Columns.REWARD)),
                            () -> "it is not given log-probs with advantages or rewards")
                        .orElse(
                            Option.when(
                                learns(box), () -> "its gradient is seen to move with them"))),
        BoxLaw.of(
                "alike-within",
                "On the policy itself the tokens of a response are pushed alike, as its reward is"
                    + " one for all of them",
                "dL/dlog π_t = dL/dlog π_u at π = π_old, t and u of one response",
                "an importance ratio that is not 1 on the policy itself, of two tokens or of two"
                    + " responses, or a weight that is not detached",
                RewardedLaws::alikeWithin)
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                        !box.reads(Columns.REWARD) || OF_TOKENS.exists(box::reads),
                        () -> "it reads more of a token than its log-probs")),
        BoxLaw.of(
                "left-out-rewards",
                "A response that is left out for its reward is not compared with either",
                "dL/dlog π_i = 0 for R_i and R_i − 0.3 ⇒ no other slope moves",
                "a mean or a spread of all responses where that of those that stay is meant:"
                    + " rejected ones count in the baseline",
                RewardedLaws::leftOut)
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                        !box.reads(Columns.REWARD) || OF_TOKENS.exists(box::reads),
                        () -> "it reads more of a token than its log-probs")),
        BoxLaw.of(
                "reward-scale",
                "Rewards that are divided by their spread may be in whatever unit",
                "L(c·R) = L(R) for c = 4 and c = 1/4",
                "a number added to the spread that is as large as a spread, or rewards that are"
                    + " bounded, or shifted by a constant, before they are compared",
                RewardedLaws::scale)
            .within(GUARD, "1e-4 added to a spread of 0.05, of which a fourth is taken")
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                        box.reads(Columns.VALUE) || !divides(box, seen.within().isDefined()),
                        () -> "it is not seen to divide rewards by their spread")),
        BoxLaw.of(
                "advantage-estimate",
                "What it makes of rewards, where that is nearly a known estimator, is that one",
                "A ≈ (R − c)/s ⇒ A = (R − c)/s",
                "a bracket that is missing, or a mean or a spread of other responses",
                RewardedLaws::estimate)
            .within(
                1e-9, "another order of summation; a guard of a std that nobody has named, 2e-3")
            .on(Trial.Kind.ORDINARY)
            .unless(
                (box, seen) ->
                    Option.when(
                        seen.made().isEmpty(),
                        () -> "it is not seen to make advantages of rewards")));
  }

  private static Seq<Violation> shift(Question q, double tolerance) {
    if (!(q.answer() instanceof Answer.Numbers numbers) || !numbers.finite()) {
      return List.empty();
    }
    double[] rewards = q.batch().responses().get(Columns.REWARD).get();
    TensorBatch shifted = q.batch().withResponses(Columns.REWARD, row -> rewards[row] + 0.5);
    return Differing.between(
        "0.5 added to all rewards", numbers, q.box().of(shifted), tolerance * numbers.scale());
  }

  private static Seq<Violation> better(Question q, double tolerance) {
    TensorBatch batch =
        q.batch()
            .onPolicy()
            .with(Columns.REFERENCE_LOG_PROB, Columns.LOG_PROB)
            .with(Columns.VALUE, slot -> 0);
    double[] slopes = DirectionLaws.slopes(q.box(), batch);
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    if (slopes.length == 0) {
      return List.empty();
    }
    Seq<Integer> written =
        List.range(0, batch.rows())
            .filter(row -> batch.length(row) > 0)
            .filter(row -> slopes[row * batch.width()] != 0); // what is left out is not compared
    return written.flatMap(
        a ->
            written
                .filter(b -> batch.group()[a] == batch.group()[b] && rewards[a] > rewards[b] + 0.1)
                .filter(b -> !(slopes[a * batch.width()] <= slopes[b * batch.width()] + ROUNDING))
                .flatMap(
                    b ->
                        fact(
                            String.format(
                                Locale.ROOT,
                                "rewards %.4g and %.4g: slopes %.4g and %.4g",
                                rewards[a],
                                rewards[b],
                                slopes[a * batch.width()],
                                slopes[b * batch.width()]))));
  }

  /** Whether some slope is another where nothing is to be learnt. */
  private static boolean learns(BlackBox box) {
    return Probes.offPolicy(0.4)
        .exists(
            batch -> {
              double[] some = DirectionLaws.slopes(box, batch);
              double[] none = DirectionLaws.slopes(box, Probes.indifferent(box, batch));
              return some.length != none.length || apart(some, none) > ROUNDING;
            });
  }

  /** Whether rewards that are many times as large, or as small, leave its slopes about the same. */
  private static boolean divides(BlackBox box, boolean rewards) {
    return rewards && (alike(box, 2 * TIMES, 1) || alike(box, 1 / (2 * TIMES), 0.5));
  }

  private static boolean alike(BlackBox box, double factor, double most) {
    return Probes.offPolicy(0.4)
        .take(3)
        .forAll(
            any -> {
              TensorBatch batch = any.onPolicy();
              double[] here = DirectionLaws.slopes(box, batch);
              double[] there = DirectionLaws.slopes(box, times(batch, factor));
              return here.length > 0
                  && there.length == here.length
                  && apart(here, there) < most * size(here);
            });
  }

  private static TensorBatch times(TensorBatch batch, double factor) {
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    return batch.withResponses(Columns.REWARD, row -> factor * rewards[row]);
  }

  private static double apart(double[] x, double[] y) {
    return norm(x.length, i -> x[i] - y[i]);
  }

  private static double size(double[] x) {
    return norm(x.length, i -> x[i]);
  }

  private static double norm(int n, IntToDoubleFunction x) {
    return Math.sqrt(
        List.range(0, n).map(i -> Math.pow(x.applyAsDouble(i), 2)).sum().doubleValue());
  }

  private static Seq<Violation> alikeWithin(Question q, double tolerance) {
    TensorBatch batch = q.batch().onPolicy().with(Columns.REFERENCE_LOG_PROB, Columns.LOG_PROB);
    double[] slopes = DirectionLaws.slopes(q.box(), batch);
    return List.range(0, slopes.length)
        .filter(slot -> batch.mask()[slot] == 1 && slot % batch.width() > 0)
        .flatMap(
            slot -> {
              int first = slot / batch.width() * batch.width();
              return Violation.between(
                  "dL/dlog_prob[" + first + "] and [" + slot + "] of one response",
                  slopes[first],
                  slopes[slot],
                  1e-8 * (1 + Math.abs(slopes[first])));
            })
        .take(2);
  }

  private static Seq<Violation> leftOut(Question q, double tolerance) {
    TensorBatch batch = q.batch().onPolicy();
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    double[] slopes = DirectionLaws.slopes(q.box(), batch);
    return List.range(0, slopes.length == 0 ? 0 : batch.rows())
        .filter(row -> batch.length(row) > 0 && nothing(batch, slopes, row))
        .flatMap(
            row -> {
              double[] moved =
                  DirectionLaws.slopes(
                      q.box(),
                      batch.withResponses(Columns.REWARD, r -> rewards[r] - (r == row ? 0.3 : 0)));
              return moved.length == slopes.length && nothing(batch, moved, row)
                  ? List.range(0, slopes.length)
                      .flatMap(
                          slot ->
                              Violation.between(
                                  "dL/dlog_prob["
                                      + slot
                                      + "], the reward of response "
                                      + row
                                      + ", which has no slope, lower by 0.3",
                                  slopes[slot],
                                  moved[slot],
                                  1e-8))
                  : List.<Violation>empty();
            })
        .take(2);
  }

  /** Whether no token of a response is pushed. */
  private static boolean nothing(TensorBatch batch, double[] slopes, int row) {
    return List.range(row * batch.width(), (row + 1) * batch.width())
        .forAll(slot -> Math.abs(slopes[slot]) < ROUNDING);
  }

  private static Seq<Violation> scale(Question q, double tolerance) {
    double[] here = DirectionLaws.slopes(q.box(), q.batch());
    if (here.length == 0 || !spread(q.batch())) {
      return List.empty();
    }
    return List.of(TIMES, 1 / TIMES)
        .flatMap(
            c -> {
              double[] there = DirectionLaws.slopes(q.box(), times(q.batch(), c));
              return there.length == here.length && apart(here, there) > tolerance * size(here)
                  ? fact(
                      String.format(
                          Locale.ROOT,
                          "all rewards times %s: the slopes are others by %.3g of their length",
                          c,
                          apart(here, there) / size(here)))
                  : List.<Violation>empty();
            });
  }

  /** Whether the rewards to each prompt are equal, or differ by more than what is felt. */
  private static boolean spread(TensorBatch batch) {
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    return Arrays.stream(batch.group())
        .distinct()
        .allMatch(
            prompt -> {
              Seq<Double> own =
                  List.range(0, batch.rows())
                      .filter(row -> batch.group()[row] == prompt)
                      .map(row -> rewards[row]);
              double range = own.max().get() - own.min().get();
              return range == 0 || range > RANGE;
            });
  }

  /** A case that is treated apart may be one that the denominator leaves out. */
  private static final String APART = "but not where";

  private static Seq<Violation> estimate(Question q, double tolerance) {
    return q.seen()
        .made()
        .toList()
        .flatMap(one -> one.profile().reading())
        .reject(reading -> reading.named() || reading.words().contains(APART))
        .flatMap(reading -> fact("the advantage that it makes reads " + reading.words()));
  }
}
