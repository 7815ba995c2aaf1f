package lossmith.blackbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.blackbox.SameNumbers.Agreement;
import lossmith.dsl.Columns;
import lossmith.dsl.data.Samples;
import lossmith.proofs.estimator.EstimateNumbers;
import lossmith.proofs.estimator.EstimateReading;

/**
 * What a function that makes advantages is seen to do.
 *
 * @param reading which estimator it reads as; nothing where it is like none that is known
 * @param part the part of the catalogue that makes the same to the last digit, if one was sought
 *     and does
 * @param perResponse whether it gives one number per response
 * @param alike whether all tokens of a response have the same
 * @param centred whether those of a prompt add up to 0, each response counted once
 * @param within whether a constant added to the rewards of a prompt changes nothing
 * @param own whether the rewards to other prompts change nothing
 * @param unitless whether all rewards times a number change nothing
 * @param answers whether it gives a finite number for any ordinary batch: of one that does not
 *     there is nothing to see
 */
public record AdvantageProfile(
    Option<EstimateReading> reading,
    Option<String> part,
    boolean perResponse,
    boolean alike,
    boolean centred,
    boolean within,
    boolean own,
    boolean unitless,
    boolean answers) {
  /** What is added to a std, relative to one of rewards of size 1. */
  private static final double GUARD = 1e-3;

  private static final double ROUNDING = 1e-7;

  /** {@return what is seen} */
  public static AdvantageProfile of(AdvantageBox box) {
    Seq<TensorBatch> batches = Rewarded.ordinary();
    Seq<double[]> given = batches.map(batch -> numbers(box, batch));
    boolean answers =
        batches
            .zip(given)
            .exists(pair -> counted(pair._1).forAll(slot -> Double.isFinite(pair._2[slot])));
    if (!answers) {
      return new AdvantageProfile(
          Option.none(), Option.none(), false, false, false, false, false, false, false);
    }
    return new AdvantageProfile(
        reading(box),
        Option.none(),
        box.of(batches.head()).exists(AdvantageBox.Given::perResponse),
        all(batches, given, AdvantageProfile::alike),
        all(batches, given, (batch, a) -> sums(batch, a).forAll(x -> Math.abs(x) < ROUNDING)),
        unmoved(box, batches, batch -> row -> 0.5 * (1 + batch.group()[row]), ROUNDING),
        unmoved(box, batches, batch -> row -> batch.group()[row] == 0 ? 0 : 0.3 * row, ROUNDING),
        scaled(box, batches),
        true);
  }

  /** {@return what is seen, with the part of the catalogue that makes the same} */
  public static AdvantageProfile identified(AdvantageBox box) {
    AdvantageProfile seen = of(box);
    Option<String> part = seen.answers ? SameAdvantages.of(box) : Option.none();
    return new AdvantageProfile(
        seen.reading,
        part,
        seen.perResponse,
        seen.alike,
        seen.centred,
        seen.within,
        seen.own,
        seen.unitless,
        seen.answers);
  }

  private static boolean all(
      Seq<TensorBatch> batches,
      Seq<double[]> given,
      BiFunction<TensorBatch, double[], Boolean> test) {
    return batches.zip(given).forAll(pair -> test.apply(pair._1, pair._2));
  }

  /** A of each slot that counts, not a number elsewhere and where it gives none. */
  static double[] numbers(AdvantageBox box, TensorBatch batch) {
    double[] a = new double[batch.size()];
    Arrays.fill(a, Double.NaN);
    return box.of(batch).map(AdvantageBox.Given::slots).getOrElse(a);
  }

  private static boolean alike(TensorBatch batch, double[] a) {
    return counted(batch)
        .forAll(slot -> near(a[slot], a[first(batch, slot / batch.width())], ROUNDING));
  }

  private static Seq<Integer> counted(TensorBatch batch) {
    return List.range(0, batch.size()).filter(slot -> batch.mask()[slot] == 1);
  }

  /** The first token of a response. */
  public static int first(TensorBatch batch, int row) {
    return IntStream.range(row * batch.width(), (row + 1) * batch.width())
        .filter(slot -> batch.mask()[slot] == 1)
        .findFirst()
        .orElse(-1);
  }

  /** {@return the sum of A over the responses of each prompt that have tokens} */
  public static Seq<Double> sums(TensorBatch batch, double[] a) {
    return List.range(0, batch.rows())
        .filter(row -> batch.length(row) > 0)
        .groupBy(row -> batch.group()[row])
        .values()
        .map(rows -> rows.map(row -> a[first(batch, row)]).sum().doubleValue())
        .toList();
  }

  /** Whether nothing moves at the first prompt where rewards are moved. */
  private static boolean unmoved(
      AdvantageBox box,
      Seq<TensorBatch> batches,
      Function<TensorBatch, IntToDoubleFunction> by,
      double tolerance) {
    return batches.forAll(
        batch -> {
          double[] rewards = batch.responses().get(Columns.REWARD).get();
          IntToDoubleFunction move = by.apply(batch);
          double[] moved =
              numbers(box, Rewarded.with(batch, row -> rewards[row] + move.applyAsDouble(row)));
          double[] a = numbers(box, batch);
          return counted(batch)
              .filter(slot -> batch.group()[slot / batch.width()] == 0)
              .forAll(slot -> near(a[slot], moved[slot], tolerance));
        });
  }

  private static boolean scaled(AdvantageBox box, Seq<TensorBatch> batches) {
    return batches.forAll(
        batch -> {
          double[] rewards = batch.responses().get(Columns.REWARD).get();
          double[] moved = numbers(box, Rewarded.with(batch, row -> 8 * rewards[row]));
          double[] a = numbers(box, batch);
          return counted(batch).forAll(slot -> near(a[slot], moved[slot], GUARD));
        });
  }

  private static boolean near(double x, double y, double tolerance) {
    return Math.abs(x - y) <= tolerance * (1 + Math.abs(x));
  }

  private static Option<EstimateReading> reading(AdvantageBox box) {
    Seq<Double> constants = List.ofAll(box.parameters().values());
    Option<EstimateReading> responses =
        box.reads(Columns.VALUE)
            ? Option.none()
            : EstimateNumbers.ofResponses(samples -> tokens(box, samples, true), constants);
    boolean earned = box.reads(Columns.TOKEN_REWARD);
    return earned && !responses.exists(EstimateReading::named)
        ? EstimateNumbers.ofTokens(samples -> tokens(box, samples, false), constants)
            .orElse(responses)
        : responses;
  }

  /** A of each token; where rewards are of responses, that of each is at its last token. */
  private static double[] tokens(AdvantageBox box, Samples samples, boolean ofResponses) {
    TensorBatch all = TensorBatch.of(samples, 1);
    TensorBatch batch = ofResponses ? Rewarded.of(all) : all;
    double[] a = numbers(box, batch);
    boolean lost =
        !box.reads(Columns.REWARD) && Arrays.stream(samples.lengths()).anyMatch(n -> n == 0);
    return counted(batch)
        .toJavaStream()
        .mapToDouble(slot -> lost ? Double.NaN : a[slot]) // its reward has no token to stand at
        .toArray();
  }

  /** {@return each thing that was asked and what was seen} */
  public Map<String, String> words() {
    return answers
        ? LinkedHashMap.of(
            "the advantage",
            reading.map(AdvantageProfile::words).getOrElse("like none of the known estimators"),
            "what is given",
            perResponse
                ? "a number per response"
                : alike
                    ? "a number per token, the same for all of a response"
                    : "a number per token",
            "the comparison",
            (within || centred
                    ? "within a prompt"
                    : own ? "with no other reward" : "with other prompts too")
                + (unitless ? ", in whatever unit" : ""))
        : LinkedHashMap.empty();
  }

  private static String words(EstimateReading reading) {
    return reading.named()
        ? "equal to " + reading.words()
        : reading.words().replaceFirst("^as ", "like ");
  }

  /** {@return the same for a program to read} */
  public ObjectNode json(ObjectMapper mapper) {
    ObjectNode root = mapper.createObjectNode();
    words().forEach(root.putObject("seen")::put);
    part.forEach(name -> root.put("part", name));
    for (EstimateReading one : reading) {
      root.put(one.named() ? "equal" : "nearest", one.words());
    }
    return root;
  }

  private static String nearly(EstimateReading reading) {
    return reading.within() <= Agreement.EXACT.most()
        ? Agreement.EXACT.toString()
        : reading.within() <= Agreement.GUARDED.most()
            ? Agreement.GUARDED.toString()
            : "up to "
                + reading.within()
                + ", which a guard of the std makes that nobody has named";
  }

  @Override
  public String toString() {
    return reading
            .map(one -> (one.named() ? "equal " + nearly(one) + ": " : "") + one.words())
            .getOrElse(
                answers
                    ? "none of the known estimators gives these numbers, nor is one near"
                    : "it gives no number on any ordinary batch")
        + part.map(name -> "\n  the same as the part " + name).getOrElse("");
  }
}
