package lossmith.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeSet;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.score.EntropyFit;
import lossmith.score.RewardLaw;
import lossmith.score.StudentInterval;
import org.hipparchus.stat.descriptive.StreamingStatistics;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * What runs came to step by step: a curve for each objective, with a band where it has several
 * seeds; reward against entropy with its law; the change of the entropy against its forecasts.
 *
 * @param arms the runs
 * @param claims the charts that are shown; if there are none, those of all numbers of all runs are
 */
public record TrainingCurves(Seq<TrainedArm> arms, Seq<ClaimChart> claims) {
  private static final double CONFIDENCE = 0.95;
  private static final String TOKENS = "training/tokens";
  private static final String NATURAL = "lossmith/entropy_change_natural";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** All numbers of some runs. */
  public TrainingCurves(Seq<TrainedArm> arms) {
    this(arms, List.empty());
  }

  ObjectNode json() {
    ObjectNode root = MAPPER.createObjectNode();
    CurveCharts about = new CurveCharts(arms);
    Seq<CurveCharts.Spec> charts = claims.isEmpty() ? about.all() : claims.map(about::claimed);
    ArrayNode shown = root.putArray("charts");
    Seq<String> all = arms.map(TrainedArm::recipe).distinct();
    charts.forEach(chart -> put(shown.addObject(), chart, all));
    Seq<String> names = charts.flatMap(chart -> chart.keys().map(CurveCharts.Key::name)).distinct();
    ArrayNode recipes = root.putArray("recipes");
    ArrayNode law = root.putArray("law");
    ArrayNode change = root.putArray("change");
    Seq<Seq<String>> alone = claims.map(ClaimChart::recipes).filter(one -> one.size() == 1);
    for (int i = 0; i < all.size(); i++) {
      String recipe = all.get(i);
      Seq<TrainedArm> own = arms.filter(arm -> arm.recipe().equals(recipe));
      curve(recipes.addObject().put("name", recipe).put("seeds", own.size()), own, names);
      if (claims.isEmpty() || alone.contains(List.of(recipe))) {
        law(law.addObject().put("i", i).put("name", recipe), own.head());
        change(change.addObject().put("i", i).put("name", recipe), own);
      }
    }
    return root;
  }

  private static void put(ObjectNode node, CurveCharts.Spec chart, Seq<String> recipes) {
    node.put("title", chart.title()).put("note", chart.note()).put("unit", chart.unit());
    ArrayNode keys = node.putArray("keys");
    chart.keys().forEach(key -> keys.addObject().put("name", key.name()).put("label", key.label()));
    if (chart.only().nonEmpty()) {
      ArrayNode only = node.putArray("only");
      chart.only().map(recipes::indexOf).filter(i -> i >= 0).forEach(only::add);
    }
  }

  /** The means over seeds of each step, with the interval of the mean where there are several. */
  private static void curve(ObjectNode node, Seq<TrainedArm> own, Seq<String> names) {
    Seq<Map<Double, Map<String, Double>>> rows =
        own.map(arm -> arm.rows().toMap(row -> row.get(TrainedArm.STEP).get(), row -> row));
    TreeSet<Double> steps = TreeSet.ofAll(rows.flatMap(Map::keySet));
    // The last steps of the longest runs alone would be no mean of all seeds.
    Seq<Double> common = steps.toList().filter(step -> rows.forAll(row -> row.containsKey(step)));
    node.set("step", PageNumbers.of(common));
    node.set(
        "tokens",
        PageNumbers.of(
            common.map(
                step ->
                    mean(rows, step, TOKENS)
                        .orElse(step == 0 ? Option.some(0.0) : Option.none())
                        .getOrElse(Double.NaN))));
    ObjectNode metrics = node.putObject("m");
    for (String name : names) {
      Seq<StreamingStatistics> each = common.map(step -> statistics(rows, step, name));
      if (each.forAll(one -> one.getN() == 0)) {
        continue;
      }
      ObjectNode metric = metrics.putObject(name);
      metric.set("v", PageNumbers.of(each.map(StreamingStatistics::getMean)));
      if (own.size() > 1) {
        metric.set("lo", PageNumbers.of(each.map(one -> one.getMean() - band(one))));
        metric.set("hi", PageNumbers.of(each.map(one -> one.getMean() + band(one))));
      }
    }
  }

