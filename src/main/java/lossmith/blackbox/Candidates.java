package lossmith.blackbox;

import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.DoubleUnaryOperator;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/** What a loss may be: each objective under each conventions and each way to make a mean. */
final class Candidates {
  private final BlackBox box;
  private final Profile seen;

  Candidates(BlackBox box, Profile seen) {
    this.box = box;
    this.seen = seen;
  }

  /** An objective under some choices. */
  private record Variant(String words, Conventions conventions, int choices) {}

  /** Those of an objective that can be computed from what the loss reads; none twice. */
  Seq<Candidate> of(Recipe recipe) {
    Set<String> columns = box.columns();
    Seq<String> added = List.of(Columns.REFERENCE_LOG_PROB, Columns.ENTROPY).filter(box::reads);
    boolean plain = added.isEmpty() && seen.drift().isEmpty();
    if (named(recipe, columns).isEmpty()) {
      return List.empty();
    }
    return variants()
        .map(variant -> new Tuple2<>(variant, recipe.loss(variant.conventions)))
        .distinctBy(variant -> variant._2.fingerprint())
        .flatMap(variant -> of(recipe, variant._1, variant._2))
        .flatMap(
            one ->
                plain || added.exists(one.box()::reads)
                    ? List.of(one)
                    : List.of(one, one.with(withTerms(one.box()))));
  }

  private Seq<Candidate> of(Recipe recipe, Variant variant, Loss loss) {
    int size = Graph.below(loss.parts().mapValues(Term::node).values(), Node::children).size();
    return RecipeBox.of(recipe.name() + variant.words, loss, box.columns())
        .toList()
        .flatMap(
            one ->
                fitted(
                    one, new Candidate(one, recipe.name(), one.meaning(), variant.choices, size)));
  }

  private static Option<RecipeBox> named(Recipe recipe, Set<String> columns) {
    return RecipeBox.of(recipe.name(), recipe.loss(Conventions.paper()), columns);
  }

  /** The papers' own, and what else is chosen. */
  private static Seq<Variant> variants() {
    return Conventions.all().toList().flatMap(one -> variants(one._1, one._2));
  }

  private static Seq<Variant> variants(String name, Conventions conventions) {
    int chosen = name.equals("paper") ? 0 : 1;
    String under = " under " + name + "'s conventions";
    return List.of(Aggregation.values())
        .map(
            mean ->
                new Variant(under + ", " + words(mean), conventions.aggregating(mean), chosen + 1))
        .prepend(new Variant(chosen == 0 ? "" : under, conventions, chosen));
  }

  private static String words(Aggregation mean) {
    return mean.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** {@return an objective with the terms that are seen to be added} */
  AddedTerms withTerms(BlackBox one) {
    TokenWeight own = seen.weighing().map(Weighing::weight).getOrElse(TokenWeight.TOKEN_MEAN);
    return new AddedTerms(
        one,
        seen.penalty()
            .filter(Penalty::acts)
            .map(p -> new AddedTerms.Distant(p, seen.penaltyWeight().getOrElse(own)))
            .toList()
            .appendAll(
                seen.drift()
                    .map(p -> new AddedTerms.Distant(p, seen.driftWeight().getOrElse(own)))),
        seen.bonus().filter(b -> b != 0),
        seen.bonusWeight().getOrElse(own));
  }

  /** With the parameters that the loss is seen to have, and with those of the objective. */
  private Seq<Candidate> fitted(RecipeBox one, Candidate candidate) {
    return fits(one.parameters())
        .map(known -> candidate.with(set(one, known), known.size()))
        .prepend(candidate);
  }

  /** {@return the parameters of an objective that are seen to be others, each way to read them} */
  Seq<Map<String, Double>> fits(Map<String, Double> own) {
    return List.of(measured(x -> x - 1), measured(Math::log))
        .map(known -> other(own, known.merge(box.parameters())))
        .filter(Map::nonEmpty)
        .distinct();
  }

  /** Those that an objective has, and that are others. */
  private static Map<String, Double> other(Map<String, Double> own, Map<String, Double> known) {
    return known.filter((name, x) -> own.get(name).exists(y -> Math.abs(y - x) > 1e-9));
  }

  private static RecipeBox set(RecipeBox one, Map<String, Double> parameters) {
    return one.with(parameters)
        .named(one.name() + parameters.toList().map(Candidates::set).mkString());
  }

  private static String set(Tuple2<String, Double> parameter) {
    return ", " + parameter._1 + " = " + RatioShape.digits(parameter._2);
  }

  /**
   * The bounds that are seen, by the names that objectives give them.
   *
   * @param distance how they say where a ratio is: by its distance from 1, or by its logarithm
   */
  private Map<String, Double> measured(DoubleUnaryOperator distance) {
    Map<String, Double> found = LinkedHashMap.empty();
    for (double high : seen.rising().last().filter(x -> x > 1)) {
      found = found.put("clip_high", round(distance.applyAsDouble(high)));
    }
    for (double low : seen.falling().first().filter(x -> x < 1)) {
      found = found.put("clip_low", round(-distance.applyAsDouble(low)));
    }
    if (seen.rising().openBelow() && seen.falling().openBelow() && found.nonEmpty()) {
      found = found.put("clip_low", 1.0); // 1 − 1: nothing is bounded from below
    }
    for (double high : seen.falling().last().filter(x -> x > 1.5)) {
      found = found.put("dual_clip", round(high));
    }
    for (double bound : seen.rising().heldAbove().filter(x -> x < 1)) {
      // A bound on the weight that is meant as its distance from 1: nothing is bounded from below.
      found = found.put("clip_high", round(bound - 1)).put("clip_low", 1.0);
    }
    found = found.merge(temperature("tau_pos", seen.rising()));
    found = found.merge(temperature("tau_neg", seen.falling()));
    boolean sums = seen.weighing().exists(w -> w.weight() == TokenWeight.RESPONSE_SUM);
    for (double share : seen.weighing().map(Weighing::positive).filter(x -> sums && x > 0)) {
      found = found.put("max_length", round(1 / share));
    }
    return found;
  }

  /** The τ of a gate 4σ(τ(r − 1))/τ, from its slope where r is small: 4·σ'(τ(r − 1))·r. */
  private static Map<String, Double> temperature(String name, RatioShape shape) {
    return shape
        .smooth()
        .map(slope -> slope / (4 * RatioShape.LEAST))
        .filter(q -> q > 0 && q < 0.25)
        .map(q -> (1 - Math.sqrt(1 - 4 * q)) / 2)
        .map(s -> round(Math.log((1 - s) / s) / (1 - RatioShape.LEAST)))
        .map(tau -> LinkedHashMap.of(name, tau))
        .getOrElse(LinkedHashMap.empty());
  }

  /** A bound is told to six digits: people write fewer. */
  private static double round(double x) {
    return Math.round(x * 1e6) / 1e6;
  }
}
