package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.report.Chart;

/**
 * A plot of a sweep and of linear growth; axes are logarithmic, the vertical one only if all
 * numbers are positive.
 */
public final class Plot {
  private Plot() {}

  /** {@return the name of a sweep's picture} */
  public static String file(SizeSweep sweep) {
    return (sweep.name() + " by " + sweep.axis()).replace(' ', '-') + ".svg";
  }

  /** {@return a sweep as SVG} */
  public static String svg(SizeSweep sweep) {
    Seq<SizeSweep.Point> points = sweep.points();
    double first = points.head().measured() / points.head().size();
    Seq<Chart.Dot> linear = points.map(p -> new Chart.Dot(p.size(), first * p.size()));
    Seq<Chart.Dot> measured = points.map(p -> new Chart.Dot(p.size(), p.measured()));
    boolean positive = points.forAll(point -> point.measured() > 0);
    return Chart.svg(
        List.of(
            new Chart(
                sweep.name() + " by " + sweep.axis(),
                new Chart.Axis(sweep.axis(), true),
                new Chart.Axis(sweep.unit(), positive),
                List.empty(),
                List.of(
                    new Chart.Series("linear", Chart.Kind.PLAIN, true, linear),
                    new Chart.Series("measured", Chart.Kind.PLUS, true, measured),
                    new Chart.Series("", Chart.Kind.PLUS, false, measured)))));
  }
}
