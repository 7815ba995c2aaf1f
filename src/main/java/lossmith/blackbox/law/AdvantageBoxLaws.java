package lossmith.blackbox.law;

import static lossmith.blackbox.law.BoxLaw.fact;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import lossmith.blackbox.AdvantageBox;
import lossmith.blackbox.AdvantageProfile;
import lossmith.blackbox.Rewarded;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;

/**
 * What advantages are, whoever makes them of rewards.
 *
 * <p>Long because each law stands beside the loop that checks it.
 */
public final class AdvantageBoxLaws {
  /** The law that one breaks which gives nothing. */
  static final String ANSWERS = "answers";

  /** Rewards of one prompt on which sums in float32 go wrong that need not. */
  private static final Seq<double[]> DELICATE =
      List.of(
          new double[] {0.1, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005},
          new double[] {0.7, 0.1, 0.1, 0.1},
          new double[] {100.1, 100.4, 100.2, 100.9},
          new double[] {-50.25, -50.5, -49.75, -50.125});

  private AdvantageBoxLaws() {}

  /** {@return their names} */
  public static Seq<String> names() {
    return all().map(AdvantageLaw::name);
  }

  static Seq<AdvantageLaw> all() {
    return List.of(
        AdvantageLaw.of(
            ANSWERS,
            "It gives a finite number for each token, or for each response, of every batch",
            "|A| < ∞",
            "a case that the code does not expect: an empty response, a prompt with one response,"
                + " or a spread of 0",
            AdvantageBoxLaws::answers),
        AdvantageLaw.of(
                "same-twice",
                "The same batch gives the same numbers twice",
                "A(x) = A(x)",
                "a random choice, or a state that is kept",
                (q, allowed) -> beside("again", q, q.box().of(q.batch()), 0, slot -> slot))
            .once(),
        AdvantageLaw.of(
            "inputs-unchanged",
            "No input is another afterwards",
            "x after = x before",
            "an operation in place (x[mask] = 0, sub_, clamp_): work on a copy",
            (q, allowed) ->
                List.ofAll(q.answer())
                    .flatMap(AdvantageBox.Given::changed)
                    .flatMap(name -> fact(name + " is another after the call"))),
        AdvantageLaw.of(
            "masked",
            "What stands in slots that do not count changes nothing",
            "A(x, m) = A(x', m) where x = x' wherever m = 1",
            "a sum or mean over all slots: multiply by the mask, and divide by its sum",
            (q, allowed) -> {
              double[] earned = q.batch().slots(Columns.TOKEN_REWARD);
              TensorBatch other = q.batch().masked(SlotLaws::garbage);
              return beside(
                  "other numbers in masked slots",
                  q,
                  q.box().of(other.with(Columns.TOKEN_REWARD, slot -> earned[slot])),
                  allowed,
                  slot -> slot);
            }),
        AdvantageLaw.of(
                "masked-rewards",
                "Not even a reward in a slot that does not count",
                "A(x, m) = A(x', m) where a reward of x' stands at m = 0",
                "a sum of token rewards over all slots: multiply by the mask",
                (q, allowed) ->
                    beside(
                        "other numbers in masked slots",
                        q,
                        q.box().of(q.batch().masked(SlotLaws::garbage)),
                        allowed,
                        slot -> slot))
            .unless(
                (box, seen) ->
                    Option.when(
                        !box.reads(Columns.TOKEN_REWARD), () -> "it reads no rewards of tokens")),
        AdvantageLaw.of(
            "padding",
            "More padding changes nothing",
            "A of width T = A of width T + 3",
            "the width of the tensor in a denominator: divide by the sum of the mask",
            AdvantageBoxLaws::padded),
        AdvantageLaw.of(
            "responses-reordered",
            "The order of responses changes nothing",
            "A(x permuted) = A(x) permuted",
            "groups found by position (view(-1, G)), or a shift along the batch",
            AdvantageBoxLaws::reordered),
        AdvantageLaw.of(
                "prompts-renumbered",
                "The numbers of prompts change nothing",
                "A(group) = A(7 − group)",
                "group ids taken for positions",
                (q, allowed) ->
                    beside(
                        "other ids of prompts",
                        q,
                        q.box().of(q.batch().renumbered(7)),
                        allowed,
                        slot -> slot))
            .unless(
                (box, seen) ->
                    Option.when(!box.reads(TensorBatch.GROUP), () -> "it reads no group")),
        AdvantageLaw.of(
                "own-prompt",
                "The rewards to another prompt change nothing",
                "A of a prompt = A of that prompt alone",
                "a mean or a spread over the batch in some case, such as where a prompt has one"
                    + " response",
                AdvantageBoxLaws::alone)
            .where(AdvantageProfile::own, "it compares with the whole batch, as is presumed"),
        AdvantageLaw.of(
                "zero-mean",
                "The advantages of a prompt add up to 0, each response counted once",
                "Σ_i A_i = 0 over the responses to a prompt",
                "a response that is alone keeps its reward: the difference to its own mean is 0",
                AdvantageBoxLaws::centred)
            .within(1e-6, "what is added to a spread before dividing")
            .where(AdvantageProfile::centred, "it is not seen to do so, as is presumed"),
        AdvantageLaw.of(
                "reward-shift",
                "A constant added to all rewards of a prompt changes nothing",
                "A(R + c) = A(R)",
                "a response that is alone keeps its reward, or a mean over the batch where that of"
                    + " the prompt is meant",
                AdvantageBoxLaws::shifted)
            .within(1e-6, "what is added to a spread before dividing")
            .where(AdvantageProfile::within, "it compares no rewards within a prompt"),
        AdvantageLaw.of(
                "better-is-no-lower",
                "Of two responses to a prompt the better one has no lower advantage",
                "R_i > R_j ⇒ A_i ≥ A_j",
                "a sign, or advantages of other rows",
                AdvantageBoxLaws::better)
            .where(AdvantageProfile::alike, "it differs from token to token"),
        AdvantageLaw.of(
                "bounded-by-responses",
                "What is divided by the spread of a prompt is never larger than its number of"
                    + " responses",
                "|A| ≤ n, as (R − mean)/std is at most √(n − 1)",
                "a spread that is not that of the rewards it divides, such as of the others alone:"
                    + " where these are equal, rounding divides",
                AdvantageBoxLaws::bounded)
            .where(
                seen -> seen.unitless() && seen.within() && seen.alike(),
                "it is divided by no spread of a prompt, as is presumed"),
        AdvantageLaw.of(
                "float32",
                "float32 gives what float64 gives, up to its rounding",
                "A32 ≈ A64, for rewards such as 0.1 beside 0.005, or about 100",
                "a difference of large numbers that are nearly equal (E[x²] − E[x]²): subtract the"
                    + " mean first",
                AdvantageBoxLaws::single)
            .within(0.02, "float32 rounds 100.4 at 4e-6, beside differences of 0.1")
            .once(),
        AdvantageLaw.of(
                "response-estimate",
                "What is nearly a known estimator is that one, under some convention",
                "A ≈ (R − c)/s ⇒ A = (R − c)/s",
                "a mean of other responses, another divisor, or a case that is treated apart",
                (q, allowed) ->
                    List.ofAll(q.seen().reading())
                        .reject(one -> one.named())
                        .flatMap(one -> fact("the advantage reads " + one.words())))
            .within(
                1e-9, "another order of summation; a guard of a std that nobody has named, 2e-3")
            .once(),
        AdvantageLaw.of(
                SettingLaws.ACT,
                "Each setting that is read or was given changes the advantages of some batch",
                "∂A/∂setting ≠ 0 somewhere",
                "it is read and not used, or its name is misspelt",
                (q, allowed) -> q.effects().get().dead().flatMap(BoxLaw::fact))
            .once()
            .unless(
                (box, seen) ->
                    Option.when(box.settings().isEmpty(), () -> "it is seen to read no settings")));
  }

