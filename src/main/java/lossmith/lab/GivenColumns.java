package lossmith.lab;

import io.vavr.collection.HashSet;
import io.vavr.collection.Iterator;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.Sampler;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.Prompts;
import lossmith.lab.task.Seeds;
import lossmith.lab.task.Task;

/**
 * The columns that an objective reads beside those of every batch, as far as the lab makes them.
 */
final class GivenColumns {
  /** All that there are, each with its level. */
  static final Map<String, Level.Name> LEVELS =
      LinkedHashMap.of(
          RivalResponses.NAME, Level.Name.SEQUENCE,
          MismatchedResponses.NAME, Level.Name.SEQUENCE,
          OptimalValues.NAME, Level.Name.GROUP,
          Triples.NAME, Level.Name.SEQUENCE,
          RewardShift.NAME, Level.Name.BATCH);

  /** Those that are made by asking the reference. */
  static final Set<String> OF_REFERENCE = LEVELS.keySet().remove(Triples.NAME);

  /** What they hold, in words. */
  static final Map<String, String> TOLD =
      LinkedHashMap.of(
          RivalResponses.NAME, "which of a pair the reference gave, the other being the policy's",
          MismatchedResponses.NAME, "log π − log π_ref of responses to other prompts",
          OptimalValues.NAME,
              OptimalValues.BETA
                  + "·log mean exp(R / "
                  + OptimalValues.BETA
                  + ") over "
                  + OptimalValues.RESPONSES
                  + " responses of the reference to a prompt",
          Triples.NAME, "0, 1 and -1 of the best, the second and the worst response to a prompt",
          RewardShift.NAME, "the mean of beta·(log π − log π_ref) over all responses so far");

  /** Of so many prompts in a row some differ, unless a task has but one. */
  private static final int TRIES = 1_000;

  private final boolean pairs;
  private final Seq<GivenColumn> columns;

  GivenColumns(Trainable objective, TrainingSettings settings, Network network, Task task) {
    double temperature = settings.sampling().temperature();
    Answers answers = new Answers(new Sampler(network, Alphabet.END), task, temperature);
    Map<String, Supplier<GivenColumn>> makers =
        LinkedHashMap.of(
            RivalResponses.NAME, () -> new RivalResponses(answers, network, settings.seed()),
            Triples.NAME, Triples::new,
            MismatchedResponses.NAME, () -> new MismatchedResponses(network, temperature),
            OptimalValues.NAME, () -> new OptimalValues(answers, settings.seed()),
            RewardShift.NAME, () -> new RewardShift(beta(objective.loss()).get(), temperature));
    this.pairs = objective.readsPairs() && !objective.reads(RivalResponses.NAME);
    this.columns = makers.filterKeys(objective::reads).values().map(Supplier::get).toVector();
  }

  private static Option<Double> beta(Loss loss) {
    return loss.parameters()
        .find(parameter -> parameter.name().equals(RewardShift.BETA))
        .map(parameter -> parameter.range().initial());
  }

  /**
   * {@return why the columns that an objective reads cannot be made for it, if they cannot}
   *
   * @param name of the objective
   * @param loss the objective
   * @param reads the columns that it reads
   */
  static Seq<Problem> problems(String name, Loss loss, Set<String> reads) {
    Set<String> sides = reads.intersect(HashSet.of(Columns.SIGN, RivalResponses.NAME));
    return List.of(
            Option.when(
                reads.contains(Triples.NAME) && sides.nonEmpty(),
                () ->
                    Problem.of(
                        "recipe",
                        name + ", which reads " + Triples.NAME + " and " + sides.mkString(", "),
                        "an objective of three ranked responses to a prompt, or one of two",
                        "one of these columns")),
            Option.when(
                reads.contains(RewardShift.NAME)
                    && (beta(loss).isEmpty() || !reads.contains(Columns.REFERENCE_LOG_PROB)),
                () ->
                    Problem.of(
                        "recipe",
                        name + ", which reads " + RewardShift.NAME + " beside other rewards",
                        "rewards that are "
                            + RewardShift.BETA
                            + "·(log π − log π_ref), of which it is the mean",
                        "an objective of ref_log_prob with parameter(\"beta\", …)")))
        .flatMap(problem -> problem);
  }

  /** {@return what a run does not have that the columns of its objective are made of} */
  static Seq<Problem> problems(Task task, Trainable objective, TrainingSettings settings) {
    int group = settings.sampling().group();
    return List.of(
            Option.when(
                objective.reads(Triples.NAME) && group < Triples.SIZE,
                () ->
                    Problem.of(
                        "group",
                        "--group " + group + " for " + objective.name(),
                        Triples.SIZE
                            + " responses to a prompt or more, of which it takes the best, the"
                            + " second and the worst",
                        "--group " + Triples.SIZE)),
            onePrompt(task, settings, objective)
                .map(
                    wrote ->
                        Problem.of(
                            "prompts",
                            wrote + " for " + objective.name(),
                            "two different prompts in a batch or more: it reads the responses to"
                                + " one after another",
                            "more --prompts, or a --task with more prompts")))
        .flatMap(problem -> problem);
  }

  /** What leaves every batch with one prompt alone, if anything does and it matters. */
  private static Option<String> onePrompt(
      Task task, TrainingSettings settings, Trainable objective) {
    if (!objective.reads(MismatchedResponses.NAME)) {
      return Option.none();
    }
    if (settings.sampling().prompts() == 1) {
      return Option.some("--prompts 1");
    }
    Iterator<String> prompts =
        Iterator.range(0, TRIES)
            .map(i -> Prompts.training(task, Seeds.random(settings.seed(), Streams.PROMPTS, 0, i)));
    String first = prompts.next();
    return Option.when(
        prompts.forAll(first::equals), () -> "the task " + task.name() + " with one prompt");
  }

  /** How many rows an update learns from at most, of a group of so many responses. */
  int most(int group) {
    return columns.foldLeft(group, (rows, column) -> column.most(rows));
  }

  /**
   * Takes the batch of a step before its updates.
   *
   * @return how many tokens were drawn beside it
   */
  int begin(TrainingState state, Batch batch) {
    return columns.map(column -> column.begin(state, batch)).sum().intValue();
  }

  /** What an update learns from, of the groups that it is to learn from. */
  Batch rows(Batch part) {
    return columns.foldLeft(pairs ? part.pairs() : part, (rows, column) -> column.rows(rows));
  }

  /** The same samples with the columns. */
  Samples with(Samples samples, GivenColumn.Update update) {
    return columns.foldLeft(samples, (whole, column) -> column.with(whole, update));
  }

  /** The same samples with the columns as they are after a step. */
  Samples shown(Samples samples, GivenColumn.Update update) {
    return columns.foldLeft(samples, (whole, column) -> column.shown(whole, update));
  }
}
