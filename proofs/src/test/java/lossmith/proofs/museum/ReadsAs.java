package lossmith.proofs.museum;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.value;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Terms;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.advantage.Gae;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;

/**
 * An exhibit that is itself a right objective: without a word of its author, nobody can tell.
 *
 * @param exhibit its name
 * @param what the objective that it is, in words
 * @param loss that objective
 * @param parameters those that are not at their default, such as bounds that never bite
 */
record ReadsAs(String exhibit, String what, Loss loss, Map<String, Double> parameters) {
  /** Bounds that no ratio of a drawn batch reaches. */
  private static final Map<String, Double> UNBOUNDED =
      HashMap.of("clip_low", 1.0, "clip_high", 100.0);

  private static ReadsAs of(String exhibit, String what, Loss loss) {
    return new ReadsAs(exhibit, what, loss, HashMap.empty());
  }

  private static ReadsAs of(String exhibit, String parts) {
    return of(exhibit, parts, loss(Composition.of(parts)));
  }

  private static ReadsAs part(String exhibit, Recipe recipe, String part, String coefficient) {
    return new ReadsAs(
        exhibit,
        "the part " + part + " of " + recipe.name(),
        Terms.minimise(loss(recipe).parts().get(part).get()),
        HashMap.of(coefficient, 1.0));
  }

  private static Loss loss(Recipe recipe) {
    return recipe.loss(Conventions.paper());
  }

  /** γ = 0.9 and λ = 0. */
  private static Loss oneStep() {
    var a = Gae.of(Terms.given(Columns.TOKEN_REWARD, TOKEN), value().stopGradient(), 0.9, 0);
    return Terms.maximise(logProb().times(a).mean(ALL_TOKENS));
  }

  /** Those whose value and gradient are the named objective's in every case. */
  static Seq<ReadsAs> all() {
    return List.of(
        of("token-mean-of-a-micro-batch", "token-mean"),
        of("accumulated-samples-are-averaged", "sequence-mean-token-mean"),
        of("aggregation-that-is-ignored", "sequence-mean-token-mean"),
        of("group-mean-for-token-mean", "group-mean"),
        of("sum-for-mean", "token-sum"),
        of("std-of-all-prompts", "log-prob+batch-scaled"),
        part("likelihood-of-local-correct-tokens", Recipes.get("vapo-nll"), "nll", "nll_coef"),
        part("k3-for-the-reverse-divergence", Composition.of("k3"), "k3", "beta_k3"),
        part("reverse-gradient-of-the-estimate", Composition.of("k3"), "k3", "beta_k3"),
        of("swapped-policies", "distil-reverse-kl", loss(Recipes.get("distil-reverse-kl"))),
        of("recurrence-of-itself", "the error of one step, GAE with λ = 0", oneStep()),
        of("divergences-exchanged", "distil-reverse-kl", loss(Recipes.get("distil-reverse-kl"))),
        new ReadsAs(
            "responses-that-are-not-counted",
            "token-sum, over a parameter",
            loss(Composition.of("token-sum")),
            HashMap.of("width", 1.0)),
        new ReadsAs(
            "geo-mean-per-micro-batch",
            "sequence-clip with bounds that never bite",
            loss(Composition.of("sequence-clip+sequence-mean-token-mean")),
            UNBOUNDED));
  }

  /** Those that are another system's convention, or lack the word that would give them away. */
  static Map<String, String> byConvention() {
    return HashMap.of(
        "std-plus-a-ten-thousandth",
        "TRL's epsilon beside the std",
        "product-for-geometric-mean",
        "the ratio of a response by the sum of its log-ratios, as TRL has it too",
        "sequence-ratio-over-padding",
        "GSPO's ratio of a batch that has no mask: no mask is named",
        "reward-for-return",
        "the error of one step without what follows, GAE with γ = 0",
        "preference-without-its-reference",
        "CPO's preference term, which has no reference",
        "loss-that-is-overwritten",
        "imitation of the chosen responses",
        "summed-for-averaged-in-ipo",
        "IPO as its paper prints it",
        "single-response-keeps-its-reward",
        "group-normalised advantages, with verl's rule for a response that is alone",
        "normalised-twice",
        "advantages that are whitened over the batch, as REINFORCE++ has them");
  }
}
