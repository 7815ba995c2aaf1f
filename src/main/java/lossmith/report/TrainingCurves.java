package lossmith.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.score.EntropyFit;
import lossmith.score.RewardLaw;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * What runs came to step by step: a curve for each objective, with a band where it has several
 * seeds, and how far it is from the first objective within each seed; reward against entropy with
 * its law; the change of the entropy against its forecasts.
 *
 * @param arms the runs
 * @param claims the charts that are shown; if there are none, those of all numbers of all runs are
 */
public record TrainingCurves(Seq<TrainedArm> arms, Seq<ClaimChart> claims) {
  private static final double CONFIDENCE = 0.95;
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
    Seq<String> names = charts.flatMap(chart -> chart.keys().map(CurveCharts.Key::name)).distinct();
    Set<String> positive = names.filter(this::positive).toSet();
    charts.forEach(chart -> put(shown.addObject(), chart, all, positive));
    ArrayNode recipes = root.putArray("recipes");
    ArrayNode law = root.putArray("law");
    ArrayNode change = root.putArray("change");
    Seq<Seq<String>> alone = claims.map(ClaimChart::recipes).filter(one -> one.size() == 1);
    SeedCurves first = SeedCurves.of(arms.filter(arm -> all.headOption().contains(arm.recipe())));
    for (int i = 0; i < all.size(); i++) {
      String recipe = all.get(i);
      Seq<TrainedArm> own = arms.filter(arm -> arm.recipe().equals(recipe));
      ObjectNode curve = recipes.addObject().put("name", recipe);
      SeedCurves seeds = SeedCurves.of(own);
      seeds.put(curve, names, positive::contains);
      if (i > 0 && claims.isEmpty()) {
        seeds.minus(first).put(curve.putObject("difference"), names, unused -> false);
      }
      if (claims.isEmpty() || alone.contains(List.of(recipe))) {
        law(law.addObject().put("i", i).put("name", recipe), own.head());
        change(change.addObject().put("i", i).put("name", recipe), own);
      }
    }
    return root;
  }

  private static void put(
      ObjectNode node, CurveCharts.Spec chart, Seq<String> recipes, Set<String> positive) {
    node.put("title", chart.title()).put("note", chart.note()).put("unit", chart.unit());
    node.put("positive", chart.keys().forAll(key -> positive.contains(key.name())));
    ArrayNode keys = node.putArray("keys");
    chart.keys().forEach(key -> keys.addObject().put("name", key.name()).put("label", key.label()));
    if (chart.only().nonEmpty()) {
      ArrayNode only = node.putArray("only");
      chart.only().map(recipes::indexOf).filter(i -> i >= 0).forEach(only::add);
    }
  }

  /** Whether no run has it below 0 anywhere, as shares, lengths and entropies are. */
  private boolean positive(String name) {
    return arms.forAll(arm -> arm.rows().forAll(row -> row.get(name).forAll(x -> !(x < 0))));
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
