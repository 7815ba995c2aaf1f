package lossmith.proofs.independent.parts;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.proofs.independent.loops.Oracle;
import lossmith.proofs.independent.loops.PlainBatch;
import lossmith.proofs.independent.parts.AdvantageLoops.Expected;
import lossmith.proofs.independent.parts.ReductionLoops.Reduced;
import lossmith.proofs.independent.parts.RewardLoops.Earned;
import lossmith.proofs.independent.parts.SurrogateLoops.Raised;
import org.jspecify.annotations.Nullable;

/**
 * How parts are put together, as loops: L = −reduce(Π w · surrogate(advantage(reward))) + Σ β
 * reduce(regulariser), everything over the tokens that all selections keep; where a kind is not
 * named, its first part stands.
 */
public final class CompositionLoops implements Oracle {
  private static final Map<String, Earned> REWARDS = RewardLoops.all();
  private static final Map<String, Expected> ADVANTAGES = AdvantageLoops.all();
  private static final Map<String, Raised> SURROGATES = SurrogateLoops.all();
  private static final Map<String, WeightLoops.Weight> WEIGHTS = WeightLoops.all();
  private static final Map<String, SelectionLoops.Kept> SELECTIONS = SelectionLoops.all();
  private static final Map<String, Reduced> REDUCTIONS = ReductionLoops.all();

  private final Map<String, RegulariserLoops.Cost> regularisers;
  private final Seq<String> names;

  /**
   * A composition.
   *
   * @param names of its parts
   * @param divergence the name by which KL(π‖π_ref) is fed
   */
  public CompositionLoops(Seq<String> names, String divergence) {
    this.names = names;
    this.regularisers = RegulariserLoops.all(divergence);
  }

  /** The names of all parts that loops are written for. */
  public static Seq<String> known() {
    return List.of(REWARDS, ADVANTAGES, SURROGATES, WEIGHTS, SELECTIONS, REDUCTIONS)
        .flatMap(Map::keySet)
        .appendAll(RegulariserLoops.all("").keySet());
  }

  /** Whether it trains the value head in addition to the policy. */
  public boolean criticised() {
    return names.exists(name -> regularisers.get(name).exists(RegulariserLoops.Cost::critic));
  }

  @Override
  public double[] summands(PlainBatch live, PlainBatch detached) {
    Scene s = new Scene(live, detached);
    double[] r = one(REWARDS).of(s);
    double[] x = one(SURROGATES).of(s, one(ADVANTAGES).of(s, r));
    for (WeightLoops.Weight weight : every(WEIGHTS)) {
      double[] w = weight.of(s);
      Arrays.setAll(x, t -> x[t] * w[t]);
    }
    double[] kept = kept(s);
    double[] all = scaled(one(REDUCTIONS).of(s, x, kept), -1);
    for (String name : names.filter(regularisers::containsKey)) {
      RegulariserLoops.Cost cost = regularisers.get(name).get();
      double beta = s.set(name, "beta_" + name, cost.coefficient());
      double[] more = scaled(one(REDUCTIONS).of(s, cost.each().of(s), kept), beta);
      double[] both = Arrays.copyOf(all, all.length + more.length);
      System.arraycopy(more, 0, both, all.length, more.length);
      all = both;
    }
    return all;
  }

  private double @Nullable [] kept(Scene s) {
    Seq<SelectionLoops.Kept> all = every(SELECTIONS);
    if (all.isEmpty()) {
      return null;
    }
    double[] kept = s.tokens(t -> 1);
    for (SelectionLoops.Kept selection : all) {
      double[] yes = selection.of(s);
      Arrays.setAll(kept, t -> Math.min(kept[t], yes[t]));
    }
    return kept;
  }

  private static double[] scaled(double[] x, double factor) {
    return Arrays.stream(x).map(a -> factor * a).toArray();
  }

  private <F> F one(Map<String, F> kind) {
    return every(kind).headOption().getOrElse(() -> kind.head()._2);
  }

  private <F> Seq<F> every(Map<String, F> kind) {
    return List.ofAll(kind.filterKeys(names::contains).values());
  }
}