  private static Seq<Integer> counted(TensorBatch batch) {
    return List.range(0, batch.size()).filter(slot -> batch.mask()[slot] == 1);
  }

  private static Seq<Violation> answers(AdvantageQuestion q, double tolerance) {
    return q.answer()
        .fold(
            BoxLaw::fact,
            given ->
                counted(q.batch())
                    .filter(slot -> !Double.isFinite(given.slots()[slot]))
                    .flatMap(slot -> fact("A[" + slot + "] = " + given.slots()[slot])));
  }

  private static double largest(TensorBatch batch, double[] a) {
    return counted(batch).map(slot -> Math.abs(a[slot])).max().getOrElse(0.0);
  }

  /** Where another answer differs, slot by slot; a slot below 0 is not there. */
  private static Seq<Violation> beside(
      String what,
      AdvantageQuestion q,
      Either<String, AdvantageBox.Given> other,
      double tolerance,
      IntUnaryOperator place) {
    if (q.answer().isLeft()) {
      return List.empty();
    }
    double[] a = q.answer().get().slots();
    double allowed = tolerance * (1 + largest(q.batch(), a));
    return other.fold(
        text -> fact(what + ": " + text),
        given ->
            counted(q.batch())
                .filter(slot -> place.applyAsInt(slot) >= 0 && Double.isFinite(a[slot]))
                .flatMap(
                    slot ->
                        Violation.between(
                            "A[" + slot + "], " + what,
                            a[slot],
                            given.slots()[place.applyAsInt(slot)],
                            allowed)));
  }

