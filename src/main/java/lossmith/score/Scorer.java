package lossmith.score;

import io.vavr.Lazy;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledNodes;
import lossmith.ops.memory.Precision;
import lossmith.pieces.OneMachine;
import lossmith.pieces.PieceEngine;
import lossmith.pieces.PieceView;
import lossmith.pieces.PieceWork;
import lossmith.pieces.Pieces;
import lossmith.pieces.StreamedNodes;
import lossmith.pieces.Watch;
import lossmith.storage.MemoryBudget;

/**
 * Scores objectives on one set of rollouts, all of them on one policy: with logits every statistic
 * of the policy (log π, entropy, …) is computed from them at the temperature asked for, and a
 * column that disagrees with them is an error; without, the columns are the policy, and no other
 * temperature than theirs can be asked for. Columns of other policies are never computed again.
 */
public final class Scorer {
  private static final double USUAL_TEMPERATURE = BoundLoss.TEMPERATURE.initial();

  private final PieceEngine engine;
  private final PieceView view;

  /** What columns there are is asked of the first piece, for every objective. */
  private final Lazy<Samples> first;

  private final Map<String, Double> parameters;
  private final double temperature;
  private final Precision precision;
  private final String device;
  private final Option<Seq<Loss>> among;
  private final MissingGroups missing;

  /**
   * A scorer of columns that were recorded at temperature 1.
   *
   * @param samples the rollouts
   * @param parameters values by name, and the temperature
   * @param precision the type of the numbers
   */
  public Scorer(Samples samples, Map<String, Double> parameters, Precision precision) {
    this(samples, parameters, precision, "CPU", USUAL_TEMPERATURE);
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
    this(
        new OneMachine(
            Pieces.of(
                OnePolicy.of(
                    samples, parameters.getOrElse(Columns.TEMPERATURE, recorded), recorded))),
        PieceView.AS_RECORDED,
        parameters,
        parameters.getOrElse(Columns.TEMPERATURE, recorded),
        precision,
        device);
  }

  /** A scorer of pieces, so seen that every statistic of the policy is from one source. */
  private Scorer(
      PieceEngine engine,
      PieceView view,
      Map<String, Double> parameters,
      double temperature,
      Precision precision,
      String device) {
    this.engine = engine;
    this.view = view;
    this.first = Lazy.of(() -> view.of(engine.pieces().piece(0)));
    this.parameters = parameters.remove(Columns.TEMPERATURE);
    this.temperature = temperature;
    this.precision = precision;
    this.device = device;
    this.among = Option.none();
    this.missing = MissingGroups.NONE;
  }

  private Scorer(Scorer same, Option<Seq<Loss>> among, MissingGroups missing) {
    this.engine = same.engine;
    this.view = same.view;
    this.first = same.first;
    this.parameters = same.parameters;
    this.temperature = same.temperature;
    this.precision = same.precision;
    this.device = same.device;
    this.among = among;
    this.missing = missing;
  }

  /**
   * {@return a scorer of rollouts of any size, of which a piece is in memory at a time}
   *
   * @param engine who has the rollouts and computes
   * @param parameters values by name, and the temperature; without it that of the columns
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}
   * @param recorded the temperature at which log π, entropy and other statistics were recorded
   * @throws lossmith.dsl.ProblemException as for samples, some of them when a piece is read
   */
  public static Scorer of(
      PieceEngine engine,
      Map<String, Double> parameters,
      Precision precision,
      String device,
      double recorded) {
    Option<Samples> whole = engine.whole();
    if (whole.isDefined()) {
      return new Scorer(whole.get(), parameters, precision, device, recorded);
    }
    double temperature = parameters.getOrElse(Columns.TEMPERATURE, recorded);
    return new Scorer(
        engine,
        new OnePolicyView(temperature, recorded),
        parameters,
        temperature,
        precision,
        device);
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
    Option<Seq<Loss>> all = Option.some(List.ofAll(losses));
    Problem.throwAll(Parameters.problems(parameters, all.get()));
    return new Scorer(this, all, missing);
  }

