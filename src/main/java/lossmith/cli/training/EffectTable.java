package lossmith.cli.training;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.console.TextTable;
import lossmith.lab.Comparison.Effect;
import lossmith.metric.HeldOut;
import lossmith.report.PageTable;

/**
 * What compared runs came to: for a terminal a line for each effect, for a page a line for each
 * number.
 *
 * @param effects number after number, each of all objectives in one order
 * @param notes a sentence about each run that sampled fewer tokens than it was to
 */
public record EffectTable(Seq<Effect> effects, Seq<String> notes) {
  private static final Seq<String> HEAD =
      List.of("at the end", "seeds", "mean", "difference", "95% low", "95% high");

  private static final Map<String, String> WORDS =
      HashMap.of(
          "actor/entropy", "entropy, nats per token",
          "response_length/mean", "tokens per response",
          "training/tokens", "tokens sampled");

  private static final String NOTE =
      "Differences to the first objective within each seed; intervals are 95 %, Student's t over"
          + " seeds. Entropy and length are means over the last tenth of the steps.";

  /** The table, and what its numbers are. */
  public String text() {
    return TextTable.of(effects.map(EffectTable::row).prepend(HEAD))
        + told()
        + System.lineSeparator();
  }

  private String told() {
    return notes.prepend(NOTE).mkString(" ");
  }

  private static Seq<String> row(Effect effect) {
    Option<Double> difference = effect.difference();
    return List.of(
        effect.number() + ", " + effect.recipe(),
        String.valueOf(effect.seeds()),
        TextTable.number(effect.mean()),
        TextTable.number(difference),
        TextTable.number(difference.flatMap(d -> effect.margin().map(m -> d - m))),
        TextTable.number(difference.flatMap(d -> effect.margin().map(m -> d + m))));
  }

  /** {@return a line for each number, with a column for each objective} */
  public PageTable page() {
    Seq<String> recipes = effects.map(Effect::recipe).distinct();
    Seq<Seq<String>> rows =
        effects
            .map(Effect::number)
            .distinct()
            .map(
                number ->
                    recipes
                        .map(
                            recipe ->
                                effects
                                    .find(
                                        one ->
                                            one.number().equals(number)
                                                && one.recipe().equals(recipe))
                                    .map(EffectTable::cell)
                                    .getOrElse("–"))
                        .prepend(told(number)));
    return new PageTable(
        "Effects at the end",
        recipes.tail().map(one -> one + " − " + recipes.head()).prepend(recipes.head()).prepend(""),
        rows,
        told());
  }

  /** A measurement on held-out prompts without its place in the files, others in words. */
  private static String told(String number) {
    return HeldOut.is(number)
        ? "held-out "
            + HeldOut.number(number).replace("reward/mean@", "reward, mean of ").replace('_', ' ')
        : WORDS.getOrElse(number, number);
  }

  private static String cell(Effect effect) {
    return effect
        .difference()
        .map(
            difference ->
                PageTable.number(difference)
                    + effect
                        .margin()
                        .map(margin -> PageTable.interval(difference - margin, difference + margin))
                        .getOrElse(""))
        .getOrElse(() -> PageTable.number(effect.mean()));
  }
}
