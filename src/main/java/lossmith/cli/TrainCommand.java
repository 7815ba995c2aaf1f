package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.console.Interrupts;
import lossmith.console.Progress;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.lab.Run;
import lossmith.lab.RunFolder;
import lossmith.lab.Trainable;
import lossmith.lab.TrainingSettings;
import lossmith.lab.WarmStart;
import lossmith.lab.policy.Network;
import lossmith.lab.sink.JsonLines;
import lossmith.lab.sink.ParquetFile;
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
      "FOLDER holds metrics.jsonl and metrics.parquet, a row a step, in the names that trainers"
          + " use, and checkpoint.npz. A run that was stopped or killed goes on with --resume, with"
          + " the numbers it would have had."
    })
public final class TrainCommand implements Callable<Integer> {
  private static final String ENTROPY = "actor/entropy";
  private static final String REWARD = "critic/rewards/mean";
  private static final String CLIPPED = "actor/pg_clipfrac";
  private static final String SPEED = "perf/throughput";

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
      description = "where the run is kept, a new folder (default: train-TASK-RECIPE-SEED)")
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
    Recipe chosen = objectives.named(recipe);
    Loss loss = chosen.loss(conventions.value());
    Trainable objective = new Trainable(chosen.name(), loss);
    TrainingSettings settings = options.settings(ParameterOptions.of(options.set(), List.of(loss)));
    Run run = new Run(learnt, objective, settings, options.controllers(), checkpointEvery);
    RunFolder folder =
        new RunFolder(
            Option.of(out)
                .getOrElse(
                    () ->
                        Path.of(
                            "train-"
                                + learnt.name()
                                + "-"
                                + chosen.name()
                                + "-"
                                + settings.seed())));
    return run(learnt, run, folder, screen);
  }

  private int run(Task learnt, Run run, RunFolder folder, PrintWriter screen) throws IOException {
    int warm = Option.of(warmSteps).getOrElse(learnt.warmSteps());
    if (warm < 0) {
      throw Problem.of("warm-steps", "--warm-steps " + warm, "0 or more", "--warm-steps 400")
          .exception();
    }
    try (Interrupts interrupts = Interrupts.heard();
        Progress progress = new Progress(Objects.requireNonNull(spec).commandLine().getErr());
        Network network = new Network(WarmStart.size(learnt, layers, width, heads))) {
      float[] start =
          new WarmStart(learnt, network, warm)
              .weights(
                  Option.of(cache).getOrElse(TrainCommand::usualCache),
                  done -> progress.show("demonstrations", "steps", done, warm));
      Summary summary = new Summary();
      Run.End end =
          run.run(
              network,
              start,
              folder,
              resume,
              last -> List.of(new JsonLines(folder.lines(), last)),
              (step, numbers) -> {
                summary.add(step, numbers);
                progress.show("training", "steps", step, run.settings().steps(), note(numbers));
              },
              interrupts::isAsked);
      progress.close();
      ParquetFile.write(folder.lines(), folder.table());
      summary.print(screen);
      screen.println("Written to " + folder.folder() + ".");
      if (end.stopped()) {
        screen.println("Stopped after step " + end.steps() + "; go on with --resume.");
      }
      end.why().forEach(screen::println);
      screen.flush();
      return end.why().isDefined() ? UserErrors.FAILED : 0;
    }
  }

  private static Path usualCache() {
    return Path.of(System.getProperty("user.home", "."), ".cache", "lossmith");
  }

  private static String note(Map<String, Double> numbers) {
    return String.format(
        Locale.ROOT,
        "reward %.3f, entropy %.3f, clipped %.3f, %.0f tokens/s",
        numbers.getOrElse(REWARD, Double.NaN),
        numbers.getOrElse(ENTROPY, Double.NaN),
        numbers.getOrElse(CLIPPED, 0.0),
        numbers.getOrElse(SPEED, Double.NaN));
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