  /**
   * {@return this scorer, which refuses objectives that compare the responses of a prompt, if it is
   * not known which belong together}
   *
   * @param why why that is not known, if it is not
   */
  public Scorer ungrouped(Option<String> why) {
    return new Scorer(this, among, missing.ungrouped(why));
  }

  /**
   * {@return this scorer, which refuses objectives of pairs, if the responses are not in pairs}
   *
   * @param why why they are not, if they are not
   */
  public Scorer unpaired(Option<String> why) {
    return new Scorer(this, among, missing.unpaired(why));
  }

  /** The first piece of the rollouts, every statistic of the policy from one source. */
  Samples first() {
    return first.get();
  }

  /** {@return T of the policy that is scored} */
  public double temperature() {
    return temperature;
  }

  /** {@return whether the statistics of the policy are computed from logits} */
  public boolean fromLogits() {
    return first.get().grids().contains(BoundLoss.LOGITS);
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
    return scores(LinkedHashMap.of(name, ready(name, loss)), TokenSink.NONE, usual(), Watch.NONE)
        .head();
  }

  /**
   * {@return the row of an objective and its numbers per token, all in memory}
   *
   * @param name what it is called
   * @param loss the objective
   * @throws lossmith.dsl.ProblemException as {@link #score}
   */
  public Scored scored(String name, Loss loss) {
    CollectedTokens tokens = new CollectedTokens(engine.pieces());
    Score score =
        scores(LinkedHashMap.of(name, ready(name, loss)), tokens, usual(), Watch.NONE).head();
    return new Scored(score, tokens.whole());
  }

  private static MemoryBudget usual() {
    return new MemoryBudget(MemoryBudget.usual());
  }

  /**
   * {@return an objective that these rollouts can be scored of}
   *
   * @param name what it is called
   * @param loss the objective
   * @throws lossmith.dsl.ProblemException as {@link #score}
   */
  public Ready ready(String name, Loss loss) {
    Problem.throwAll(Parameters.problems(parameters, among.getOrElse(List.of(loss))));
    Problem.throwAll(missing.problems(name, loss));
    Samples some = first.get();
    ScoreNodes nodes = new ScoreNodes(loss, some.columns(), some.grids(), parameters, precision);
    Problem.throwAll(
        CompiledNodes.problems(nodes.batch().merge(nodes.perToken()), some, precision));
    return new Ready(nodes);
  }

  /** An objective whose every column is there. */
  public static final class Ready {
    private final ScoreNodes nodes;

    private Ready(ScoreNodes nodes) {
      this.nodes = nodes;
    }

    ScoreNodes nodes() {
      return nodes;
    }

    /** {@return where its importance ratio is clipped, if it is} */
    public Option<ClipBounds> clip() {
      return nodes.clip();
    }

    /** {@return why a ratio or an advantage of its tokens is missing, or which one it is} */
    public Map<String, String> tokenNotes() {
      return ScoreRows.notes(nodes);
    }

    /** {@return whether its tokens have a gradient: one of log π alone} */
    public boolean hasGradient() {
      return nodes.perToken().containsKey("weight");
    }
  }

  /**
   * {@return the rows of several objectives, from the same passes over the rollouts: what they
   * share is computed once}
   *
   * @param objectives by name
   * @param sink takes their numbers per token
   * @param budget what may be in memory of columns that all rollouts together determine
   * @param watch is told of progress
   */
  public Seq<Score> scores(
      Map<String, Ready> objectives, TokenSink sink, MemoryBudget budget, Watch watch) {
    PieceWork work =
        new PieceWork(
            ObjectiveNodes.of(objectives, sink != TokenSink.NONE),
            precision,
            device,
            LinkedHashMap.of(Columns.TEMPERATURE, temperature),
            view);
    Map<String, Double> numbers =
        new StreamedNodes(work).run(engine, ObjectiveNodes.sink(objectives, sink), budget, watch);
    boolean logits = fromLogits();
    return objectives
        .map(
            one ->
                ScoreRows.row(one._1, one._2.nodes(), ObjectiveNodes.only(one._1, numbers), logits))
        .toVector();
  }
}
