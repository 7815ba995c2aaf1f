package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.math.BigDecimal;
import java.math.MathContext;

/** What a setting of a loss is. */
public sealed interface Setting {
  /** Not set. */
  record Unset() implements Setting {
    @Override
    public String toString() {
      return "None";
    }
  }

  /**
   * A switch.
   *
   * @param on whether it is on
   */
  record Switch(boolean on) implements Setting {
    @Override
    public String toString() {
      return on ? "True" : "False";
    }
  }

  /**
   * A number.
   *
   * @param value the number
   * @param whole whether it is written without a fraction
   */
  record Amount(double value, boolean whole) implements Setting {
    @Override
    public String toString() {
      return whole
          ? String.valueOf(Math.round(value))
          : value == 0
              ? "0"
              : plain(new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros());
    }

    private static String plain(BigDecimal rounded) {
      return rounded.abs().doubleValue() < 1e-3 ? rounded.toString() : rounded.toPlainString();
    }
  }

  /** {@return what it may be besides: nearer and farther, smaller and larger} */
  default Seq<Setting> others() {
    if (this instanceof Switch one) {
      return List.of(new Switch(!one.on));
    }
    if (!(this instanceof Amount amount)) {
      return List.of();
    }
    double x = amount.value;
    Seq<Double> all =
        x == 0
            ? List.of(1.0, 0.1, 0.5, 5.0)
            : List.of(x / 2, 2 * x, x + 1, 1 - x, x / 20, 20 * x, 0.5);
    return all.map(y -> amount.whole ? Math.rint(y) : y)
        .filter(y -> y != x && (x < 0 || y > 0))
        .distinct()
        .map(y -> new Amount(y, amount.whole));
  }
}
