package lossmith.report;

import com.samskivert.mustache.Mustache;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * Lines and dots over two axes, as SVG that needs no fonts of this machine, with the colours of a
 * dark page where the reader's is dark.
 *
 * @param title above it
 * @param across what the horizontal axis has, with the unit
 * @param up what the vertical axis has, with the unit
 * @param shades stretches of the horizontal axis that stand out, such as those that a clip leaves
 *     out
 * @param series what is drawn, at least one with a point
 */
public record Chart(
    String title, String across, String up, Seq<Stretch> shades, Seq<Series> series) {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 340;
  private static final double LEFT = 62;
  private static final double RIGHT = WIDTH - 14;
  private static final double TOP = 38;
  private static final double BOTTOM = HEIGHT - 50;
  private static final int TICKS = 6;
  private static final int LEGEND = 18;

  /** A stretch of the horizontal axis. */
  public record Stretch(double from, double to) {}

  /** What colour a series has. */
  public enum Kind {
    /** Of a positive advantage. */
    PLUS,
    /** Of a negative advantage. */
    MINUS,
    /** Of neither. */
    PLAIN
  }

  /**
   * Points that belong together.
   *
   * @param name in the legend
   * @param kind its colour
   * @param line whether the points are joined
   * @param points finite numbers, in the order in which they are joined
   */
  public record Series(String name, Kind kind, boolean line, Seq<Dot> points) {}

  /** A point. */
  public record Dot(double x, double y) {}

  /** The numbers of an axis, and where they are in the picture. */
  private record Scale(double low, double high, double from, double to) {
    static Scale of(Seq<Double> numbers, double from, double to) {
      double low = numbers.min().get();
      double high = numbers.max().get();
      double room = low == high ? Math.max(1, Math.abs(low)) : 0.04 * (high - low);
      return new Scale(low - room, high + room, from, to);
    }

    double at(double number) {
      double inside = Math.max(low, Math.min(high, number));
      return from + (inside - low) / (high - low) * (to - from);
    }

    /** About {@value #TICKS} round numbers. */
    Seq<BigDecimal> ticks() {
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
  }

  /** {@return charts from left to right, as SVG} */
  public static String svg(Seq<Chart> charts) {
    Map<String, Object> fields =
        LinkedHashMap.of(
            "width",
            charts.size() * WIDTH,
            "height",
            HEIGHT,
            "charts",
            charts.zipWithIndex((chart, at) -> chart.fields(at * WIDTH)).asJava());
    return Mustache.compiler()
        .compile(ResourceText.read("/lossmith/report/charts.svg.mustache"))
        .execute(fields.toJavaMap());
  }

  private java.util.Map<String, Object> fields(int at) {
    Seq<Dot> all = series.flatMap(Series::points);
    Scale x = Scale.of(all.map(Dot::x), LEFT, RIGHT);
    Scale y = Scale.of(all.map(Dot::y), BOTTOM, TOP);
    return LinkedHashMap.<String, Object>of(
            "at", at, "title", title, "acrossTitle", across, "upTitle", up)
        .put("middle", (LEFT + RIGHT) / 2)
        .put("centre", (TOP + BOTTOM) / 2)
        .put("left", LEFT)
        .put("right", RIGHT)
        .put("top", TOP)
        .put("bottom", BOTTOM)
        .put("below", BOTTOM + 17)
        .put("beside", LEFT - 6)
        .put("foot", BOTTOM + 38)
        .put("high", BOTTOM - TOP)
        .put("legend", LEFT + 10)
        .put("legendText", LEFT + 30)
        .put("shades", shades.map(one -> shade(one, x)).asJava())
        .put("across", ticks(x).asJava())
        .put("up", ticks(y).asJava())
        .put("series", series.zipWithIndex((one, index) -> fields(one, index, x, y)).asJava())
        .toJavaMap();
  }

  private static java.util.Map<String, Object> shade(Stretch stretch, Scale x) {
    double from = x.at(stretch.from);
    return java.util.Map.of("x", text(from), "wide", text(x.at(stretch.to) - from));
  }

  private static Seq<java.util.Map<String, Object>> ticks(Scale scale) {
    return scale
        .ticks()
        .map(
            tick ->
                java.util.Map.of(
                    "at",
                    text(scale.at(tick.doubleValue())),
                    "label",
                    tick.round(new MathContext(6)).stripTrailingZeros().toPlainString()));
  }

  private static java.util.Map<String, Object> fields(Series one, int index, Scale x, Scale y) {
    Seq<String> places =
        one.points.map(dot -> text(x.at(dot.x)) + " " + text(y.at(dot.y))).distinct();
    Seq<java.util.Map<String, String>> dots =
        places
            .map(place -> place.split(" ", -1))
            .map(pair -> java.util.Map.of("x", pair[0], "y", pair[1]));
    return java.util.Map.of(
        "name",
        one.name,
        "kind",
        one.kind.name().toLowerCase(Locale.ROOT),
        "line",
        one.line ? List.of("M" + places.mkString("L")).asJava() : java.util.List.of(),
        "dots",
        one.line ? java.util.List.of() : dots.asJava(),
        "legendAt",
        TOP + 8 + LEGEND * index);
  }

  private static String text(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