  private static Seq<Violation> padded(AdvantageQuestion q, double tolerance) {
    TensorBatch batch = q.batch();
    int width = batch.width();
    int wide = width + 3;
    int[][] from =
        IntStream.range(0, batch.rows())
            .mapToObj(
                row ->
                    IntStream.range(0, wide).map(t -> t < width ? row * width + t : -1).toArray())
            .toArray(int[][]::new);
    return beside(
        "three slots more a row",
        q,
        q.box().of(batch.arranged(from, batch.all())),
        tolerance,
        slot -> slot / width * wide + slot % width);
  }

  private static Seq<Violation> reordered(AdvantageQuestion q, double tolerance) {
    TensorBatch batch = q.batch();
    int[] taken = IntStream.range(0, batch.rows()).map(row -> batch.rows() - 1 - row).toArray();
    return beside(
        "rows in reverse",
        q,
        q.box().of(batch.arranged(batch.places(taken), taken)),
        tolerance,
        slot -> (batch.rows() - 1 - slot / batch.width()) * batch.width() + slot % batch.width());
  }

  /** Each prompt with its rewards, where the others have other ones. */
  private static Seq<Violation> alone(AdvantageQuestion q, double tolerance) {
    TensorBatch batch = q.batch();
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    return List.ofAll(Arrays.stream(batch.group()).distinct().boxed().toList())
        .flatMap(
            prompt ->
                beside(
                    "other rewards to other prompts",
                    q,
                    q.box()
                        .of(
                            Rewarded.with(
                                batch,
                                row ->
                                    batch.group()[row] == prompt
                                        ? rewards[row]
                                        : 0.7 - rewards[row] + 0.2 * row)),
                    tolerance,
                    slot -> batch.group()[slot / batch.width()] == prompt ? slot : -1));
  }

  private static Seq<Violation> centred(AdvantageQuestion q, double tolerance) {
    TensorBatch batch = q.batch();
    boolean whole = List.range(0, batch.rows()).forAll(row -> batch.length(row) > 0);
    return whole
        ? List.ofAll(q.answer())
            .map(AdvantageBox.Given::slots)
            .filter(a -> Double.isFinite(largest(batch, a)))
            .flatMap(
                a ->
                    AdvantageProfile.sums(batch, a)
                        .flatMap(
                            sum ->
                                Violation.between(
                                    "Σ A of a prompt",
                                    sum,
                                    0,
                                    tolerance * (1 + largest(batch, a)))))
        : List.empty(); // a response without tokens has no slot to stand in
  }

