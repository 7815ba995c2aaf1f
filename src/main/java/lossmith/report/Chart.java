package lossmith.report;

import com.samskivert.mustache.Mustache;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Locale;

/**
 * Lines and dots over two axes, as SVG that needs no fonts of this machine, with the colours of a
 * dark page where the reader's is dark.
 *
 * @param title above it
 * @param across the horizontal axis
 * @param up the vertical axis
 * @param shades stretches of the horizontal axis that stand out, such as those that a clip leaves
 *     out
 * @param series what is drawn, at least one with a point
 */
public record Chart(String title, Axis across, Axis up, Seq<Stretch> shades, Seq<Series> series) {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 360;
  private static final double LEFT = 78;
  private static final double RIGHT = WIDTH - 14;
  private static final double TOP = 58;
  private static final double BOTTOM = HEIGHT - 50;
  private static final double ROOM = 0.04;
  private static final int MOST_ABREAST = 3;

  /** Of so many pixels nobody sees a difference. */
  private static final double UNSEEN = 0.08;

  private static final double LEGEND = 44;
  private static final int LEGEND_GAP = 34;

  /** About as wide as a letter of the legend is, as fonts differ. */
  private static final double LETTER = 6.6;

  private static final int LEGEND_LABEL = 19;
  private static final int LEGEND_LINE = 3;
  private static final int LEGEND_SHADE = 8;

  /** A stretch of the horizontal axis. */
  public record Stretch(double from, double to) {}

  /** What colour a series has. */
  public enum Kind {
    /** Of a positive advantage. */
    PLUS,
    /** Of a negative advantage. */
    MINUS,
    /** Of neither. */
    PLAIN,
    /** That of the shaded stretches, which it names; it has no points. */
    SHADE
  }

  /**
   * Points that belong together.
   *
   * @param name in the legend; without one it is not there
   * @param kind its colour
   * @param line whether the points are joined
   * @param points finite numbers, in the order in which they are joined
   */
  public record Series(String name, Kind kind, boolean line, Seq<Dot> points) {}

  /** A point. */
  public record Dot(double x, double y) {}

  /**
   * An axis.
   *
   * @param title what it has, with the unit
   * @param logarithmic whether equal factors are equally far apart; its numbers are positive then
   */
  public record Axis(String title, boolean logarithmic) {
    /** {@return one on which equal differences are equally far apart} */
    public static Axis of(String title) {
      return new Axis(title, false);
    }
  }

  /** {@return charts from left to right, and in rows where there are many, as SVG} */
  public static String svg(Seq<Chart> charts) {
    int abreast = Math.max(1, Math.min(MOST_ABREAST, charts.size()));
    Map<String, Object> fields =
        LinkedHashMap.of(
            "width",
            abreast * WIDTH,
            "height",
            (charts.size() + abreast - 1) / abreast * HEIGHT,
            "charts",
            charts
                .zipWithIndex(
                    (chart, at) -> chart.fields(at % abreast * WIDTH, at / abreast * HEIGHT))
                .asJava());
    return Mustache.compiler()
        .compile(ResourceText.read("/lossmith/report/charts.svg.mustache"))
        .execute(fields.toJavaMap());
  }

  private java.util.Map<String, Object> fields(int at, int down) {
    Seq<Dot> all = series.flatMap(Series::points);
    ChartScale x = ChartScale.of(all.map(Dot::x), across.logarithmic, ROOM, LEFT, RIGHT);
    ChartScale y = ChartScale.of(all.map(Dot::y), up.logarithmic, ROOM, BOTTOM, TOP);
    return LinkedHashMap.<String, Object>of(
            "at", at, "title", title, "acrossTitle", across.title, "upTitle", up.title)
        .put("down", down)
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
        .put("legend", LEGEND)
        .put("shades", shades.map(one -> shade(one, x)).asJava())
        .put("across", ticks(x).asJava())
        .put("up", ticks(y).asJava())
        .put(
            "series",
            series.zipWithIndex((one, index) -> fields(one, beside(index), x, y)).asJava())
        .toJavaMap();
  }

  /** Where a series is in the legend, behind those before it. */
  private double beside(int index) {
    return series
        .take(index)
        .filter(one -> !one.name.isEmpty())
        .foldLeft(LEFT, (at, one) -> at + LEGEND_GAP + LETTER * one.name.length());
  }

  private static java.util.Map<String, Object> shade(Stretch stretch, ChartScale x) {
    double from = x.at(stretch.from);
    return java.util.Map.of("x", text(from), "wide", text(x.at(stretch.to) - from));
  }

  private static Seq<java.util.Map<String, Object>> ticks(ChartScale scale) {
    return scale
        .ticks()
        .map(
            tick ->
                java.util.Map.of(
                    "at", text(scale.at(tick.doubleValue())), "label", ChartScale.label(tick)));
  }

  private static java.util.Map<String, Object> fields(
      Series one, double beside, ChartScale x, ChartScale y) {
    Seq<String> places =
        Vector.ofAll(one.points).map(dot -> text(x.at(dot.x)) + " " + text(y.at(dot.y))).distinct();
    Seq<java.util.Map<String, String>> dots =
        places
            .map(place -> place.split(" ", -1))
            .map(pair -> java.util.Map.of("x", pair[0], "y", pair[1]));
    return java.util.Map.of(
        "named",
        one.name.isEmpty() ? java.util.List.of() : java.util.List.of(one.name),
        "kind",
        one.kind.name().toLowerCase(Locale.ROOT),
        "line",
        one.line ? List.of("M" + bends(places).mkString("L")).asJava() : java.util.List.of(),
        "dots",
        one.line ? java.util.List.of() : dots.asJava(),
        "beside",
        text(beside),
        "label",
        text(beside + LEGEND_LABEL),
        "legendHigh",
        one.kind == Kind.SHADE ? LEGEND_SHADE : LEGEND_LINE);
  }

  /**
   * The places of a line without those that lie on the straight line between others (Douglas and
   * Peucker, 1973): what is seen stays, and the file is small.
   */
  private static Seq<String> bends(Seq<String> places) {
    if (places.size() <= 2) {
      return places;
    }
    double[][] at =
        places.toJavaStream().map(p -> p.split(" ", -1)).map(Chart::place).toArray(double[][]::new);
    double[] first = at[0];
    double[] last = at[at.length - 1];
    double length = Math.hypot(last[0] - first[0], last[1] - first[1]);
    double most = 0;
    int farthest = 0;
    for (int i = 1; i < at.length - 1; i++) {
      double across = at[i][0] - first[0];
      double down = at[i][1] - first[1];
      double distance =
          length == 0
              ? Math.hypot(across, down)
              : Math.abs(across * (last[1] - first[1]) - down * (last[0] - first[0])) / length;
      if (distance > most) {
        most = distance;
        farthest = i;
      }
    }
    return most <= UNSEEN
        ? places.take(1).append(places.last())
        : bends(places.take(farthest + 1)).appendAll(bends(places.drop(farthest)).tail());
  }

  private static double[] place(String[] pair) {
    return new double[] {Double.parseDouble(pair[0]), Double.parseDouble(pair[1])};
  }

  private static String text(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
