package lossmith.lab.claim;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.metric.HeldOut;
import lossmith.score.RewardLaw;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * The runs of one seed: the same start, the same prompts, as many steps. A run that ended earlier
 * by itself counts with its last numbers.
 *
 * @param rows the numbers of each step, by treatment
 */
public record SeedRuns(Map<String, Seq<Map<String, Double>>> rows) {
  static final String ENTROPY = "actor/entropy";
  static final String REWARD = "critic/rewards/mean";
  static final String CHANGE = "lossmith/entropy_change";
  static final String FORECAST = "lossmith/entropy_change_forecast";

  /** The share of all tokens whose gradient the clip drops. */
  static final String LOST = Treatments.metric(Treatments.DROPPED);

  /** The same of rare tokens, which {@link #shared} adds. */
  static final String RARE_LOST = "share of rare tokens dropped";

  private static final double TAIL = 0.1;
  private static final double START = 0.05;
  private static final double THIRD = 1 / 3.0;

  /** {@return the numbers of a step with the share of its rare tokens that the clip drops} */
  public static Map<String, Double> shared(Map<String, Double> row) {
    double rare = row.getOrElse(Treatments.metric(Treatments.RARE), 0.0);
    return rare == 0
        ? row
        : row.put(RARE_LOST, row.get(Treatments.metric(Treatments.RARE_DROPPED)).get() / rare);
  }

  /** The numbers of the steps that have them. */
  double[] numbers(String treatment, String number) {
    return rows.get(treatment)
        .get()
        .flatMap(row -> row.get(number))
        .toJavaStream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static double mean(double[] numbers, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += numbers[i];
    }
    return sum / (to - from);
  }

  private static int part(double share, double[] numbers) {
    return Math.max(1, (int) Math.round(share * numbers.length));
  }

  /** The mean over the first twentieth of the steps. */
  double start(String treatment, String number) {
    double[] all = numbers(treatment, number);
    return mean(all, 0, part(START, all));
  }

  /** The mean over the last tenth of the steps. */
  double end(String treatment, String number) {
    double[] all = numbers(treatment, number);
    return mean(all, all.length - part(TAIL, all), all.length);
  }

  /** The mean over the first third of the steps. */
  double early(String treatment, String number) {
    double[] all = numbers(treatment, number);
    return mean(all, 0, part(THIRD, all));
  }

  /** The mean over all steps. */
  double throughout(String treatment, String number) {
    double[] all = numbers(treatment, number);
    return mean(all, 0, all.length);
  }

  /**
   * Of all that a number changes from the first steps to the last, the share of the first third.
   */
  double shareOfFirstThird(String treatment, String number) {
    double[] all = numbers(treatment, number);
    int third = part(THIRD, all);
    double then = mean(all, third - part(START, all), third);
    double from = start(treatment, number);
    return (then - from) / (end(treatment, number) - from);
  }

  /** A measurement on held-out prompts at the end, by the end of its name. */
  double held(String treatment, String ending) {
    double[] all = held(treatment, ending, rows.get(treatment).get());
    return all[all.length - 1];
  }

  /** What it gained since two thirds of the run. */
  double lateGain(String treatment, String ending) {
    double[] all = held(treatment, ending, rows.get(treatment).get());
    int then = 2 * (all.length - 1) / 3;
    return all[all.length - 1] - all[then];
  }

  private static double[] held(
      String treatment, String ending, Seq<Map<String, Double>> rowsOfTreatment) {
    double[] found =
        rowsOfTreatment
            .flatMap(row -> row.find(one -> HeldOut.isMeant(one._1, ending)).map(one -> one._2))
            .toJavaStream()
            .mapToDouble(Double::doubleValue)
            .toArray();
    if (found.length == 0) {
      throw new IllegalArgumentException(treatment + " has no " + ending);
    }
    return found;
  }

  /** By which part of it the entropy at the end is above that of another treatment. */
  double moreEntropy(String treatment, String than) {
    return end(treatment, ENTROPY) / end(than, ENTROPY) - 1;
  }

  /** R² of R = −a·exp(H) + b over the steps, negative where a is; 0 where nothing can be fitted. */
  double law(String treatment) {
    return RewardLaw.of(numbers(treatment, ENTROPY), numbers(treatment, REWARD))
        .map(law -> Math.signum(law.fit().a().value()) * law.fit().rSquared().getOrElse(0.0))
        .getOrElse(0.0);
  }

  /**
   * How far the ceiling that the first 15 % of the steps predict is from that of all steps, as a
   * part of the latter; 1 where nothing can be fitted.
   */
  double ceilingMissed(String treatment) {
    return RewardLaw.of(numbers(treatment, ENTROPY), numbers(treatment, REWARD))
        .flatMap(
            law ->
                law.early().map(early -> Math.abs(early.ceiling() - law.ceiling()) / law.ceiling()))
        .getOrElse(1.0);
  }

  /** The slope of the entropy's measured changes on those that eq 11 forecasts. */
  double forecastSlope(String treatment) {
    double[] measured = numbers(treatment, CHANGE);
    double[] forecast = numbers(treatment, FORECAST);
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < measured.length; i++) {
      line.addData(forecast[i], measured[i]);
    }
    return line.getSlope();
  }

  /**
   * The share of rare tokens whose gradient the clip drops, less the share of all tokens.
   *
   * @param treatment one that logs what {@link Treatments#rareTokens} does
   */
  double droppedOfRare(String treatment) {
    double rare = throughout(treatment, Treatments.metric(Treatments.RARE));
    double both = throughout(treatment, Treatments.metric(Treatments.RARE_DROPPED));
    double all = throughout(treatment, Treatments.metric(Treatments.DROPPED));
    return (rare == 0 ? 0 : both / rare) - all;
  }
}
