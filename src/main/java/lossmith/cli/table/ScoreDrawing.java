package lossmith.cli.table;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.PrintWriter;
import lossmith.dsl.Problem;
import lossmith.report.Chart;
import lossmith.report.WeightPicture;
import lossmith.score.SampledTokens;
import lossmith.score.Scorer;
import lossmith.score.TokenSink;

/** The pictures of {@code score --plot}, one of each objective. */
public final class ScoreDrawing {
  /** Points of one chart: more would lie on each other. */
  private static final int MOST_POINTS = 2000;

  /** Points of all charts together, so that a browser opens the file. */
  private static final int ALL_POINTS = 40_000;

  /** Charts that a terminal shows before the first has left it. */
  private static final int MOST_HERE = 6;

  private final PlotOption plot;
  private final SampledTokens sampled;

  /**
   * Pictures that have seen nothing.
   *
   * @param plot where they go, if they are wanted
   * @param objectives of how many objectives
   * @throws lossmith.dsl.ProblemException for more than a terminal shows
   */
  public ScoreDrawing(PlotOption plot, int objectives) {
    if (plot.here() && objectives > MOST_HERE) {
      throw Problem.of(
              "plot",
              "--plot with " + objectives + " objectives, which no terminal shows at once",
              "up to " + MOST_HERE + " of them, or a file",
              "--recipe grpo,dapo --plot, or --plot picture.svg")
          .exception();
    }
    this.plot = plot;
    this.sampled = new SampledTokens(Math.min(MOST_POINTS, ALL_POINTS / Math.max(1, objectives)));
  }

  /** {@return what takes the tokens} */
  public TokenSink sink() {
    return plot.asked() ? sampled : TokenSink.NONE;
  }

  /**
   * Refuses objectives of which nothing can be drawn.
   *
   * @throws lossmith.dsl.ProblemException where there are no others
   */
  public void check(Map<String, Scorer.Ready> ready) {
    if (plot.asked() && sampled.found().isEmpty()) {
      throw Problem.of(
              "plot",
              ready.keySet().mkString(", "),
              "an objective with an importance ratio, a term named r, and a gradient of log pi"
                  + " alone",
              "ratio().as(\"r\"), or --tokens FILE.parquet for the weights")
          .exception();
    }
  }

  /** Draws what was sampled, and says of which objectives nothing can be drawn. */
  public void draw(PrintWriter said, Map<String, Scorer.Ready> ready) throws IOException {
    if (!plot.asked()) {
      return;
    }
    Map<String, SampledTokens.Sample> found = sampled.found();
    Map<String, Scorer.Ready> without = ready.reject((name, one) -> found.containsKey(name));
    Seq<Chart> charts =
        found.map(one -> WeightPicture.of(one._1, one._2, ready.get(one._1).get().clip()));
    plot.draw(said, charts, charts);
    found
        .filterValues(sample -> sample.undrawn() > 0)
        .forEach(
            (name, sample) ->
                said.println(
                    "Not drawn of "
                        + name
                        + ": "
                        + sample.undrawn()
                        + " tokens whose ratio or weight is beyond what floating point holds."));
    if (without.nonEmpty()) {
      said.println(
          "Not drawn, for want of an importance ratio or of a gradient of log pi alone: "
              + without.keySet().mkString(", ")
              + ".");
    }
  }
}
