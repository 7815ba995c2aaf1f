package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.console.Interrupts;
import lossmith.console.Progress;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Problem;
import lossmith.lab.Run;
import lossmith.lab.RunFolder;
import lossmith.lab.Trainable;
import lossmith.lab.WarmStart;
import lossmith.lab.policy.Network;
import lossmith.lab.task.Task;
import lossmith.lab.task.Tasks;
import lossmith.objective.Objectives;
import lossmith.recipes.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code train}: a small model learns a task by an objective. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a small transformer on a task with an objective: demonstrations first, which are kept"
          + " for the next run, then sampling, judging and updates.",
      "The loss and its gradient are those that the other commands show and prove."
    },
    footer = {
      "",
      "FOLDER holds report.html, a page that needs no network, metrics.jsonl and metrics.parquet, a"
          + " row a step, in the names that trainers use, the same for TensorBoard (tensorboard"
          + " --logdir FOLDER), batch.jsonl, the last batch as rollouts, and checkpoint.npz. A run"
          + " that was stopped or killed goes on with --resume, with the numbers it would have had."
    })
public final class TrainCommand implements Callable<Integer> {
  private static final Seq<String> USUAL = List.of("grpo", "dapo", "cispo", "gspo");

  private final Objectives objectives;

  @Spec private @Nullable CommandSpec spec;

  @picocli.CommandLine.Option(
      names = "--recipe",
      paramLabel = "NAME",
      defaultValue = "dapo",
      description =
          "a recipe or class, parts joined with +, a Java file or an expression (default:"
              + " ${DEFAULT-VALUE})")
  private String recipe = "dapo";

  @picocli.CommandLine.Option(
      names = "--compare",
      paramLabel = "NAMES",
      description =
          "instead: trains with each of these, separated by commas, from one start on the same"
              + " prompts and as many tokens as the first needs for --steps")
  private @Nullable String compare;

