package lossmith.cli.table;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import lossmith.console.Output;
import lossmith.dsl.Problem;
import lossmith.report.Chart;
import lossmith.report.ChartText;
import org.jspecify.annotations.Nullable;

/** Where the picture of a command is drawn. */
public final class PlotOption {
  private static final String ENDING = ".svg";

  @picocli.CommandLine.Option(
      names = "--plot",
      paramLabel = "FILE.svg",
      arity = "0..1",
      fallbackValue = "",
      description = "draws the picture that is described above: to FILE.svg, or here as text")
  private @Nullable String plot;

  /** {@return whether a picture is wanted} */
  public boolean asked() {
    return plot != null;
  }

  /** {@return whether it is wanted as text} */
  public boolean here() {
    return plot != null && plot.isEmpty();
  }

  /**
   * {@return the file it is drawn to, if any}
   *
   * @throws lossmith.dsl.ProblemException for a name of another kind of file, which may be an input
   *     that this option has swallowed
   */
  public Option<Path> file() {
    Option<String> named = Option.of(plot).filter(name -> !name.isEmpty());
    for (String name : named.filter(one -> !one.endsWith(ENDING))) {
      throw Problem.of(
              "plot",
              "--plot " + name,
              "a file that ends in " + ENDING + ", or nothing behind it",
              "--plot picture.svg; --plot at the end of the line draws here as text")
          .exception();
    }
    return named.map(Path::of);
  }

  /**
   * Draws.
   *
   * @param said where the text goes
   * @param charts what the file has
   * @param texts what is drawn as text
   */
  public void draw(PrintWriter said, Seq<Chart> charts, Seq<Chart> texts) throws IOException {
    for (Path path : file()) {
      Output.write(path, Chart.svg(charts));
      said.println("Picture: " + path);
    }
    if (here()) {
      texts.forEach(chart -> said.println(ChartText.of(chart)));
    }
    said.flush();
  }
}
