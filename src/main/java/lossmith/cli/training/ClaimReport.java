package lossmith.cli.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.DoubleFunction;
import lossmith.console.Output;
import lossmith.console.TextTable;
import lossmith.lab.claim.Conclusion;
import lossmith.lab.claim.Experiment;
import lossmith.report.ClaimChart;
import lossmith.report.PageTable;
import lossmith.report.ReportPage;
import lossmith.report.TrainedArm;
import lossmith.report.TrainingCurves;

/**
 * What the experiments came to, for a terminal, a page, a text and a program.
 *
 * @param conclusions what each experiment came to
 * @param facts about the runs, a few words each
 */
public record ClaimReport(Seq<Conclusion> conclusions, Seq<String> facts) {
  /** The page's file. */
  public static final String PAGE = "report.html";

  /** The picture's file. */
  public static final String FIGURES = "figures.svg";

  /** The text's file. */
  public static final String MARKDOWN = "claims.md";

  /** The numbers' file. */
  public static final String JSON = "claims.json";

  private static final String TITLE = "What the papers claim, and what is seen";
  private static final Seq<String> HEAD =
      List.of(
          "experiment",
          "claim",
          "verdict",
          "effect",
          "mean [95 %]",
          "seen where",
          "seeds",
          "source");
  private static final String NOTE =
      "Effects are within a seed; intervals are 95 %, Student's t over seeds. Seen: the whole"
          + " interval is where the claim says. Opposite: it is where the opposite would be."
          + " Otherwise: not seen at this scale. Effects and bounds were written down before the"
          + " runs.";

  /** What the axis of a curve says. */
  private static final Map<String, String> UNITS =
      HashMap.of(
          "actor/entropy", "entropy, nats per token",
          "lossmith/entropy_change", "change of the entropy, nats per token",
          "lossmith/entropy_change_forecast", "forecast by eq 11, nats per token",
          "critic/rewards/mean", "reward",
          "/reward/mean@", "held-out reward",
          "/pass@1", "held-out pass@1",
          "/pass@8", "held-out pass@8",
          "/pass@32", "held-out pass@32",
          "/distinct_solutions", "solutions of a prompt",
          "share of rare tokens dropped", "share of tokens");

  /** What the axis of a number says. */
  static String unit(String number) {
    return UNITS.getOrElse(number, number);
  }

  /** The table of a terminal. */
  public String table() {
    Seq<Seq<String>> rows =
        conclusions.map(
            one ->
                List.of(
                    one.experiment().name(),
                    TextTable.number(one.mean()),
                    TextTable.number(one.low()),
                    TextTable.number(one.high()),
                    told(one.experiment().seen(), x -> PageTable.number(x).replace('−', '-')),
                    String.valueOf(one.effects().size()),
                    one.answer().toString()));
    return TextTable.of(
        rows.prepend(
            List.of("experiment", "effect", "95% low", "95% high", "seen", "seeds", "verdict")));
  }

  /** Writes page, text and numbers into the folder. */
  public void write(Seq<TrainedArm> arms, Path folder) throws IOException {
    Output.write(folder.resolve(MARKDOWN), markdown());
    Output.write(folder.resolve(JSON), json());
    Output.write(folder.resolve(FIGURES), ClaimFigures.svg(conclusions, arms));
    Output.write(
        folder.resolve(PAGE),
        new ReportPage(
                TITLE,
                facts,
                Option.some(
                    new TrainingCurves(
                        arms,
                        conclusions
                            .filter(
                                one ->
                                    one.experiment()
                                        .figure()
                                        .across()
                                        .equals(Experiment.Figure.STEP))
                            .map(ClaimReport::chart))),
                List.of(new PageTable("Verdicts", HEAD, rows(), NOTE)),
                Option.none())
            .html());
  }

  private Seq<Seq<String>> rows() {
    return conclusions.map(
        one ->
            List.of(
                one.experiment().name(),
                one.experiment().statement(),
                one.answer().toString(),
                one.experiment().measured(),
                interval(one),
                told(one.experiment().seen(), PageTable::number),
                String.valueOf(one.effects().size()),
                one.experiment().source()));
  }

  /** A region with its numbers as those beside it are written. */
  private static String told(Experiment.Region region, DoubleFunction<String> number) {
    if (region.low() == Double.NEGATIVE_INFINITY) {
      return "< " + number.apply(region.high());
    }
    return region.high() == Double.POSITIVE_INFINITY
        ? "> " + number.apply(region.low())
        : number.apply(region.low()) + " to " + number.apply(region.high());
  }

  private static String interval(Conclusion one) {
    return PageTable.number(one.mean()) + PageTable.interval(one.low(), one.high());
  }

  private static ClaimChart chart(Conclusion one) {
    Experiment experiment = one.experiment();
    return new ClaimChart(
        experiment.statement() + ": " + one.answer(),
        experiment.measured()
            + ": "
            + interval(one)
            + ", seen where "
            + told(experiment.seen(), PageTable::number),
        experiment.figure().up(),
        unit(experiment.figure().up().head()),
        experiment.treatments());
  }

  /** {@return the table as Markdown} */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    facts.forEach(fact -> text.append("- ").append(fact).append('\n'));
    text.append('\n').append(line(HEAD)).append(line(HEAD.map(unused -> "---")));
    rows().forEach(row -> text.append(line(row)));
    return text.append('\n').append(NOTE).append('\n').toString();
  }

  private static String line(Seq<String> cells) {
    return cells.map(cell -> cell.replace("|", "\\|")).mkString("| ", " | ", " |\n");
  }

  private String json() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    ArrayNode about = root.putArray("facts");
    facts.forEach(about::add);
    ArrayNode all = root.putArray("experiments");
    for (Conclusion one : conclusions) {
      Experiment experiment = one.experiment();
      ObjectNode node =
          all.addObject()
              .put("name", experiment.name())
              .put("claim", experiment.statement())
              .put("source", experiment.source())
              .put("effect", experiment.measured())
              .put("seen", experiment.seen().toString())
              .put("opposite", experiment.opposite().toString())
              .put("verdict", one.answer().toString());
      ArrayNode treatments = node.putArray("treatments");
      experiment.treatments().forEach(treatments::add);
      ArrayNode effects = node.putArray("effects");
      one.effects().forEach(effects::add);
      // JSON has no number for what is none.
      if (Double.isFinite(one.mean())) {
        ObjectNode unused = node.put("mean", one.mean());
      }
      if (Double.isFinite(one.low())) {
        ObjectNode unused = node.put("low", one.low()).put("high", one.high());
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }
}
