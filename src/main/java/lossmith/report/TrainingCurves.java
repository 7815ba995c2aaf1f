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
  private static final String HELD_OUT = "val-core/";
  private static final String MEASURED = "lossmith/entropy_change";
  private static final String FORECAST = "lossmith/entropy_change_forecast";
  private static final String NATURAL = "lossmith/entropy_change_natural";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A chart and its numbers. */
  private record Chart(String title, String note, String unit, Seq<Key> keys, Seq<String> only) {
    /** One of all objectives. */
    Chart(String title, String note, String unit, Seq<Key> keys) {
      this(title, note, unit, keys, List.empty());
    }
  }

  /** A number by its name in the rows, and a word for it. */
  private record Key(String name, String label) {}

  /** All numbers of some runs. */
  public TrainingCurves(Seq<TrainedArm> arms) {
    this(arms, List.empty());
  }

  ObjectNode json() {
    ObjectNode root = MAPPER.createObjectNode();
    Seq<Chart> charts = claims.isEmpty() ? charts() : claims.map(this::claimed);
    ArrayNode shown = root.putArray("charts");
    Seq<String> all = arms.map(TrainedArm::recipe).distinct();
    charts.forEach(chart -> put(shown.addObject(), chart, all));
    Seq<String> names = charts.flatMap(chart -> chart.keys().map(Key::name)).distinct();
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

  private static void put(ObjectNode node, Chart chart, Seq<String> recipes) {
    node.put("title", chart.title()).put("note", chart.note()).put("unit", chart.unit());
    ArrayNode keys = node.putArray("keys");
    chart.keys().forEach(key -> keys.addObject().put("name", key.name()).put("label", key.label()));
    if (chart.only().nonEmpty()) {
      ArrayNode only = node.putArray("only");
      chart.only().map(recipes::indexOf).filter(i -> i >= 0).forEach(only::add);
    }
  }

  private Chart claimed(ClaimChart claim) {
    String name =
        there()
            .find(
                one ->
                    one.equals(claim.number())
                        || (one.startsWith(HELD_OUT) && one.contains(claim.number())))
            .getOrElse(claim.number());
    return new Chart(
        claim.title(), claim.note(), claim.unit(), List.of(new Key(name, name)), claim.recipes());
  }

  /** The names of all numbers. */
  private Seq<String> there() {
    return arms.flatMap(arm -> arm.rows().flatMap(Map::keySet).distinct()).distinct();
  }

  private Seq<Chart> charts() {
    Seq<String> there = there();
    Seq<Chart> usual =
        List.of(
            chart("Entropy", "of the policy that samples", "nats per token", "actor/entropy"),
            chart("Reward", "mean of the batch, training prompts", "reward", "critic/rewards/mean"),
            held(there, "pass@1", "pass@1", "share of held-out tries that are right"),
            heldMany(there),
            held(
                there,
                "distinct_solutions",
                "Distinct solutions",
                "right ones of a held-out prompt"),
            chart(
                "Divergence from the sampler",
                "mean of log π_old − log π over a step’s updates",
                "nats per token",
                "actor/ppo_kl"),
            chart(
                "Divergence from the reference",
                "mean of log π_old − log π_ref",
                "nats per token",
                "actor/ref_kl"),
            new Chart(
                "Clipped tokens",
                "beyond a bound that their advantage pushes further out; dashed: below",
                "share of tokens",
                List.of(
                    new Key("lossmith/clip_fraction_high", "above"),
                    new Key("lossmith/clip_fraction_low", "below"))),
            chart("Length", "mean of the batch", "tokens per response", "response_length/mean"),
            chart(
                "Gradient norm", "of dL/dweights, before it is clipped", "norm", "actor/grad_norm"),
            new Chart(
                "Change of the entropy by a step",
                "dashed: forecast by eq 11",
                "nats per token",
                List.of(new Key(MEASURED, "measured"), new Key(FORECAST, "forecast"))));
    Seq<Chart> moved =
        there
            .filter(name -> name.startsWith("lossmith/coefficient/"))
            .map(
                name ->
                    chart(
                        name.substring(name.lastIndexOf('/') + 1),
                        "coefficient that a controller moves",
                        "coefficient",
                        name));
    return usual
        .appendAll(moved)
        .filter(chart -> chart.keys().exists(key -> there.contains(key.name())));
  }

  private static Chart chart(String title, String note, String unit, String name) {
    return new Chart(title, note, unit, List.of(new Key(name, title)));
  }

  private static Chart held(Seq<String> there, String ending, String title, String note) {
    return chart(
        title,
        note,
        ending.startsWith("pass") ? "share" : "count",
        key(there, "/" + ending).getOrElse(""));
  }

  /** pass@k, of whatever k was asked for beside 1. */
  private static Chart heldMany(Seq<String> there) {
    String name =
        there
            .find(
                one ->
                    one.startsWith(HELD_OUT) && one.contains("/pass@") && !one.endsWith("/pass@1"))
            .getOrElse("");
    String tries = name.substring(name.lastIndexOf('@') + 1);
    return chart(
        "pass@" + tries, "one of " + tries + " tries is right, without bias", "share", name);
  }

  private static Option<String> key(Seq<String> there, String ending) {
    return there.find(one -> one.startsWith(HELD_OUT) && one.endsWith(ending));
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
    Seq<Map<String, Double>> rows = own.flatMap(arm -> arm.having(MEASURED, FORECAST));
    double[] measured = column(rows, MEASURED);
    node.set("step", PageNumbers.of(column(rows, TrainedArm.STEP)));
    node.set("measured", PageNumbers.of(measured));
    node.set("forecast", PageNumbers.of(column(rows, FORECAST)));
    slope(column(rows, FORECAST), measured).forEach(found -> node.set("slope", found));
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
