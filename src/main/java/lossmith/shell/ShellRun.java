package lossmith.shell;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.console.Output;
import lossmith.dsl.Loss;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.lab.RunFolder;
import lossmith.lab.RunRows;
import lossmith.report.Chart;

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
    Seq<Map<String, Double>> rows = all.filter(row -> row.get(metric).exists(Double::isFinite));
    if (rows.isEmpty()) {
      Seq<String> known = all.flatMap(Map::keySet).distinct().sorted();
      throw Problem.of(
              "plot",
              "\"" + metric + "\"" + Nearest.to(metric, known),
              "a number of the run: " + known.mkString(", "),
              "plot(run, \"actor/entropy\")")
          .exception();
    }
    Seq<Chart.Dot> points =
        rows.map(row -> new Chart.Dot(row.getOrElse(STEP, 0.0), row.getOrElse(metric, 0.0)));
    Path file = folder.resolve(metric.replaceAll("[^A-Za-z0-9@]+", "-") + ".svg");
    try {
      Output.write(
          file,
          Chart.svg(
              List.of(
                  new Chart(
                      metric,
                      Chart.Axis.of(STEP),
                      Chart.Axis.of(metric),
                      List.empty(),
                      List.of(new Chart.Series("", Chart.Kind.PLUS, true, points))))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  @Override
  public String toString() {
    return "Report: " + report();
  }
}
