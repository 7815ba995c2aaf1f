package lossmith.score;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Function;

/**
 * A number of a score.
 *
 * @param name its key in JSON, CSV and Markdown
 * @param head what the table, which has less room, calls it
 * @param share whether it is a share, which readers see as a percentage
 * @param of the number, if the score has it
 */
public record ScoreColumn(
    String name, String head, boolean share, Function<Score, Option<Double>> of) {
  /** All, in the order of the table. */
  public static final Seq<ScoreColumn> ALL =
      List.of(
          number("loss", "loss", score -> Option.some(score.loss())),
          share("below", "below", Score::below),
          share("above", "above", Score::above),
          share("clip_fraction_low", "clip frac low", Score::clipFractionLow),
          share("clip_fraction_high", "clip frac high", Score::clipFractionHigh),
          number("kl", "KL", score -> Option.some(score.kl())),
          number("gradient_norm", "|grad|", Score::gradientNorm),
          share("zero_gradient", "zero grad", Score::zeroGradient),
          number("entropy", "entropy", Score::entropy),
          number("forecast_natural", "dH natural", Score::forecastNatural),
          number("forecast_logits", "dH logits", Score::forecastLogits));

  private static ScoreColumn number(String name, String head, Function<Score, Option<Double>> of) {
    return new ScoreColumn(name, head, false, of);
  }

  private static ScoreColumn share(String name, String head, Function<Score, Option<Double>> of) {
    return new ScoreColumn(name, head, true, of);
  }

  /** {@return whether the number is none that floating point holds} */
  public boolean overflows(Score score) {
    return of.apply(score).exists(x -> !Double.isFinite(x));
  }

  /** {@return names of columns, with commas between, as the table calls them} */
  public static String heads(String names) {
    return List.of(names.split(", ", -1))
        .map(one -> ALL.find(c -> c.name.equals(one)).map(ScoreColumn::head).getOrElse(one))
        .mkString(", ");
  }
}
