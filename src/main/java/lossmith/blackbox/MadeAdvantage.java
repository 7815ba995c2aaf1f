package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.proofs.estimator.EstimateReading;

/**
 * The advantages that a loss makes itself: what multiplies the score of each token on the policy,
 * without what its denominators make of it. Of a loss that is given advantages there are none.
 *
 * @param box the loss
 * @param weight what a token weighs
 * @param parameters the numbers that the loss has, and what it is seen to discount by
 */
public record MadeAdvantage(BlackBox box, TokenWeight weight, Map<String, Double> parameters)
    implements AdvantageBox {
  /**
   * What an advantage of ±1 is for the rewards 1 and −1 of a pair: normalised or centred, of one
   * that leaves itself out, and by a std with ddof 1.
   */
  private static final Seq<Double> UNITS = List.of(1.0, 2.0, Math.sqrt(0.5), Math.sqrt(2));

  private static final double CLOSE = 1e-3;

  /**
   * What is seen of them.
   *
   * @param advantage the advantages
   * @param profile what is seen
   */
  public record Seen(MadeAdvantage advantage, AdvantageProfile profile) {}

  /**
   * {@return the advantages of a loss, if it makes them of rewards and a known weight multiplies
   * them; where several weights fit, that under which they are a known estimator}
   */
  static Option<Seen> of(BlackBox box) {
    if (box.reads(TensorBatch.ADVANTAGE)
        || !(box.reads(Columns.REWARD) || box.reads(Columns.TOKEN_REWARD))) {
      return Option.none();
    }
    Seq<Seen> all =
        Weighing.all(box)
            .filter(MadeAdvantage::plain)
            .map(Weighing::weight)
            .map(weight -> new MadeAdvantage(box, weight, box.parameters()).discounting())
            .map(made -> new Seen(made, AdvantageProfile.of(made)))
            .filter(seen -> seen.profile.answers());
    return all.find(seen -> seen.profile.reading().exists(EstimateReading::named))
        .orElse(all.find(seen -> seen.profile.reading().isDefined()))
        .orElse(all.headOption());
  }

  /** Whether nothing else multiplies what it weighs. */
  private static boolean plain(Weighing one) {
    return Weighing.near(one.positive(), one.negative())
        && UNITS.exists(unit -> Math.abs(one.positive() - unit) < CLOSE);
  }

  /**
   * The same with what it may discount by: γλ is what of a reward comes to the token before, γ − γλ
   * what of a value does; where the next value is taken of the same token its own slope is γ − 1.
   */
  private MadeAdvantage discounting() {
    if (!box.reads(Columns.TOKEN_REWARD)) {
      return this;
    }
    TensorBatch batch =
        Probes.indifferent(box, Probes.onPolicy(new int[] {3, 3}, new int[] {0, 0}, 0, 1));
    double both = moved(batch, Columns.TOKEN_REWARD, 1, 0);
    Seq<Double> gammas =
        List.of(both + moved(batch, Columns.VALUE, 1, 0), 1 + moved(batch, Columns.VALUE, 0, 0))
            .prepend(both);
    Seq<Double> all =
        gammas
            .flatMap(gamma -> List.of(gamma, both / gamma))
            .map(x -> Math.round(x * 1e9) / 1e9)
            .filter(x -> x > 0 && x <= 1)
            .distinct();
    return new MadeAdvantage(
        box,
        weight,
        all.zipWithIndex().foldLeft(parameters, (to, x) -> to.put("discount " + x._2, x._1)));
  }

  /** How far an advantage moves with a number of a slot. */
  private double moved(TensorBatch batch, String column, int by, int of) {
    double[] numbers = batch.slots(column);
    double[] before = AdvantageProfile.numbers(this, batch);
    double[] after =
        AdvantageProfile.numbers(
            this, batch.with(column, slot -> numbers[slot] + (slot == by ? 1 : 0)));
    return after[of] - before[of];
  }

  @Override
  public String name() {
    return box.name();
  }

  @Override
  public Set<String> columns() {
    return box.columns();
  }

  @Override
  public Settings settings() {
    return Settings.NONE; // what they change is asked of the loss
  }

  @Override
  public Either<String, Given> of(TensorBatch any, boolean single, Map<String, Setting> moved) {
    TensorBatch batch = whole(any).onPolicy();
    Answer answer = box.of(batch, BlackBox.TRAINED.intersect(box.columns()), single);
    Answer nothing =
        box.of(Probes.indifferent(box, batch), BlackBox.TRAINED.intersect(box.columns()), single);
    if (!(answer instanceof Answer.Numbers numbers) || !(nothing instanceof Answer.Numbers rest)) {
      Answer failed = answer instanceof Answer.Failure ? answer : nothing;
      return Either.left(((Answer.Failure) failed).text());
    }
    double[] slopes = numbers.gradient(Columns.LOG_PROB, batch.size());
    double[] other = rest.gradient(Columns.LOG_PROB, batch.size());
    double[] a = new double[batch.size()];
    Arrays.setAll(
        a,
        slot ->
            batch.mask()[slot] == 1
                ? -(slopes[slot] - other[slot]) / weight.of(batch, slot / batch.width())
                : 0);
    return Either.right(new Given(a, false, List.empty()));
  }

  private static final Seq<String> OF_BATCH =
      List.of(
          TensorBatch.GROUP,
          TensorBatch.BATCH_TOKENS,
          TensorBatch.BATCH_RESPONSES,
          Columns.RESPONSE_MASK);

  /** With the columns of a policy, where a batch has rewards alone. */
  private TensorBatch whole(TensorBatch any) {
    TensorBatch batch = any;
    for (String column :
        box.columns().removeAll(OF_BATCH).addAll(List.of(Columns.TOKEN_REWARD, Columns.VALUE))) {
      if (column.equals(Columns.FINISHED)) {
        batch = batch.responses().containsKey(column) ? batch : batch.withResponses(column, r -> 1);
      } else if (!column.equals(Columns.REWARD) && !batch.slots().containsKey(column)) {
        double x =
            Columns.LOG_PROBS.contains(column) ? -1 : column.equals(Columns.ENTROPY) ? 0.7 : 0;
        batch = batch.with(column, slot -> x);
      }
    }
    return batch;
  }
}
