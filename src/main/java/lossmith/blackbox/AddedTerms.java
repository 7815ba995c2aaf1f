package lossmith.blackbox;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Locale;
import lossmith.dsl.Columns;

/**
 * An objective with penalties for the distance to other policies and a bonus for entropy, each
 * token of which has a weight of its own.
 *
 * @param base the objective
 * @param penalties what is added for distances
 * @param bonus dloss/dentropy, relative to the weight of a token
 * @param bonusWeight what a token of it weighs
 */
record AddedTerms(
    BlackBox base, Seq<Distant> penalties, Option<Double> bonus, TokenWeight bonusWeight)
    implements BlackBox {
  /** What stands between an objective and what is added, in its name. */
  static final String AND = " + ";

  /**
   * A penalty for a distance.
   *
   * @param penalty its value and its slope need not be of one estimator
   * @param weight what a token of it weighs
   */
  record Distant(Penalty penalty, TokenWeight weight) {
    private boolean ofReference() {
      return penalty.column().equals(Columns.REFERENCE_LOG_PROB);
    }

    private String words() {
      return "a penalty"
          + (ofReference() ? "" : " for leaving what sampled")
          + " is added, "
          + penalty
          + ", as "
          + weight;
    }
  }

  @Override
  public String name() {
    return base.name()
        + penalties.map(p -> AND + p.penalty()).mkString()
        + bonus.map(b -> AND + b + "·entropy").getOrElse("");
  }

  @Override
  public Set<String> columns() {
    return base.columns()
        .addAll(penalties.map(one -> one.penalty().column()))
        .addAll(bonus.isDefined() ? HashSet.of(Columns.ENTROPY) : HashSet.empty());
  }

  @Override
  public boolean knowsWhole() {
    return base.knowsWhole();
  }

  @Override
  public Map<String, Double> parameters() {
    return base.parameters();
  }

  @Override
  public Answer of(TensorBatch batch, Set<String> trained, boolean single) {
    if (!(base.of(batch, trained, single) instanceof Answer.Numbers numbers)) {
      return base.of(batch, trained, single);
    }
    double loss = numbers.loss();
    double[] pulls = numbers.gradient(Columns.LOG_PROB, batch.size()).clone();
    double[] bonuses = new double[batch.size()];
    for (int slot = 0; slot < batch.size(); slot++) {
      if (batch.mask()[slot] == 1) {
        for (Distant one : penalties) {
          double w = one.weight().of(batch, slot / batch.width());
          double x = one.penalty().distance(batch, slot);
          loss += w * one.penalty().valueAt(x);
          pulls[slot] += w * one.penalty().slopeAt(x);
        }
        bonuses[slot] = bonusWeight.of(batch, slot / batch.width()) * bonus.getOrElse(0.0);
        loss += bonuses[slot] * batch.slots(Columns.ENTROPY)[slot];
      }
    }
    Map<String, double[]> gradients =
        numbers.gradients().put(Columns.LOG_PROB, pulls).put(Columns.ENTROPY, bonuses);
    return new Answer.Numbers(
        loss,
        gradients.filterValues(g -> Arrays.stream(g).anyMatch(x -> x != 0)),
        numbers.metrics(),
        numbers.changed(),
        numbers.graph());
  }

  /** {@return what is added, instead of nothing} */
  Seq<String> words() {
    String entropy = bonus.exists(b -> b < 0) ? "a bonus" : "a penalty";
    return penalties
        .map(Distant::words)
        .appendAll(
            bonus.map(
                b ->
                    String.format(
                        Locale.ROOT,
                        "%s for entropy is added, times %.4g, as %s",
                        entropy,
                        Math.abs(b),
                        bonusWeight)));
  }

  /** How many terms are added. */
  int count() {
    return penalties.size() + (bonus.isDefined() ? 1 : 0);
  }

  /** The terms that are added, to nothing. */
  AddedTerms alone() {
    return new AddedTerms(new Nothing(), penalties, bonus, bonusWeight);
  }

  /** An objective of which nothing is left: 0, with no slope. */
  private record Nothing() implements BlackBox {
    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public Set<String> columns() {
      return HashSet.empty();
    }

    @Override
    public boolean knowsWhole() {
      return false;
    }

    @Override
    public Map<String, Double> parameters() {
      return HashMap.empty();
    }

    @Override
    public Answer of(TensorBatch batch, Set<String> trained, boolean single) {
      return new Answer.Numbers(0, HashMap.empty(), HashMap.empty(), List.empty(), false);
    }
  }
}
