package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Problem;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Sampler;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Prompts;
import lossmith.lab.task.Seeds;
import lossmith.lab.task.Task;

/**
 * Steps of training: a batch is sampled and judged, and updates the policy several times. The loss
 * and its gradient are those of the compiled objective.
 */
final class Training implements AutoCloseable {
  /** After so many steps without anything to learn, nothing will come. */
  private static final int FLAT = 10;

  /** One prompt in so many of a batch tells how the entropy changes. */
  private static final int WATCHED = 4;

  private static final double SECOND = 1e9;

  private final Network network;
  private final Task task;
  private final Trainable objective;
  private final TrainingSettings settings;
  private final Controllers controllers;
  private final Sampler sampler;
  private final Updater updater;
  private final Passing passing;
  private final Option<Critic> critic;

  /** What was sampled last. */
  private Option<Batch> last = Option.none();

  Training(
      Task task,
      Trainable objective,
      TrainingSettings settings,
      Controllers controllers,
      Network network) {
    this.network = network;
    this.task = task;
    this.objective = objective;
    this.settings = settings;
    this.controllers = controllers;
    this.sampler = new Sampler(network, Alphabet.END);
    this.updater = new Updater(objective, settings, network, task);
    this.passing = new Passing(task, settings);
    this.critic = Critic.of(objective, settings, network);
  }

  /** {@return what the policy can do on held-out prompts} */
  Map<String, Double> measure(TrainingState state) {
    return passing.measure(sampler, state.policy);
  }

  /** Why a run cannot go on, or need not. */
  Option<Problem> ended(TrainingState state) {
    return Option.when(
        state.flat >= FLAT,
        () ->
            Problem.of(
                "rewards",
                "step "
                    + state.step
                    + ": for "
                    + FLAT
                    + " steps all rewards of a batch were equal, or no gradient was left",
                "rewards that differ",
                "another task, more --prompts, more --warm-steps where nothing is right yet, a"
                    + " smaller --learning-rate where it was right before, or fewer --steps where"
                    + " all of it is learnt"));
  }

  /**
   * Makes a step.
   *
   * @return its numbers
   * @throws lossmith.dsl.ProblemException where a number is none, or the policy is lost; the state
   *     is then of no use
   */
  Map<String, Double> step(TrainingState state) {
    long began = System.nanoTime();
    state.step++;
    last = Option.none();
    Batch batch = sampled(state);
    int drawnBeside = updater.begin(state, batch);
    last = Option.some(batch);
    double entropy = UpdateNumbers.mean(batch.entropies());
    long drawn = System.nanoTime();
    Map<String, Double> coefficients = controllers.applied(state.coefficients, entropy);
    UpdateNumbers updates = new UpdateNumbers();
    EntropyChange change =
        new EntropyChange(
            network,
            state.policy,
            batch.of(Vector.range(0, (batch.groups() + WATCHED - 1) / WATCHED)).texts(),
            settings.sampling().temperature());
    for (int epoch = 0; epoch < settings.updating().epochs(); epoch++) {
      for (Seq<Integer> groups : order(state.step, epoch, batch.groups())) {
        updater.update(state, coefficients, batch.of(groups), updates);
      }
    }
    state.coefficients =
        controllers.next(state.coefficients, updates.divergence(), entropy, batch.drawn().size());
    reset(state);
    boolean equal = batch.rewards().distinct().size() == 1 && objective.readsRewards();
    state.flat = equal || updates.isWithoutGradient() ? state.flat + 1 : 0;
    int tokens = batch.texts().tokens() + drawnBeside;
    state.tokens += tokens;
    double seconds = (System.nanoTime() - began) / SECOND;
    return described(batch, entropy)
        .merge(critic.map(one -> one.numbers(batch)).getOrElse(LinkedHashMap.empty()))
        .merge(updates.means())
        .merge(change.after(state.policy))
        .merge(state.coefficients.mapKeys(name -> "lossmith/coefficient/" + name))
        .put("actor/lr", settings.updating().rate())
        .put("training/global_step", (double) state.step)
        .put("training/tokens", (double) state.tokens)
        .put("timing_s/gen", (drawn - began) / SECOND)
        .put("timing_s/network", updates.networkSeconds())
        .put("timing_s/loss", updates.lossSeconds())
        .put("timing_s/step", seconds)
        .put("perf/throughput", tokens / seconds);
  }