  /** Two numbers have an interval that says nothing: their band goes from one to the other. */
  private static double band(StreamingStatistics found) {
    return found.getN() == 2
        ? (found.getMax() - found.getMin()) / 2
        : StudentInterval.margin(found);
  }

  private static Option<Double> mean(
      Seq<Map<Double, Map<String, Double>>> rows, double step, String name) {
    return rows.flatMap(row -> row.get(step)).flatMap(row -> row.get(name)).average();
  }

  private static StreamingStatistics statistics(
      Seq<Map<Double, Map<String, Double>>> rows, double step, String name) {
    StreamingStatistics found = new StreamingStatistics();
    rows.flatMap(row -> row.get(step)).flatMap(row -> row.get(name)).forEach(found::addValue);
    return found;
  }

  /** Reward against entropy of one run, the first of its objective. */
  private static void law(ObjectNode node, TrainedArm arm) {
    Seq<Map<String, Double>> rows = arm.having(TrainedArm.ENTROPY, TrainedArm.REWARD);
    double[] entropy = column(rows, TrainedArm.ENTROPY);
    double[] reward = column(rows, TrainedArm.REWARD);
    node.set("step", PageNumbers.of(column(rows, TrainedArm.STEP)));
    node.set("h", PageNumbers.of(entropy));
    node.set("r", PageNumbers.of(reward));
    for (RewardLaw law : RewardLaw.of(entropy, reward)) {
      ObjectNode fit = node.putObject("fit");
      fit.set("a", interval(law.a()));
      fit.set("b", interval(law.b()));
      fit.set("r2", PageNumbers.of(law.fit().rSquared()));
      fit.set("ceiling", PageNumbers.of(law.ceiling()));
      for (RewardLaw.Early early : law.early()) {
        ObjectNode first = node.putObject("early").put("steps", early.steps());
        first.set("a", PageNumbers.of(early.a()));
        first.set("b", PageNumbers.of(early.b()));
        first.set("ceiling", PageNumbers.of(early.ceiling()));
        first.set("forecast", PageNumbers.of(early.forecast()));
        first.set("measured", PageNumbers.of(early.measured()));
      }
    }
  }

  private static ArrayNode interval(EntropyFit.Estimate estimate) {
    return PageNumbers.of(estimate.value(), estimate.low(), estimate.high());
  }

  private static double[] column(Seq<Map<String, Double>> rows, String name) {
    return rows.toJavaStream().mapToDouble(row -> row.getOrElse(name, Double.NaN)).toArray();
  }

  /** The changes of all seeds together. */
  private static void change(ObjectNode node, Seq<TrainedArm> own) {
    Seq<Map<String, Double>> rows =
        own.flatMap(arm -> arm.having(CurveCharts.MEASURED, CurveCharts.FORECAST));
    double[] measured = column(rows, CurveCharts.MEASURED);
    node.set("step", PageNumbers.of(column(rows, TrainedArm.STEP)));
    node.set("measured", PageNumbers.of(measured));
    node.set("forecast", PageNumbers.of(column(rows, CurveCharts.FORECAST)));
    slope(column(rows, CurveCharts.FORECAST), measured).forEach(found -> node.set("slope", found));
    double[] natural = column(rows, NATURAL);
    if (Arrays.stream(natural).anyMatch(Double::isFinite)) {
      node.set("natural", PageNumbers.of(natural));
      slope(natural, measured).forEach(found -> node.set("naturalSlope", found));
    }
  }

  /** The slope of what was measured on a forecast, its interval, and R². */
  private static Option<ArrayNode> slope(double[] forecast, double[] measured) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < forecast.length; i++) {
      if (Double.isFinite(forecast[i])) {
        line.addData(forecast[i], measured[i]);
      }
    }
    if (line.getN() <= 2 || line.getXSumSquares() == 0) {
      return Option.none();
    }
    double margin = line.getSlopeConfidenceInterval(1 - CONFIDENCE);
    return Option.some(
        PageNumbers.of(
            line.getSlope(),
            line.getSlope() - margin,
            line.getSlope() + margin,
            line.getRSquare()));
  }
}
