package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.Texts;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Task;
import lossmith.ops.Compile;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;

/**
 * Updates of a policy: logits from the network, loss and dL/dlogits from the compiled objective,
 * dL/dweights from the network again, a step of Adam.
 */
final class Updater implements AutoCloseable {
  /** Nats per token from the policy that sampled, beyond which nothing is left of it. */
  private static final double LOST = 10;

  static final String DIVERGED = "diverged";

  /** Rows of a chunk at most; the vocabulary of a task is small. */
  private static final int MOST_ROWS = 2048;

  /** The parameter by which a random selection differs from step to step. */
  private static final String STEP = "step";

  private final Trainable objective;
  private final boolean logProbAlone;
  private final TrainingSettings settings;
  private final Network network;
  private final Alphabet alphabet;
  private final Option<Critic> critic;
  private final GivenColumns given;
  private final FusedLoss loss;

  Updater(Trainable objective, TrainingSettings settings, Network network, Task task) {
    this.objective = objective;
    this.logProbAlone = objective.movesLogProbAlone();
    this.settings = settings;
    this.network = network;
    this.alphabet = task.symbols();
    this.critic = Critic.of(objective, settings, network);
    this.given = new GivenColumns(objective, settings, network, task);
    this.loss =
        Compile.of(objective.loss())
            .vocabulary(alphabet.size())
            .rows(rows(settings, given.most(settings.sampling().group()), task.longestResponse()))
            .logits();
  }

  /**
   * As many as the part of a batch may have, so that it is one chunk, which no thread waits for.
   */
  private static int rows(TrainingSettings settings, int responses, int longest) {
    int parts = settings.updating().minibatches();
    long groups = ((long) settings.sampling().prompts() + parts - 1) / parts;
    return (int) Math.min(MOST_ROWS, groups * responses * longest);
  }

  /**
   * Takes the batch of a step before it updates by it.
   *
   * @return how many tokens were drawn beside it
   */
  int begin(TrainingState state, Batch batch) {
    return given.begin(state, batch);
  }

  /** What updates learn from, of the groups that they are to learn from. */
  Batch rows(Batch batch) {
    return given.rows(batch);
  }

  /** What was made for the objective, a number for each response that updates learnt from. */
  Map<String, double[]> ofResponses(TrainingState state, Batch rows) {
    Seq<String> made = objective.made();
    if (made.isEmpty()) {
      return LinkedHashMap.empty();
    }
    try (Network.Forward forward = network.forward(state.policy, rows.texts())) {
      Samples samples =
          given.shown(
              rows.samples(Option.none(), objective.readsPairs()),
              new GivenColumn.Update(
                  state, rows, forward.logits(), settings.parameters(), new UpdateNumbers()));
      return made.toLinkedMap(name -> name, name -> ofResponses(samples, name));
    }
  }

  private static double[] ofResponses(Samples samples, String column) {
    double[] numbers = samples.column(column).get();
    int[] at = samples.parents(Level.Name.SEQUENCE, samples.level(column).get());
    return Arrays.stream(at).mapToDouble(i -> numbers[i]).toArray();
  }

  /**
   * Updates the policy by a part of a batch: by its responses, or by pairs or triples of them where
   * the objective is one of those.
   *
   * @param state what is updated
   * @param coefficients parameters that controllers have set
   * @param part whole groups
   * @param numbers takes what is found
   */
  void update(
      TrainingState state, Map<String, Double> coefficients, Batch part, UpdateNumbers numbers) {
    updateBy(state, coefficients, given.rows(part), numbers);
  }