  /**
   * Writes what the updates of the last step learnt from, if there was one: beside the numbers that
   * it was drawn with those of the policy as it is now, of the reference, and what was made for the
   * objective. Where nothing was learnt it is all that was sampled.
   */
  void writeBatch(TrainingState state, Path file) throws IOException {
    for (Batch batch : last) {
      Batch learnt = updater.rows(batch);
      boolean any = learnt.groups() > 0;
      BatchFile written = written(state, any ? learnt : batch);
      if (any) {
        updater.ofResponses(state, learnt).forEach(written::putOfResponses);
      }
      written.write(file);
    }
  }

  /** Writes what was sampled last as tables, as far as they are kept. */
  void writeKept(TrainingState state, Set<Kept> kept, RunFolder folder) throws IOException {
    for (BatchFile batch : last.filter(any -> !kept.isEmpty()).map(all -> written(state, all))) {
      if (kept.contains(Kept.ROLLOUTS)) {
        batch.writeTable(folder.rollouts(state.step));
      }
      if (kept.contains(Kept.TOKENS)) {
        batch.writeTokens(folder.tokens(state.step));
      }
    }
  }

  private BatchFile written(TrainingState state, Batch batch) {
    BatchFile written = new BatchFile(batch, task.symbols(), state.step);
    double[][] policy = logPi(state.policy, batch);
    int[] sampled = batch.texts().sampled();
    written.put(Columns.LOG_PROB, LogProbs.at(policy, sampled));
    written.put(
        Columns.ENTROPY,
        Vector.of(policy).toJavaStream().mapToDouble(EntropyChange::entropy).toArray());
    written.put(Columns.REFERENCE_LOG_PROB, LogProbs.at(logPi(state.reference, batch), sampled));
    if (objective.reads(Columns.TOKEN_REWARD)) {
      written.put(Columns.TOKEN_REWARD, batch.tokenRewards());
    }
    critic.forEach(one -> one.columns(state, batch).forEach(written::put));
    return written;
  }

  private double[][] logPi(NetworkWeights weights, Batch batch) {
    return LogProbs.of(network, weights, batch.texts(), settings.sampling().temperature());
  }

  private Batch sampled(TrainingState state) {
    TrainingSettings.Sampling how = settings.sampling();
    Seq<String> prompts =
        Vector.range(0, how.prompts())
            .map(
                i ->
                    Prompts.training(
                        task, Seeds.random(settings.seed(), Streams.PROMPTS, state.step, i)))
            .flatMap(prompt -> Vector.fill(how.group(), prompt));
    Batch batch =
        new Answers(sampler, task, how.temperature())
            .of(
                state.policy,
                prompts,
                how.group(),
                row -> Seeds.random(settings.seed(), Streams.RESPONSES, state.step, row));
    return critic.map(one -> one.valued(state, batch)).getOrElse(batch);
  }

  /** The groups in a random order, cut into parts. */
  private Seq<Seq<Integer>> order(long step, int epoch, int groups) {
    List<Integer> shuffled = new ArrayList<>(Vector.range(0, groups).asJava());
    long seed = Seeds.random(settings.seed(), Streams.ORDER, step, epoch).nextLong();
    Collections.shuffle(shuffled, new Random(seed));
    int parts = settings.updating().minibatches();
    return Vector.range(0, parts)
        .map(
            part ->
                (Seq<Integer>)
                    Vector.ofAll(
                        shuffled.subList(part * groups / parts, (part + 1) * groups / parts)))
        .filter(Seq::nonEmpty);
  }

  private void reset(TrainingState state) {
    int every = settings.updating().resetEvery();
    if (every > 0 && state.step % every == 0) {
      state.reference.set(state.numbers);
      // Implicit rewards are those of the old reference.
      state.rewards = 0;
      state.rewarded = 0;
    }
  }

  private static Map<String, Double> described(Batch batch, double entropy) {
    Seq<Double> lengths = batch.drawn().map(one -> (double) one.text().length());
    double cut = batch.drawn().count(one -> !one.finished());
    return LinkedHashMap.<String, Double>empty()
        .put("actor/entropy", entropy)
        .put("critic/rewards/mean", batch.rewards().average().get())
        .put("critic/rewards/max", batch.rewards().max().get())
        .put("critic/rewards/min", batch.rewards().min().get())
        .put("response_length/mean", lengths.average().get())
        .put("response_length/max", lengths.max().get())
        .put("response_length/min", lengths.min().get())
        .put("response_length/clip_ratio", cut / batch.drawn().size());
  }

  @Override
  public void close() {
    updater.close();
  }
}
