package lossmith.report;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import lossmith.report.RatioCurve.Point;

/** The curves of an objective over the importance ratio, as SVG and as text. */
public final class CurvePicture {
  private static final int COLUMNS = 61;
  private static final int ROWS = 13;
  private static final double EDGE = 1e-12;

  private CurvePicture() {}

  /**
   * {@return the loss and the weight of a token, beside each other}
   *
   * @param name of the objective
   * @param curves at A = 1 and at A = -1
   */
  public static String svg(String name, Seq<RatioCurve> curves) {
    return Chart.svg(
        List.of(
            chart(name + ": loss of a token", "loss", curves, Point::loss),
            chart(name + ": weight of a token", "dL/dlog π", curves, Point::slope)));
  }

  private static Chart chart(
      String title, String up, Seq<RatioCurve> curves, ToDoubleFunction<Point> value) {
    return new Chart(
        title,
        "importance ratio r = π / π_old",
        up,
        List.empty(),
        curves.map(
            curve ->
                new Chart.Series(
                    "A = " + curve.advantage(),
                    curve.advantage() > 0 ? Chart.Kind.PLUS : Chart.Kind.MINUS,
                    true,
                    curve
                        .points()
                        .map(point -> new Chart.Dot(point.ratio(), value.applyAsDouble(point))))));
  }

  /**
   * {@return the weight of a token as lines of text: {@code +} at A = 1, {@code -} at A = -1,
   * {@code *} where they meet}
   *
   * @param curves at A = 1 and at A = -1
   */
  public static String text(Seq<RatioCurve> curves) {
    Seq<Double> slopes = curves.flatMap(RatioCurve::points).map(Point::slope);
    double low = slopes.min().get();
    double high = slopes.max().get();
    char[][] cells = new char[ROWS][COLUMNS];
    Arrays.stream(cells).forEach(row -> Arrays.fill(row, ' '));
    int zero = row(0, low, high);
    if (zero >= 0 && zero < ROWS) {
      Arrays.fill(cells[zero], '·');
    }
    for (RatioCurve curve : curves) {
      char sign = curve.advantage() > 0 ? '+' : '-';
      char other = curve.advantage() > 0 ? '-' : '+';
      for (Point point : curve.points()) {
        char[] line = cells[row(point.slope(), low, high)];
        int at = (int) Math.round(point.ratio() / RatioCurve.LARGEST * (COLUMNS - 1));
        line[at] = line[at] == other || line[at] == '*' ? '*' : sign;
      }
    }
    StringBuilder text = new StringBuilder("dL/dlog π\n");
    for (int row = 0; row < ROWS; row++) {
      double value = high - (high - low) * row / (ROWS - 1);
      text.append(
          String.format(
              Locale.ROOT,
              "%9s │%s%n",
              row == zero ? "0" : row % 3 == 0 ? number(value) : "",
              new String(cells[row]).stripTrailing()));
    }
    text.append(" ".repeat(10)).append('└').append("─".repeat(COLUMNS)).append('\n');
    text.append(" ".repeat(11))
        .append("0              1              2              3              4\n");
    return text.append(" ".repeat(11))
        .append("importance ratio r = π / π_old;  + at A = 1,  - at A = -1,  * at both\n")
        .toString();
  }

  private static int row(double value, double low, double high) {
    return (int) Math.round((high - value) / Math.max(EDGE, high - low) * (ROWS - 1));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
