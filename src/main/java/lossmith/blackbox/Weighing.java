package lossmith.blackbox;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Locale;
import lossmith.dsl.Columns;

/**
 * What each token's score is multiplied by on the policy itself, beside its advantage.
 *
 * @param weight where its denominators stand
 * @param positive what multiplies that of tokens with a positive advantage
 * @param negative the same of tokens with a negative one
 */
public record Weighing(TokenWeight weight, double positive, double negative) {
  private static final double CLOSE = 1e-6;

  /** What is added to a std of 1 is not told of a weight. */
  private static final double GUARD = 3e-6;

  /** The factor of a token with an advantage of 1 or −1. */
  record Found(TensorBatch batch, int row, double sign, double factor) {}

  /** {@return the way to divide that fits on all batches, if one does} */
  static Option<Weighing> of(BlackBox box) {
    Seq<Weighing> fits = all(box);
    return fits.find(fit -> near(fit.positive, 1) && near(fit.negative, 1))
        .orElse(fits.find(fit -> near(fit.positive, fit.negative)))
        .orElse(fits.headOption());
  }

  /** {@return all ways to divide that fit on all batches} */
  static Seq<Weighing> all(BlackBox box) {
    boolean prompts = box.reads(TensorBatch.ADVANTAGE);
    Seq<TensorBatch> batches =
        prompts ? Probes.unequal().appendAll(Probes.ragged()) : Probes.unequal();
    Seq<Found> found = batches.flatMap(batch -> factors(box, batch)).toVector();
    return List.of(TokenWeight.values()).flatMap(weight -> fit(weight, found));
  }

  private static Option<Weighing> fit(TokenWeight weight, Seq<Found> found) {
    Map<Double, Double> factors = HashMap.empty();
    for (Found one : found) {
      double k = one.factor / weight.of(one.batch, one.row);
      Option<Double> known = factors.get(one.sign);
      if (!Double.isFinite(k) || known.exists(other -> !near(other, k))) {
        return Option.none();
      }
      factors = factors.put(one.sign, k);
    }
    Map<Double, Double> all = factors;
    return Option.when(
        all.size() == 2, () -> new Weighing(weight, all.get(1.0).get(), all.get(-1.0).get()));
  }

  /**
   * {@return for each token of a batch whose advantages are 1 and −1 what multiplies its score: the
   * slope on the policy itself, without what it is where nothing is to be learnt}
   */
  static Seq<Found> factors(BlackBox box, TensorBatch any) {
    TensorBatch batch = valued(box, any.onPolicy());
    double[] policy = slopes(box, batch);
    double[] rest = slopes(box, Probes.indifferent(box, batch));
    boolean earns = box.reads(Columns.TOKEN_REWARD) && !box.reads(TensorBatch.ADVANTAGE);
    double[] signs =
        box.reads(TensorBatch.ADVANTAGE)
            ? batch.slots(TensorBatch.ADVANTAGE)
            : new double[batch.size()];
    if (!box.reads(TensorBatch.ADVANTAGE)) {
      double[] rewards = batch.responses().get(Columns.REWARD).get();
      Arrays.setAll(signs, slot -> rewards[slot / batch.width()]);
    }
    return List.range(0, batch.size())
        .filter(slot -> batch.mask()[slot] == 1 && signs[slot] != 0)
        .filter(slot -> !earns || batch.slots(Columns.TOKEN_REWARD)[slot] != 0)
        .map(
            slot ->
                new Found(
                    batch,
                    slot / batch.width(),
                    Math.signum(signs[slot]),
                    -(policy[slot] - rest[slot]) / signs[slot]));
  }

  /**
   * Nothing is expected where a loss makes its own advantages: at the last token of a response,
   * where its reward stands, that is then its advantage.
   */
  private static TensorBatch valued(BlackBox box, TensorBatch batch) {
    return box.reads(TensorBatch.ADVANTAGE) ? batch : batch.with(Columns.VALUE, slot -> 0);
  }

  private static double[] slopes(BlackBox box, TensorBatch batch) {
    if (box.of(batch) instanceof Answer.Numbers numbers) {
      return numbers.gradient(Columns.LOG_PROB, batch.size());
    }
    double[] none = new double[batch.size()];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  /**
   * {@return what a token weighs in a term that is added: its slopes where nothing is to be learnt
   * and each token is as far from the reference}
   *
   * @param box the loss
   * @param from whose log-probs are away from the policy's
   * @param column by which the slopes are
   * @param first what it weighs elsewhere, which is asked first
   */
  static Option<TokenWeight> ofAdded(
      BlackBox box, String from, String column, Option<TokenWeight> first) {
    Seq<Found> found =
        Probes.unequal()
            .map(batch -> Probes.indifferent(box, batch.onPolicy()))
            .flatMap(batch -> added(box, batch, from, column))
            .toVector();
    return found.forAll(one -> one.factor == 0)
        ? Option.none()
        : first
            .toList()
            .appendAll(List.of(TokenWeight.values()))
            .find(weight -> alone(weight, found));
  }

  private static Seq<Found> added(BlackBox box, TensorBatch batch, String from, String column) {
    TensorBatch away = batch.with(from, slot -> batch.slots(Columns.LOG_PROB)[slot] - DISTANCE);
    return box.of(away) instanceof Answer.Numbers numbers
        ? List.range(0, batch.size())
            .filter(slot -> batch.mask()[slot] == 1)
            .map(
                slot ->
                    new Found(
                        batch,
                        slot / batch.width(),
                        1,
                        numbers.gradient(column, batch.size())[slot]))
        : List.empty();
  }

  private static final double DISTANCE = 0.35;

  private static boolean alone(TokenWeight weight, Seq<Found> found) {
    Seq<Double> all = found.map(one -> one.factor / weight.of(one.batch, one.row));
    return all.forAll(x -> near(x, all.head()));
  }

  /** {@return whether what a token weighs does not depend on padding or on the longest response} */
  public boolean fair() {
    return weight.fair();
  }

  static boolean near(double x, double y) {
    return Math.abs(x - y) <= CLOSE * Math.max(Math.abs(x), Math.abs(y));
  }

  @Override
  public String toString() {
    return weight
        + (near(positive, negative)
            ? (Math.abs(positive - 1) < GUARD
                ? ""
                : String.format(Locale.ROOT, ", times %.5g", positive))
            : String.format(
                Locale.ROOT,
                ", times %.5g where the advantage is positive and %.5g where it is negative",
                positive,
                negative));
  }
}
