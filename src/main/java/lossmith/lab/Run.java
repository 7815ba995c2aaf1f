package lossmith.lab;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.Sampler;
import lossmith.lab.sink.MetricSink;
import lossmith.lab.task.Task;

/**
 * One run: an objective trains a policy on a task. It may be stopped, or killed, at any moment, and
 * goes on from its folder with the numbers that it would have had.
 *
 * @param task what is learnt
 * @param objective what trains
 * @param settings how
 * @param controllers of coefficients
 * @param checkpointEvery after how many steps what it has become is written down
 * @param kept of every step beside its numbers
 */
public record Run(
    Task task,
    Trainable objective,
    TrainingSettings settings,
    Controllers controllers,
    int checkpointEvery,
    Set<Kept> kept) {
  /** Changes whenever the same settings give other numbers. */
  private static final int VERSION = 1;

  private static final int MOST = 1_000_000;

  private static final Set<String> LOST = HashSet.of(Finite.CODE, Updater.DIVERGED, Sampler.LOST);

  /** Checks what belongs together. */
  public Run {
    Problem.throwAll(
        controllers
            .problems(objective)
            .appendAll(TrainingSettings.whole("checkpoint-every", checkpointEvery, 1, MOST))
            .appendAll(
                TrainingSettings.whole(
                    "minibatches",
                    settings.updating().minibatches(),
                    1,
                    settings.sampling().prompts()))
            .appendAll(GivenColumns.problems(task, objective, settings)));
  }

  /** Who looks on. */
  @FunctionalInterface
  public interface Watch {
    /** Takes the numbers of a step; step 0 is the start policy. */
    void step(long step, Map<String, Double> numbers);
  }

  /**
   * How a run ended.
   *
   * @param steps how many steps are made
   * @param why it ended before its last step, if it did so by itself
   * @param stopped whether it was asked to stop
   */
  public record End(long steps, Option<Problem> why, boolean stopped) {}

  /** {@return whether it is what training came to, and not what was asked for} */
  public static boolean isLost(ProblemException failed) {
    return failed.problems().map(Problem::code).forAll(LOST::contains);
  }

  /** {@return the same run with other settings} */
  public Run with(TrainingSettings other) {
    return new Run(task, objective, other, controllers, checkpointEvery, kept);
  }

  /** {@return all that decides the numbers of this run, a line each} */
  String described(Network network, Start start) {
    Map<String, Object> lines =
        LinkedHashMap.<String, Object>of("version", VERSION)
            .put("recipe", objective.name())
            .put("objective", objective.loss().fingerprint())
            .put("seed", settings.seed())
            .put("sampling", settings.sampling())
            .put("updating", settings.updating())
            .put("measuring", settings.measuring())
            .put("parameters", settings.parameters())
            .put("controllers", controllers)
            .merge(
                objective.readsCritic()
                    ? LinkedHashMap.of("discounting", settings.discounting())
                    : LinkedHashMap.empty());
    return lines.map(line -> line._1 + ": " + line._2 + "\n").mkString()
        + task(task)
        + "\n"
        + network(network)
        + "\n"
        + start.described();
  }

  /** The line of the task. */
  static String task(Task task) {
    return "task: " + task.getClass().getName();
  }

  /** The line of the network. */
  static String network(Network network) {
    return "network: " + network.size();
  }

  /**
   * Trains.
   *
   * @param network the network
   * @param start what it starts from
   * @param folder where the run is kept
   * @param resume whether it goes on where there is one
   * @param sinks makes what takes the numbers, given the last step that is kept; -1 for none
   * @param watch who looks on
   * @param stop asked before each step whether to stop
   */
  public End run(
      Network network,
      Start start,
      RunFolder folder,
      boolean resume,
      Sinks sinks,
      Watch watch,
      BooleanSupplier stop)
      throws IOException {
    Option<Path> checkpoint = folder.open(described(network, start), resume);
    Map<String, Double> coefficients = controllers.initial(objective, settings.parameters());
    int head = Critic.weights(objective, network);
    try (Training training = new Training(task, objective, settings, controllers, network);
        TrainingState state =
            checkpoint.isDefined()
                ? TrainingState.read(checkpoint.get(), head, coefficients)
                : TrainingState.of(start, head, coefficients);
        Opened rows = new Opened(sinks.open(checkpoint.isDefined() ? state.step : -1))) {
      if (checkpoint.isEmpty()) {
        report(0, found(training, state, folder, () -> training.measure(state)), rows, watch);
        state.write(folder.checkpoint());
      }
      Option<Problem> ended = training.ended(state);
      while (ended.isEmpty() && !settings.isEnd(state.step, state.tokens)) {
        if (stop.getAsBoolean()) {
          training.writeBatch(state, folder.batch());
          state.write(folder.checkpoint());
          return new End(state.step, Option.none(), true);
        }
        Map<String, Double> numbers = found(training, state, folder, () -> training.step(state));
        ended = training.ended(state);
        boolean last = ended.isDefined() || settings.isEnd(state.step, state.tokens);
        if (last || state.step % settings.measuring().every() == 0) {
          numbers = numbers.merge(found(training, state, folder, () -> training.measure(state)));
        }
        report(state.step, numbers, rows, watch);
        training.writeKept(state, kept, folder);
        if (last) {
          training.writeBatch(state, folder.batch());
        }
        if (last || state.step % checkpointEvery == 0) {
          state.write(folder.checkpoint());
        }
      }
      return new End(state.step, ended, false);
    }
  }

  /** Of a step in which the run is lost its batch is kept: it is what one wants to look at. */
  private static Map<String, Double> found(
      Training training,
      TrainingState state,
      RunFolder folder,
      Supplier<Map<String, Double>> numbers) {
    try {
      return numbers.get();
    } catch (ProblemException failed) {
      if (!isLost(failed)) {
        throw failed;
      }
      ProblemException lost =
          new ProblemException(failed.problems().map(problem -> at(state.step, problem)));
      try {
        boolean unused = Files.deleteIfExists(folder.batch());
        training.writeBatch(state, folder.batch());
      } catch (IOException e) {
        lost.addSuppressed(e);
      }
      throw lost;
    }
  }

  private static Problem at(long step, Problem problem) {
    return Problem.of(
        problem.code(),
        "step " + step + ": " + problem.wrote(),
        problem.expected(),
        problem.remedy());
  }

  private static void report(long step, Map<String, Double> numbers, Opened rows, Watch watch)
      throws IOException {
    for (MetricSink sink : rows.sinks()) {
      sink.row(step, numbers);
    }
    watch.step(step, numbers);
  }

  /** Makes what takes the numbers. */
  @FunctionalInterface
  public interface Sinks {
    /**
     * {@return what takes the numbers}
     *
     * @param last the last step whose numbers are kept; -1 for none
     */
    Seq<MetricSink> open(long last) throws IOException;
  }

  private record Opened(Seq<MetricSink> sinks) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      for (MetricSink sink : sinks) {
        sink.close();
      }
    }
  }
}
