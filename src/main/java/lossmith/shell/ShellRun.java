package lossmith.shell;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Loss;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.lab.RunFolder;
import lossmith.lab.RunRows;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A run that a shell has made: {@code train(loss)} trains as the command does, with its progress
 * and its files.
 *
 * @param folder where it is kept
 */
public record ShellRun(Path folder) {
  private static final String STEP = "step";

  /**
   * {@return the run of an objective}
   *
   * @param loss the objective
   * @param options of the command {@code train}, such as {@code "--steps", "50"}; without {@code
   *     --out} the run is kept in the temporary folder
   */
  public static ShellRun train(Loss loss, String... options) {
    try {
      int named = List.of(options).indexOf("--out");
      Path folder =
          named >= 0 && named + 1 < options.length
              ? Path.of(options[named + 1])
              : Files.createTempDirectory("train-mine");
      Shell.train(loss, options, folder);
      return new ShellRun(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the page about the run} */
  public Path report() {
    return new RunFolder(folder).report();
  }

  /** {@return the numbers of each step by name} */
  public Seq<Map<String, Double>> rows() {
    try {
      return RunRows.read(new RunFolder(folder).lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return a picture of one number against the steps, beside the report}
   *
   * @param metric its name, such as {@code actor/entropy}
   */
  public Path plot(String metric) {
    Seq<Map<String, Double>> all = rows();
    Seq<Map<String, Double>> rows = all.filter(row -> row.containsKey(metric));
    if (rows.isEmpty()) {
      Seq<String> known = all.flatMap(Map::keySet).distinct().sorted();
      throw Problem.of(
              "plot",
              "\"" + metric + "\"" + Nearest.to(metric, known),
              "a number of the run: " + known.mkString(", "),
              "plot(run, \"actor/entropy\")")
          .exception();
    }
    XYChart chart =
        new XYChartBuilder()
            .width(720)
            .height(420)
            .title(metric)
            .xAxisTitle(STEP)
            .yAxisTitle(metric)
            .build();
    chart.getStyler().setLegendVisible(false);
    var unused =
        chart
            .addSeries(metric, column(rows, STEP), column(rows, metric))
            .setMarker(SeriesMarkers.NONE);
    Path file = folder.resolve(metric.replaceAll("[^A-Za-z0-9@]+", "-") + ".svg");
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static double[] column(Seq<Map<String, Double>> rows, String name) {
    return rows.toJavaStream().mapToDouble(row -> row.getOrElse(name, Double.NaN)).toArray();
  }

  @Override
  public String toString() {
    return "Report: " + report();
  }
}
