package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.flow.Grouped;
import lossmith.ops.memory.Precision;

/**
 * Scores objectives on one set of rollouts, all of them on one policy: with logits every statistic
 * of the policy (log π, entropy, …) is computed from them at the temperature asked for, and a
 * column that disagrees with them is an error; without, the columns are the policy, and no other
 * temperature than theirs can be asked for. Columns of other policies are never computed again.
 */
public final class Scorer {
  private static final String CLIP_FRACTION = "clip_fraction_";
  private static final double USUAL_TEMPERATURE = BoundLoss.TEMPERATURE.initial();

  private final Samples samples;
  private final Map<String, Double> parameters;
  private final double temperature;
  private final Precision precision;
  private final String device;
  private final Option<Seq<Loss>> among;
  private final Option<String> ungrouped;

  /**
   * A scorer of columns that were recorded at temperature 1.
   *
   * @param samples the rollouts
   * @param parameters values by name, and the temperature
   * @param precision the type of the numbers
   */
  public Scorer(Samples samples, Map<String, Double> parameters, Precision precision) {
    this(samples, parameters, precision, "CPU");
  }

  /**
   * A scorer on a device, of columns that were recorded at temperature 1.
   *
   * @param samples the rollouts
   * @param parameters values by name, and the temperature
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}
   */
  public Scorer(
      Samples samples, Map<String, Double> parameters, Precision precision, String device) {
    this(samples, parameters, precision, device, USUAL_TEMPERATURE);
  }

  /**
   * A scorer of columns that were recorded at some temperature.
   *
   * @param samples the rollouts
   * @param parameters values by name, and the temperature; without it that of the columns
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}
   * @param recorded the temperature at which log π, entropy and other statistics were recorded
   * @throws lossmith.dsl.ProblemException where a column disagrees with the logits at that
   *     temperature by more than 1e-5 max(1, |x|) + 2⁻²⁰ max|z|/T (five written digits and single
   *     precision), and where another temperature is asked for without logits
   */
  public Scorer(
      Samples samples,
      Map<String, Double> parameters,
      Precision precision,
      String device,
      double recorded) {
    this.temperature = parameters.getOrElse(Columns.TEMPERATURE, recorded);
    this.samples = OnePolicy.of(samples, temperature, recorded);
    this.parameters = parameters.remove(Columns.TEMPERATURE);
    this.precision = precision;
    this.device = device;
    this.among = Option.none();
    this.ungrouped = Option.none();
  }

  private Scorer(Scorer same, Option<Seq<Loss>> among, Option<String> ungrouped) {
    this.samples = same.samples;
    this.parameters = same.parameters;
    this.temperature = same.temperature;
    this.precision = same.precision;
    this.device = same.device;
    this.among = among;
    this.ungrouped = ungrouped;
  }

  /**
   * {@return this scorer for several objectives: a parameter need not be one of each, but of at
   * least one of them}
   *
   * @param losses the objectives
   * @throws lossmith.dsl.ProblemException for a parameter that none of them has, with the nearest
   *     name, and a value outside a range
   */
  public Scorer among(Iterable<Loss> losses) {
    Seq<Loss> all = List.ofAll(losses);
    Problem.throwAll(Parameters.problems(parameters, all));
    return new Scorer(this, Option.some(all), ungrouped);
  }

  /**
   * {@return this scorer, which refuses objectives that compare the responses of a prompt, if it is
   * not known which belong together}
   *
   * @param why why that is not known, if it is not
   */
  public Scorer ungrouped(Option<String> why) {
    return new Scorer(this, among, why);
  }

  /** {@return the rollouts, every statistic of the policy from one source} */
  public Samples samples() {
    return samples;
  }

  /** {@return T of the policy that is scored} */
  public double temperature() {
    return temperature;
  }

  /** {@return whether the statistics of the policy are computed from logits} */
  public boolean fromLogits() {
    return samples.grids().contains(BoundLoss.LOGITS);
  }

  /**
   * {@return the row of an objective}
   *
   * @param name what it is called
   * @param loss the objective
   * @throws lossmith.dsl.ProblemException for a column that is missing, a parameter that this
   *     objective does not have (see {@link #among}), a value outside its range
   */
  public Score score(String name, Loss loss) {
    return scored(name, loss).score();
  }

