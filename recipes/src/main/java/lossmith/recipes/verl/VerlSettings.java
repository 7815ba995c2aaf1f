package lossmith.recipes.verl;

import io.vavr.control.Option;
import java.util.Map;
import lossmith.dsl.Clip;
import lossmith.dsl.Problem;

/**
 * verl's settings under verl's names.
 *
 * @param values numbers, texts and flags by name; one that is not set is absent
 */
public record VerlSettings(Map<String, Object> values) {
  /** {@return the number of that name, or another where it is not set} */
  public double number(String name, double otherwise) {
    return number(name).getOrElse(otherwise);
  }

  /** {@return the number of that name, if it is set} */
  Option<Double> number(String name) {
    return setting(name, Number.class, "a number").map(Number::doubleValue);
  }

  private <T> Option<T> setting(String name, Class<T> type, String expected) {
    Option<Object> given = Option.of(values.get(name));
    if (given.exists(value -> !type.isInstance(value))) {
      throw Problem.of(name, given.get().toString(), expected, expected).exception();
    }
    return given.map(type::cast);
  }

  /** {@return the text of that name, or the number as text, if it is set} */
  public Option<String> text(String name) {
    return Option.of(values.get(name)).map(String::valueOf);
  }

  /** {@return whether the name is set to true} */
  public boolean flag(String name) {
    return setting(name, Boolean.class, "true or false").getOrElse(false);
  }

  /**
   * {@return the bounds of a ratio: 1 − {@code clip_ratio_low} and 1 + {@code clip_ratio_high},
   * each {@code clip_ratio} where it is not set, 0.2 where that is not set either}
   */
  Clip trustRegion() {
    return Clip.around(low(), high());
  }

  /** {@return what the lower bound lies below its middle} */
  double low() {
    return number("clip_ratio_low", number("clip_ratio", 0.2));
  }

  /** {@return what the upper bound lies above its middle} */
  double high() {
    return number("clip_ratio_high", number("clip_ratio", 0.2));
  }
}
