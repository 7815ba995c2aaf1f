package lossmith.report;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.ToDoubleFunction;
import lossmith.report.RatioCurve.Point;

/** The curves of an objective over the importance ratio. */
public final class CurvePicture {
  private CurvePicture() {}

  /**
   * {@return the loss and the weight of a token, to be drawn beside each other}
   *
   * @param name of the objective
   * @param curves at A = 1 and at A = -1
   */
  public static Seq<Chart> charts(String name, Seq<RatioCurve> curves) {
    return List.of(
        chart(name + ": loss of a token", "loss", curves, Point::loss), weight(name, curves));
  }

  /** {@return the weight of a token} */
  public static Chart weight(String name, Seq<RatioCurve> curves) {
    return chart(name + ": weight of a token", "dL/dlog π", curves, Point::slope);
  }

  private static Chart chart(
      String title, String up, Seq<RatioCurve> curves, ToDoubleFunction<Point> value) {
    return new Chart(
        title,
        Chart.Axis.of("importance ratio r = π / π_old"),
        Chart.Axis.of(up),
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
}