  @picocli.CommandLine.Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description = "how many seeds are compared, from --seed on (default: ${DEFAULT-VALUE})")
  private int seeds;

  @picocli.CommandLine.Option(
      names = "--task",
      paramLabel = "TASK",
      defaultValue = "addition",
      description =
          "addition, target, two-ways, or a class that implements Task (default:"
              + " ${DEFAULT-VALUE})")
  private String task = "addition";

  @picocli.CommandLine.Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "where the run is kept, a new folder (default: train-TASK-RECIPE)")
  private @Nullable Path out;

  @picocli.CommandLine.Option(names = "--resume", description = "goes on with the run in FOLDER")
  private boolean resume;

  @picocli.CommandLine.Option(
      names = "--list",
      description = "only lists the tasks, and the recipes that can be trained")
  private boolean list;

  @picocli.CommandLine.Option(
      names = "--layers",
      defaultValue = "3",
      description = "of the transformer (default: ${DEFAULT-VALUE})")
  private int layers;

  @picocli.CommandLine.Option(
      names = "--width",
      defaultValue = "64",
      description = "of the transformer (default: ${DEFAULT-VALUE})")
  private int width;

  @picocli.CommandLine.Option(
      names = "--heads",
      defaultValue = "4",
      description = "of its attention (default: ${DEFAULT-VALUE})")
  private int heads;

  @picocli.CommandLine.Option(
      names = "--warm-steps",
      paramLabel = "N",
      description = "steps of demonstrations before (default: the task's own)")
  private @Nullable Integer warmSteps;

  @picocli.CommandLine.Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description = "where start policies are kept (default: ~/.cache/lossmith)")
  private @Nullable Path cache;

  @picocli.CommandLine.Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "10",
      description = "steps (default: ${DEFAULT-VALUE})")
  private int checkpointEvery;

  @picocli.CommandLine.Option(
      names = "--no-report",
      description = "leaves out report.html, the page about the run")
  private boolean noReport;

  @picocli.CommandLine.Mixin private final TrainOptions options = new TrainOptions();

  @picocli.CommandLine.Mixin private final ConventionsOption conventions = new ConventionsOption();

  /**
   * The command.
   *
   * @param objectives the objectives it knows by name
   */
  public TrainCommand(Objectives objectives) {
    this.objectives = objectives;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter screen = Objects.requireNonNull(spec).commandLine().getOut();
    if (list) {
      list(screen);
      return 0;
    }
    Task learnt = Tasks.named(task);
    Seq<Recipe> chosen =
        compare == null ? List.of(objectives.named(recipe)) : objectives.select(compare);
    Problem.throwAll(problems(learnt, chosen));
    Seq<Run> runs = runs(learnt, chosen);
    Option<TrainingReport> report =
        Option.when(!noReport, () -> report(learnt, runs.head(), chosen));
    try (Interrupts interrupts = Interrupts.heard();
        Progress progress = new Progress(Objects.requireNonNull(spec).commandLine().getErr());
        Network network = new Network(WarmStart.size(learnt, layers, width, heads))) {
      int warm = warm(learnt);
      float[] start =
          new WarmStart(learnt, network, warm)
              .weights(
                  Option.of(cache).getOrElse(TrainCommand::usualCache),
                  done -> progress.show("demonstrations", "steps", done, warm));
      TrainedRuns trained =
          new TrainedRuns(network, start, resume, interrupts, progress, screen, report);
      return compare == null
          ? trained.one(runs.head(), new RunFolder(folder(learnt, chosen)))
          : trained.compared(runs, seeds, folder(learnt, chosen));
    }
  }

  private Path folder(Task learnt, Seq<Recipe> chosen) {
    return Option.of(out)
        .getOrElse(
            () ->
                Path.of(
                    "train-"
                        + learnt.name()
                        + "-"
                        + (compare == null ? chosen.head().name() : "compare")));
  }

  private int warm(Task learnt) {
    return Option.of(warmSteps).getOrElse(learnt.warmSteps());
  }

  private Seq<Problem> problems(Task learnt, Seq<Recipe> chosen) {
    Seq<Problem> problems =
        warm(learnt) >= 0
            ? List.empty()
            : List.of(
                Problem.of(
                    "warm-steps",
                    "--warm-steps " + warm(learnt),
                    "a whole number, 0 or more",
                    "--warm-steps 400"));
    boolean alone = compare != null && chosen.size() < 2;
    boolean fewSeeds = seeds < 1 || (compare == null && seeds > 1);
    return problems
        .appendAll(
            Option.when(
                alone,
                () ->
                    Problem.of(
                        "compare",
                        "--compare " + compare,
                        "two objectives or more, separated by commas",
                        "--compare grpo,dapo")))
        .appendAll(
            Option.when(
                fewSeeds,
                () ->
                    Problem.of(
                        "seeds",
                        "--seeds " + seeds,
                        "how many seeds are compared, 1 or more, with --compare",
                        "--compare grpo,dapo --seeds 5")));
  }

  /** A run of each objective, which has its own of the parameters that are set. */
  private Seq<Run> runs(Task learnt, Seq<Recipe> chosen) {
    Map<String, Loss> losses = ScoreCommand.losses(chosen, conventions.value());
    Map<String, Double> parameters = ParameterOptions.of(options.set(), losses.values());
    return losses
        .toList()
        .map(
            one -> {
              Seq<String> own = one._2.parameters().map(Parameter::name);
              return new Run(
                  learnt,
                  new Trainable(one._1, one._2),
                  options.settings(parameters.filterKeys(own::contains)),
                  options.controllers(),
                  checkpointEvery);
            });
  }

  /** Beside what trains the microscope shows what is usual. */
  private TrainingReport report(Task learnt, Run run, Seq<Recipe> chosen) {
    Seq<Recipe> beside = objectives.all().filter(one -> USUAL.contains(one.name()));
    return new TrainingReport(
        List.of(
            learnt.name() + ": " + learnt.title(),
            layers + " layers of width " + width,
            run.settings().sampling().prompts()
                + " prompts × "
                + run.settings().sampling().group()
                + " responses a step, "
                + run.settings().updating().minibatches() * run.settings().updating().epochs()
                + " updates",
            "learning rate " + BigDecimal.valueOf(run.settings().updating().rate()).toPlainString(),
            compare == null
                ? "seed " + run.settings().seed()
                : seeds + (seeds == 1 ? " seed" : " seeds")),
        ScoreCommand.losses(chosen.appendAll(beside).distinctBy(Recipe::name), conventions.value()),
        run.settings().parameters(),
        run.settings().sampling().temperature());
  }

  private static Path usualCache() {
    return Path.of(System.getProperty("user.home", "."), ".cache", "lossmith");
  }

  private void list(PrintWriter screen) {
    screen.println("Tasks");
    Tasks.all().forEach(one -> screen.println("  " + one.name() + ": " + one.title()));
    screen.println("Recipes that can be trained");
    Seq<Recipe> all = objectives.all();
    all.filter(one -> problems(one).isEmpty())
        .forEach(one -> screen.println("  " + one.name() + ": " + one.title()));
    screen.println("Recipes that cannot");
    all.forEach(one -> problems(one).forEach(problem -> screen.println("  " + problem.wrote())));
    screen.flush();
  }

  private Seq<Problem> problems(Recipe one) {
    return Trainable.missing(one.name(), one.loss(conventions.value()));
  }
}
