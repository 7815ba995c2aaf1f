package lossmith.cli.training;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import lossmith.lab.claim.Conclusion;
import lossmith.lab.claim.Experiment;
import lossmith.report.Chart;
import lossmith.report.TrainedArm;

/**
 * One picture of all claims, a chart for each: against the steps the means over the seeds, against
 * another number a dot for each step of each seed. Seeds count that every treatment of the claim
 * has.
 */
final class ClaimFigures {
  private static final Seq<Chart.Kind> COLOURS =
      List.of(Chart.Kind.PLUS, Chart.Kind.MINUS, Chart.Kind.PLAIN);

  private final Seq<TrainedArm> arms;

  private ClaimFigures(Seq<TrainedArm> arms) {
    this.arms = arms;
  }

  /** {@return the picture; claims without a number in any run are left out} */
  static String svg(Seq<Conclusion> conclusions, Seq<TrainedArm> arms) {
    return Chart.svg(conclusions.flatMap(one -> new ClaimFigures(shared(one, arms)).chart(one)));
  }

  private static Seq<TrainedArm> shared(Conclusion one, Seq<TrainedArm> arms) {
    Seq<String> treatments = one.experiment().treatments();
    Set<Long> seeds =
        treatments
            .map(
                name -> arms.filter(arm -> arm.recipe().equals(name)).map(TrainedArm::seed).toSet())
            .reduceOption(Set::intersect)
            .getOrElse(HashSet.empty());
    return arms.filter(arm -> seeds.contains(arm.seed()));
  }

  private Option<Chart> chart(Conclusion one) {
    Experiment.Figure figure = one.experiment().figure();
    Seq<Line> lines =
        figure.up().size() > 1
            ? figure.up().map(number -> new Line(one.experiment().treatments().head(), number))
            : one.experiment().treatments().map(name -> new Line(name, figure.up().head()));
    Seq<Chart.Series> series =
        lines
            .zipWithIndex(
                (line, i) ->
                    new Chart.Series(
                        figure.up().size() > 1 ? told(line.number) : line.treatment,
                        COLOURS.get(i % COLOURS.size()),
                        isOfSteps(figure),
                        isOfSteps(figure) ? means(line) : dots(line, figure.across())))
            .filter(drawn -> drawn.points().nonEmpty());
    return Option.when(
        series.nonEmpty(),
        () ->
            new Chart(
                one.experiment().name() + ": " + one.answer(),
                Chart.Axis.of(ClaimReport.unit(figure.across())),
                Chart.Axis.of(ClaimReport.unit(figure.up().head())),
                List.empty(),
                series));
  }

  /** A number of the runs of a treatment. */
  private record Line(String treatment, String number) {}

  private static boolean isOfSteps(Experiment.Figure figure) {
    return figure.across().equals(Experiment.Figure.STEP);
  }

  private static String told(String number) {
    return number.contains("rare") ? "rare tokens" : "all tokens";
  }

  private Seq<Chart.Dot> dots(Line line, String across) {
    return rows(line.treatment)
        .flatMap(rows -> rows)
        .flatMap(
            row ->
                number(row, across)
                    .flatMap(x -> number(row, line.number).map(y -> new Chart.Dot(x, y))));
  }

  /** At the steps that every seed has. */
  private Seq<Chart.Dot> means(Line line) {
    Seq<Map<Double, Double>> seeds =
        rows(line.treatment)
            .map(
                rows ->
                    rows.flatMap(
                            row ->
                                number(row, line.number)
                                    .map(y -> new Chart.Dot(row.get(TrainedArm.STEP).get(), y)))
                        .toMap(Chart.Dot::x, Chart.Dot::y));
    return seeds
        .headOption()
        .toList()
        .flatMap(Map::keySet)
        .filter(step -> seeds.forAll(seed -> seed.containsKey(step)))
        .sorted()
        .map(step -> new Chart.Dot(step, seeds.map(seed -> seed.get(step).get()).average().get()));
  }

  private Seq<Seq<Map<String, Double>>> rows(String treatment) {
    return Vector.ofAll(arms).filter(arm -> arm.recipe().equals(treatment)).map(TrainedArm::rows);
  }

  private static Option<Double> number(Map<String, Double> row, String meant) {
    return row.find(one -> TrainedArm.isNamed(one._1, meant))
        .map(one -> one._2)
        .filter(Double::isFinite);
  }
}
