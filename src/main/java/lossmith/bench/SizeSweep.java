package lossmith.bench;

import io.vavr.collection.Seq;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * Something measured at growing sizes, all else as it was.
 *
 * @param name what was measured
 * @param axis what grew
 * @param unit of what was measured
 * @param points what was measured at each size
 */
public record SizeSweep(String name, String axis, String unit, Seq<Point> points) {
  /**
   * A size and what was measured there.
   *
   * @param size the size
   * @param measured the number
   */
  public record Point(int size, double measured) {}

  /** Measures at each size. */
  static SizeSweep of(
      String name, String axis, String unit, Seq<Integer> sizes, IntToDoubleFunction measure) {
    return new SizeSweep(
        name, axis, unit, sizes.map(size -> new Point(size, measure.applyAsDouble(size))));
  }

  /** The slope of the logarithm of what was measured by that of the size, by least squares. */
  double exponent() {
    double x = points.map(p -> Math.log(p.size())).average().get();
    double y = points.map(p -> Math.log(p.measured())).average().get();
    double together =
        points
            .map(p -> (Math.log(p.size()) - x) * (Math.log(p.measured()) - y))
            .sum()
            .doubleValue();
    double alone = points.map(p -> Math.pow(Math.log(p.size()) - x, 2)).sum().doubleValue();
    return together / alone;
  }

  /** How it grows. */
  Figure growth() {
    return Figure.plain(name + ", growth with " + axis, exponent(), "exponent", said());
  }

  /** The largest less the smallest. */
  Figure spread() {
    double most = points.map(Point::measured).max().get();
    double least = points.map(Point::measured).min().get();
    return Figure.plain(name + ", most less least by " + axis, most - least, unit, said());
  }

  private String said() {
    return points
        .map(p -> String.format(Locale.ROOT, "%d: %.1f %s", p.size(), p.measured(), unit))
        .mkString(", ");
  }
}
