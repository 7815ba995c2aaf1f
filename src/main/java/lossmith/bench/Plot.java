package lossmith.bench;

import io.vavr.collection.Seq;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A plot of a sweep and of linear growth; axes are logarithmic, the vertical one only if all
 * numbers are positive.
 */
public final class Plot {
  private static final Color BLUE = new Color(0x1f5fa8);

  private Plot() {}

  /** {@return the name of a sweep's picture} */
  public static String file(SizeSweep sweep) {
    return (sweep.name() + " by " + sweep.axis()).replace(' ', '-') + ".svg";
  }

  /** {@return a sweep as SVG} */
  public static byte[] svg(SizeSweep sweep) {
    XYChart chart =
        new XYChartBuilder()
            .width(640)
            .height(420)
            .title(sweep.name() + " by " + sweep.axis())
            .xAxisTitle(sweep.axis())
            .yAxisTitle(sweep.unit())
            .build();
    chart
        .getStyler()
        .setLegendPosition(Styler.LegendPosition.InsideNW)
        .setChartBackgroundColor(Color.WHITE);
    Seq<SizeSweep.Point> points = sweep.points();
    boolean positive = points.forAll(point -> point.measured() > 0);
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(positive);
    double first = points.head().measured() / points.head().size();
    XYSeries linear = series(chart, "linear", points, points.map(p -> first * p.size()));
    linear.setMarker(SeriesMarkers.NONE);
    linear.setLineStyle(SeriesLines.DASH_DASH).setLineColor(Color.GRAY);
    XYSeries measured = series(chart, "measured", points, points.map(SizeSweep.Point::measured));
    measured.setMarker(SeriesMarkers.CIRCLE);
    measured.setMarkerColor(BLUE);
    measured.setLineColor(BLUE);
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static XYSeries series(
      XYChart chart, String name, Seq<SizeSweep.Point> points, Seq<Double> numbers) {
    return chart.addSeries(name, points.map(SizeSweep.Point::size).asJava(), numbers.asJava());
  }
}