  /**
   * {@return the row of an objective and its numbers per token}
   *
   * @param name what it is called
   * @param loss the objective
   * @throws lossmith.dsl.ProblemException as {@link #score}
   */
  public Scored scored(String name, Loss loss) {
    Problem.throwAll(Parameters.problems(parameters, among.getOrElse(List.of(loss))));
    Problem.throwAll(
        ungrouped
            .filter(why -> Grouped.is(loss))
            .map(
                why ->
                    Problem.of(
                        "group",
                        name + " on responses without prompts: " + why,
                        "the prompt of each response, prompt_id",
                        "--columns prompt_id=NAME"))
            .toList());
    Option<Scoring> whole = Option.when(fromLogits(), () -> scoring(loss, Surface.LOGITS));
    Scoring main =
        whole.filter(w -> needsLogits(loss)).getOrElse(() -> scoring(loss, Surface.STATISTICS));
    TokenScores tokens = tokens(main, whole);
    Score score =
        new Score(
            name,
            main.value(),
            tokens.below().map(Scorer::mean),
            tokens.above().map(Scorer::mean),
            clipFraction(main, "low"),
            clipFraction(main, "high"),
            kl(),
            tokens.weight().map(Scorer::norm),
            tokens.weight().map(Scorer::shareOfZeros),
            tokens.entropy().map(Scorer::mean),
            tokens.natural().map(Scorer::sum),
            tokens.onLogits().map(Scorer::sum),
            main.saturated(),
            main.metrics(),
            ScoreNotes.of(main, tokens, fromLogits(), clipFraction(main, "low").isDefined()));
    return new Scored(score, tokens);
  }

  private TokenScores tokens(Scoring main, Option<Scoring> whole) {
    Option<double[]> weight =
        main.gradient(Columns.LOG_PROB).filter(w -> main.otherStatistics().isEmpty());
    Option<double[]> entropy = samples.column(Columns.ENTROPY);
    Option<double[]> logProb = samples.column(Columns.LOG_PROB);
    Map<String, String> notes =
        note("ratio", main.ratioTerm()).merge(note("advantage", main.advantageTerm()));
    return new TokenScores(
        main.ratio(),
        main.advantage(),
        weight,
        main.below(),
        main.above(),
        entropy,
        weight.flatMap(w -> entropy.map(h -> Forecast.natural(w, logProb.get(), h))),
        whole
            .flatMap(scoring -> scoring.gradient(BoundLoss.LOGITS))
            .map(g -> Forecast.onLogits(samples.grid(BoundLoss.LOGITS).get(), g, temperature)),
        notes);
  }

  private static Map<String, String> note(String column, Either<String, NamedTerm> term) {
    String note =
        term.fold(
            why -> why,
            found ->
                found.inner() == 0
                    ? ""
                    : "the outermost of " + (found.inner() + 1) + " terms of that name");
    return note.isEmpty() ? LinkedHashMap.empty() : LinkedHashMap.of(column, note);
  }

  /** A metric of an objective that logs one of that name; a sum of two logs several. */
  private static Option<Double> clipFraction(Scoring main, String side) {
    Map<String, Double> logged =
        main.metrics().filterKeys(name -> name.startsWith(CLIP_FRACTION + side));
    return Option.when(logged.size() == 1, () -> logged.head()._2);
  }

  /** Whether an objective reads statistics of the policy that are no columns. */
  private boolean needsLogits(Loss loss) {
    Set<String> columns = samples.columns();
    return !columns.containsAll(Scoring.statistics(loss, columns.addAll(samples.grids())));
  }

  private double kl() {
    double[] now = samples.column(Columns.LOG_PROB).get();
    double[] old = samples.column(Columns.OLD_LOG_PROB).getOrElse(now);
    double sum = 0;
    for (int t = 0; t < now.length; t++) {
      sum += old[t] - now[t];
    }
    return sum / now.length;
  }

  private Scoring scoring(Loss loss, Surface surface) {
    Seq<String> names = loss.parameters().map(Parameter::name);
    Map<String, Double> own =
        parameters
            .put(Columns.TEMPERATURE, temperature)
            .filterKeys(
                name ->
                    names.contains(name)
                        || (surface == Surface.LOGITS && name.equals(Columns.TEMPERATURE)));
    return new Scoring(loss, surface, precision, device, samples, own);
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElse(0);
  }

  private static double sum(double[] x) {
    return Arrays.stream(x).sum();
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(y -> y * y).sum());
  }

  private static double shareOfZeros(double[] x) {
    return Arrays.stream(x).filter(y -> y == 0).count() / (double) x.length;
  }
}