  private static Seq<Violation> shifted(AdvantageQuestion q, double tolerance) {
    double[] rewards = q.batch().responses().get(Columns.REWARD).get();
    TensorBatch moved = Rewarded.with(q.batch(), row -> rewards[row] + 0.5);
    return lost(q)
        ? List.empty()
        : beside("0.5 added to all rewards", q, q.box().of(moved), tolerance, slot -> slot);
  }

  /** Whether a reward has no token to stand at. */
  private static boolean lost(AdvantageQuestion q) {
    return !q.box().reads(Columns.REWARD)
        && List.range(0, q.batch().rows()).exists(row -> q.batch().length(row) == 0);
  }

  private static Seq<Violation> better(AdvantageQuestion q, double tolerance) {
    TensorBatch batch = q.batch();
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    Seq<Integer> written = List.range(0, batch.rows()).filter(row -> batch.length(row) > 0);
    return List.ofAll(q.answer())
        .map(AdvantageBox.Given::slots)
        .flatMap(
            a ->
                written.flatMap(
                    i ->
                        written
                            .filter(j -> batch.group()[i] == batch.group()[j])
                            .filter(j -> rewards[i] > rewards[j])
                            .filter(j -> value(batch, a, i) < value(batch, a, j) - tolerance)
                            .flatMap(
                                j ->
                                    fact(
                                        String.format(
                                            Locale.ROOT,
                                            "rewards %.4g and %.4g: advantages %.4g and %.4g",
                                            rewards[i],
                                            rewards[j],
                                            value(batch, a, i),
                                            value(batch, a, j))))));
  }

  private static double value(TensorBatch batch, double[] a, int row) {
    return a[AdvantageProfile.first(batch, row)];
  }

  private static Seq<Violation> bounded(AdvantageQuestion q, double tolerance) {
    return List.of(true, false)
        .flatMap(
            single ->
                DELICATE
                    .map(Rewarded::prompt)
                    .append(q.batch())
                    .flatMap(batch -> large(q, batch, single)))
        .take(3);
  }

  private static Seq<Violation> large(AdvantageQuestion q, TensorBatch batch, boolean single) {
    return List.ofAll(q.box().of(batch, single, LinkedHashMap.empty()))
        .map(AdvantageBox.Given::slots)
        .flatMap(
            a ->
                List.range(0, batch.rows())
                    .filter(row -> batch.length(row) > 0)
                    .filter(row -> Math.abs(value(batch, a, row)) > members(batch, row).size())
                    .filter(row -> members(batch, row).size() > 1)
                    .flatMap(
                        row ->
                            fact(
                                String.format(
                                    Locale.ROOT,
                                    "A = %.6g in %s, of the rewards %s",
                                    value(batch, a, row),
                                    single ? "float32" : "float64",
                                    members(batch, row).mkString(", ")))))
        .take(1);
  }

  /** The rewards to the prompt of a response. */
  private static Seq<Double> members(TensorBatch batch, int row) {
    double[] rewards = batch.responses().get(Columns.REWARD).get();
    return List.range(0, batch.rows())
        .filter(other -> batch.group()[other] == batch.group()[row])
        .map(other -> rewards[other]);
  }

  private static Seq<Violation> single(AdvantageQuestion q, double tolerance) {
    return DELICATE
        .map(Rewarded::prompt)
        .append(q.batch())
        .flatMap(
            batch -> {
              AdvantageQuestion asked =
                  new AdvantageQuestion(q.box(), q.seen(), q.effects(), batch, q.box().of(batch));
              return beside(
                      "in float32, of the rewards "
                          + members(batch, 0).map(x -> (float) (double) x).mkString(", "),
                      asked,
                      q.box().of(batch, true, LinkedHashMap.empty()),
                      tolerance,
                      slot -> slot)
                  .take(1);
            });
  }
}
