package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Problem;
import lossmith.recipes.control.AdaptiveEntropy;
import lossmith.recipes.control.AdaptiveKl;

/**
 * What moves coefficients of the objective from step to step.
 *
 * @param kl the parameter that follows the divergence from the reference, and how
 * @param entropy the parameter that follows the entropy of the policy, and how
 */
public record Controllers(Option<Moved<AdaptiveKl>> kl, Option<Moved<AdaptiveEntropy>> entropy) {
  /**
   * A parameter and the rule that moves it.
   *
   * @param parameter its name
   * @param rule the controller
   */
  public record Moved<R>(String parameter, R rule) {}

  /** {@return no controller} */
  public static Controllers none() {
    return new Controllers(Option.none(), Option.none());
  }

  /**
   * {@return what cannot be moved: a parameter that the objective lacks, a divergence from nothing}
   */
  public Seq<Problem> problems(Trainable objective) {
    Seq<String> known = objective.loss().parameters().map(parameter -> parameter.name());
    Seq<Problem> unknown =
        names()
            .reject(known::contains)
            .map(
                name ->
                    Problem.of(
                        "controller",
                        name + ", no parameter of " + objective.name(),
                        known.isEmpty() ? "an objective with parameters" : known.mkString(", "),
                        "a coefficient of that list"));
    return kl.isDefined() && !objective.readsReference()
        ? unknown.append(
            Problem.of(
                "controller",
                objective.name() + ", which reads no reference, with --adaptive-kl",
                "an objective that reads ref_log_prob",
                "such as grpo-kl, or no --adaptive-kl"))
        : unknown;
  }

  private Seq<String> names() {
    return kl.map(Moved::parameter).toList().appendAll(entropy.map(Moved::parameter));
  }

  /** The coefficients before the first step: their values, within what the rules allow. */
  Map<String, Double> initial(Trainable objective, Map<String, Double> given) {
    Map<String, Double> values =
        names()
            .foldLeft(
                LinkedHashMap.empty(),
                (all, name) ->
                    all.put(
                        name,
                        given.getOrElse(
                            name,
                            objective
                                .loss()
                                .parameters()
                                .find(parameter -> parameter.name().equals(name))
                                .map(parameter -> parameter.range().initial())
                                .getOrElse(0.0))));
    return entropy
        .toList()
        .foldLeft(
            values,
            (all, one) ->
                all.put(
                    one.parameter(),
                    Math.max(
                        one.rule().low(),
                        Math.min(one.rule().high(), all.getOrElse(one.parameter(), 0.0)))));
  }

  /**
   * The coefficients of the next step.
   *
   * @param now those of this step
   * @param divergence from the reference, a mean over the tokens, in nats
   * @param entropy a mean over the tokens, in nats
   * @param samples how many responses they were measured on
   */
  Map<String, Double> next(
      Map<String, Double> now, double divergence, double entropy, int samples) {
    Map<String, Double> next = now;
    for (Moved<AdaptiveKl> one : kl) {
      next =
          next.computeIfPresent(
                  one.parameter(), (name, value) -> one.rule().next(value, divergence, samples))
              ._2;
    }
    for (Moved<AdaptiveEntropy> one : this.entropy) {
      next =
          next.computeIfPresent(one.parameter(), (name, value) -> one.rule().next(value, entropy))
              ._2;
    }
    return next;
  }

  /** What the objective is given: the entropy's coefficient counts only below its target. */
  Map<String, Double> applied(Map<String, Double> now, double entropy) {
    Map<String, Double> applied = now;
    for (Moved<AdaptiveEntropy> one : this.entropy) {
      applied =
          applied.computeIfPresent(
                  one.parameter(), (name, value) -> one.rule().applied(value, entropy))
              ._2;
    }
    return applied;
  }
}