  private void updateBy(
      TrainingState state, Map<String, Double> coefficients, Batch part, UpdateNumbers numbers) {
    if (part.groups() == 0) {
      return;
    }
    Texts texts = part.texts();
    Map<String, Double> parameters = parameters(state, coefficients);
    Finite finite = new Finite(objective.loss(), parameters, alphabet);
    long began = System.nanoTime();
    try (ReferenceNumbers reference =
            ReferenceNumbers.of(
                objective, network, state.reference, texts, settings.sampling().temperature());
        Network.Forward forward = network.forward(state.policy, texts);
        Matrix gradient = Matrix.zeros(Precision.FLOAT32, texts.tokens(), alphabet.size())) {
      Option<Critic.Judgement> valued = critic.map(one -> one.at(state, forward));
      long read = System.nanoTime();
      refuse(finite.logits(part, forward.logits()));
      refuse(valued.flatMap(by -> finite.values(part, by.values())));
      Samples made =
          given.with(
              part.samples(reference.sampled(), objective.readsPairs()),
              new GivenColumn.Update(state, part, forward.logits(), parameters, numbers));
      Samples samples = valued.map(by -> by.told(part, made)).getOrElse(made);
      long clean = System.nanoTime();
      Evaluation found =
          loss.evaluate(
              samples,
              new Policy.Logits(forward.logits(), reference.grids(), gradient),
              parameters);
      long judged = System.nanoTime();
      refuse(finite.loss(part, () -> reference.whole(samples), forward.logits(), gradient, found));
      double kl = moved(part, samples, forward.logits());
      long checked = System.nanoTime();
      float[] slopes =
          valued
              .map(by -> by.gradient(forward, gradient, found))
              .getOrElse(() -> forward.gradient(gradient));
      double norm =
          state.adam.step(
              state.numbers, slopes, settings.updating().rate(), settings.updating().norm());
      numbers.add(found, norm, kl, divergence(samples));
      valued.forEach(by -> numbers.add("critic/vf_loss", by.error(samples)));
      if (logProbAlone) {
        numbers.add(
            EntropyChange.NATURAL,
            EntropyChange.natural(
                forward.logits(), gradient, texts.sampled(), settings.sampling().temperature()));
      }
      numbers.took(read - began + System.nanoTime() - checked, judged - clean);
    }
    state.policy.set(state.numbers);
  }

  private Map<String, Double> parameters(TrainingState state, Map<String, Double> coefficients) {
    Map<String, Double> given =
        coefficients
            .merge(settings.parameters())
            .put(Columns.TEMPERATURE, settings.sampling().temperature());
    return loss.parameters().containsKey(STEP) ? given.put(STEP, (double) state.step) : given;
  }

  private static void refuse(Option<Problem> found) {
    for (Problem problem : found) {
      throw problem.exception();
    }
  }

  /** The mean over tokens of log π_old − log π. */
  private double moved(Batch part, Samples samples, Matrix logits) {
    double[] old = samples.column(Columns.OLD_LOG_PROB).get();
    double[] now = logProbs(logits, samples.sampled().get());
    double kl = UpdateNumbers.mean(old) - UpdateNumbers.mean(now);
    refuse(
        Option.when(
            Math.abs(kl) > LOST,
            () -> {
              int most = farthest(old, now);
              return Problem.of(
                  DIVERGED,
                  "a policy that is "
                      + kl
                      + " nats per token from that which sampled, most at token "
                      + most
                      + ", "
                      + part.around(alphabet, most),
                  "at most " + LOST,
                  "a smaller --learning-rate or --clip-norm");
            }));
    return kl;
  }

  private static int farthest(double[] old, double[] now) {
    int most = 0;
    for (int t = 1; t < old.length; t++) {
      most = Math.abs(old[t] - now[t]) > Math.abs(old[most] - now[most]) ? t : most;
    }
    return most;
  }

  /** The mean of log π_old − log π_ref over the tokens that the policy drew. */
  static Option<Double> divergence(Samples samples) {
    return samples
        .column(Columns.REFERENCE_LOG_PROB)
        .map(reference -> divergence(samples, reference));
  }

  private static double divergence(Samples samples, double[] reference) {
    int[] response = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    Option<double[]> theirs = samples.column(RivalResponses.NAME);
    double[] old = samples.column(Columns.OLD_LOG_PROB).get();
    return IntStream.range(0, old.length)
        .filter(t -> theirs.isEmpty() || theirs.get()[response[t]] == 0)
        .mapToDouble(t -> old[t] - reference[t])
        .average()
        .orElse(0);
  }

  private double[] logProbs(Matrix logits, int[] sampled) {
    return LogProbs.at(LogProbs.rows(logits, settings.sampling().temperature()), sampled);
  }

  @Override
  public void close() {
    loss.close();
  }
}
