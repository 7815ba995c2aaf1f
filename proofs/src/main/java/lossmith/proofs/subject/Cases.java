package lossmith.proofs.subject;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Range;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;

/** The cases of an objective: batches with all that it reads, its statistics of the rows too. */
final class Cases {
  private final UnaryOperator<Samples> batches;
  private final boolean paired;
  private final OwnColumns own;
  private final Map<String, Node> statistics;
  private final Set<String> columns;

  Cases(Loss loss, UnaryOperator<Samples> batches) {
    this.batches = batches;
    Random any = new Random(1);
    this.paired = OwnColumns.reads(loss).exists(input -> input.name().equals(Columns.SIGN));
    Trial.Kind kind = Trial.Kind.ORDINARY;
    Samples batch = batch(any, kind);
    this.own =
        new OwnColumns(loss, Trials.others(with(policy(batch), batch, HashMap.empty()), any, kind));
    Samples plain = narrowed(batch, kind);
    Samples base = with(policy(plain), plain, HashMap.empty());
    Samples whole = Trials.others(base, any, kind);
    Set<String> known = whole.columns().addAll(whole.grids());
    this.statistics = StatisticsSplit.of(loss, known).statistics();
    this.columns = known.addAll(statistics.keySet());
  }

  /** The names of its columns and grids. */
  Set<String> columns() {
    return columns;
  }

  /** The names of what it reads of the rows. */
  Set<String> statistics() {
    return statistics.keySet();
  }

  /** A case as it comes. */
  Trial draw(long seed, Trial.Kind kind, Random random, Map<String, Range> parameters) {
    Map<String, Double> values = Trials.parameters(random, kind, parameters);
    Samples plain = narrowed(batch(random, kind), kind);
    Samples any = whole(plain, values);
    Samples whole = finite(any) ? any : whole(possible(plain), values);
    return new Trial(seed, kind, Trials.others(whole, random, kind), values);
  }

  private Samples whole(Samples plain, Map<String, Double> values) {
    return with(statistics, with(policy(plain), plain, values), values);
  }

  /** Every entry can be sampled: what could not be is as unlikely as the least likely other. */
  private static Samples possible(Samples samples) {
    Samples all = samples;
    for (Grid logits : samples.grid(BoundLoss.LOGITS)) {
      double[] least = new double[logits.rows()];
      Arrays.setAll(
          least,
          row ->
              IntStream.range(0, logits.width())
                  .mapToDouble(v -> logits.get(row, v))
                  .filter(Double::isFinite)
                  .min()
                  .orElse(0));
      all =
          samples.with(
              BoundLoss.LOGITS,
              new Grid(
                  logits.rows(),
                  logits.width(),
                  (row, v) -> Math.max(least[row], logits.get(row, v))));
    }
    return all;
  }

  /** A statistic that is infinite, such as KL(U‖π) with a logit at −inf, is no finite input. */
  static boolean finite(Samples samples) {
    return samples
        .columns()
        .forAll(name -> Arrays.stream(samples.column(name).get()).allMatch(Double::isFinite));
  }

  /** The columns drawn for this objective alone, with the domain of each. */
  Map<String, String> own() {
    return own.inWords();
  }

  private Samples batch(Random random, Trial.Kind kind) {
    return paired ? Trials.pairs(random, kind) : Trials.samples(random, kind);
  }

  private Samples narrowed(Samples batch, Trial.Kind kind) {
    return batches.apply(own.in(batch, kind));
  }

  private static Map<String, Node> policy(Samples samples) {
    Set<String> grids = samples.grids();
    return HashMap.of(
        Columns.LOG_PROB, BoundLoss.term(Terms.logProb(), Surface.LOGITS, grids),
        Columns.ENTROPY, BoundLoss.term(Terms.entropy(), Surface.LOGITS, grids));
  }

  private static Samples with(
      Map<String, Node> statistics, Samples samples, Map<String, Double> parameters) {
    Samples all = samples;
    for (var statistic : statistics) {
      double[] values = new Reference(all, parameters).of(statistic._2);
      all = all.with(statistic._1, Level.Name.TOKEN, values);
    }
    return all;
  }
}
