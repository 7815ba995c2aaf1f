package lossmith.report;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The numbers of an axis, and where they are in a picture.
 *
 * @param low the least number
 * @param high the largest, above the least
 * @param from where the least is
 * @param to where the largest is
 * @param logarithmic whether equal factors are equally far apart
 */
record ChartScale(double low, double high, double from, double to, boolean logarithmic) {
  private static final int TICKS = 6;
  private static final int DIGITS = 6;

  /** Below and above this, powers of ten are written as such. */
  private static final double SMALL = 1e-4;

  private static final double LARGE = 1e6;

  /**
   * {@return a scale that has some numbers}
   *
   * @param room how much it is longer than they need, at each end, as a share of their stretch
   */
  static ChartScale of(
      Seq<Double> numbers, boolean logarithmic, double room, double from, double to) {
    Seq<Double> places = logarithmic ? numbers.map(Math::log10) : numbers;
    double low = places.min().get();
    double high = places.max().get();
    double wide =
        low == high ? (logarithmic ? 1 : Math.max(1, Math.abs(low))) : room * (high - low);
    return logarithmic
        ? new ChartScale(Math.pow(10, low - wide), Math.pow(10, high + wide), from, to, true)
        : new ChartScale(low - wide, high + wide, from, to, false);
  }

  private double place(double number) {
    return logarithmic ? Math.log10(number) : number;
  }

  /** {@return where a number is; one outside is at the end} */
  double at(double number) {
    double inside = Math.max(low, Math.min(high, number));
    return from + (place(inside) - place(low)) / (place(high) - place(low)) * (to - from);
  }

  /** {@return about {@value #TICKS} round numbers} */
  Seq<BigDecimal> ticks() {
    return logarithmic ? powers() : steps();
  }

  private Seq<BigDecimal> steps() {
    BigDecimal power =
        BigDecimal.ONE.scaleByPowerOfTen((int) Math.floor(Math.log10((high - low) / TICKS)));
    BigDecimal step =
        List.of(1, 2, 5, 10)
            .map(factor -> power.multiply(BigDecimal.valueOf(factor)))
            .find(one -> (high - low) / one.doubleValue() <= TICKS + 1)
            .getOrElse(power);
    long first = (long) Math.ceil(low / step.doubleValue());
    long last = (long) Math.floor(high / step.doubleValue());
    return List.rangeClosed(first, last).map(n -> step.multiply(BigDecimal.valueOf(n)));
  }

  /** Powers of ten, with 2 and 5 times each where there is room, or as few of them as fit. */
  private Seq<BigDecimal> powers() {
    int first = (int) Math.floor(place(low));
    int last = (int) Math.ceil(place(high));
    Seq<BigDecimal> fine =
        List.rangeClosed(first, last)
            .flatMap(
                power -> List.of(1, 2, 5).map(n -> BigDecimal.valueOf(n).scaleByPowerOfTen(power)))
            .filter(tick -> tick.doubleValue() >= low && tick.doubleValue() <= high);
    if (fine.size() <= TICKS + 1) {
      return fine.size() < 2 ? steps().filter(tick -> tick.signum() > 0) : fine;
    }
    int every = 1 + (last - first) / TICKS;
    return List.rangeBy(first, last + 1, every)
        .map(BigDecimal.ONE::scaleByPowerOfTen)
        .filter(tick -> tick.doubleValue() >= low && tick.doubleValue() <= high);
  }

  /** {@return a tick in few letters} */
  static String label(BigDecimal tick) {
    double size = tick.abs().doubleValue();
    BigDecimal rounded = tick.round(new MathContext(DIGITS)).stripTrailingZeros();
    if (size == 0 || (size >= SMALL && size < LARGE)) {
      return rounded.toPlainString();
    }
    int power = rounded.precision() - rounded.scale() - 1;
    return rounded.scaleByPowerOfTen(-power).stripTrailingZeros().toPlainString() + "e" + power;
  }
}
