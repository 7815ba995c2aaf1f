package lossmith.cli;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import lossmith.cli.training.DiscountOptions;
import lossmith.cli.training.PolicyOptions;
import lossmith.cli.training.TaskOption;
import lossmith.cli.training.TrainOptions;
import lossmith.console.Interrupts;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.console.ShellWord;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Problem;
import lossmith.lab.Kept;
import lossmith.lab.Run;
import lossmith.lab.RunFolder;
import lossmith.lab.Start;
import lossmith.lab.Trainable;
import lossmith.lab.TrainingSettings;
import lossmith.lab.claim.Experiment;
import lossmith.lab.claim.Experiments;
import lossmith.lab.claim.Plan;
import lossmith.lab.policy.Network;
import lossmith.lab.task.Task;
import lossmith.lab.task.Tasks;
import lossmith.objective.Objectives;
import lossmith.recipes.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code train}: a small model learns a task by an objective.
 *
 * <p>Long because each option is a few lines.
 */
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
      names = "--claims",
      paramLabel = "EXPERIMENTS",
      arity = "0..1",
      fallbackValue = "all",
      description =
          "instead: makes the runs that decide what papers claim about training, on one task with"
              + " five seeds, and prints the verdicts: all of them, or those of experiments that"
              + " are named, separated by commas")
  private @Nullable String claims;

  @picocli.CommandLine.Option(
      names = "--thorough",
      description =
          "--claims with ten seeds, and with five on two more tasks and in a smaller size; --task"
              + " and --size choose among these four parts")
  private boolean thorough;

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
          "addition, target, two-ways, or a class that implements Task, by name or as a Java file"
              + " (default: ${DEFAULT-VALUE})")
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
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "10",
      description = "steps (default: ${DEFAULT-VALUE})")
  private int checkpointEvery;

  @picocli.CommandLine.Option(
      names = "--rollouts",
      description =
          "keeps the rollouts of every step, with numbers of each token, in FOLDER/rollouts, a"
              + " Parquet file a step that score and check read")
  private boolean rollouts;

  @picocli.CommandLine.Option(
      names = "--token-rows",
      description =
          "keeps a row for each token of every step, with its numbers, in FOLDER/tokens, a Parquet"
              + " file a step")
  private boolean tokenRows;

  @picocli.CommandLine.Option(
      names = "--no-report",
      description = "leaves out report.html, the page about the run")
  private boolean noReport;

  @picocli.CommandLine.Mixin private final PolicyOptions policy = new PolicyOptions();

  @picocli.CommandLine.Mixin private final TrainOptions options = new TrainOptions();

  @picocli.CommandLine.Mixin private final ConventionsOption conventions = new ConventionsOption();

  /** Whether it ended because it was asked to. */
  private boolean stopped;

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
    if (claims != null) {
      return claims(Objects.requireNonNull(spec).commandLine());
    }
    Task learnt = TaskOption.named(task);
    Seq<Recipe> chosen =
        compare == null ? List.of(objectives.named(recipe)) : objectives.select(compare);
    Problem.throwAll(problems(learnt, chosen));
    Seq<Run> runs = runs(learnt, chosen);
    Problem.throwAll(unread(runs));
    Option<TrainingReport> report = Option.when(!noReport, () -> report(learnt, runs, chosen));
    Path place = folder(learnt, chosen);
    return started(
        learnt,
        place,
        compare == null ? List.of(new RunFolder(place)) : TrainedRuns.arms(runs, seeds, place),
        report,
        (trained, progress) ->
            compare == null
                ? trained.one(runs.head(), new RunFolder(place))
                : trained.compared(runs, seeds, place));
  }

  /** What is done with a start policy. */
  @FunctionalInterface
  private interface Training {
    int with(TrainedRuns runs, Progress progress) throws IOException;
  }

  /** A place that cannot be used is refused before the demonstrations, which take a minute. */
  private int started(
      Task learnt,
      Path place,
      Seq<RunFolder> runs,
      Option<TrainingReport> report,
      Training training)
      throws IOException {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    try (Interrupts interrupts = Interrupts.heard();
        Network network = policy.network(learnt)) {
      for (RunFolder run : runs) {
        run.refuse(resume);
      }
      Option<float[]> reference = policy.reference(learnt, network);
      policy.prepare(learnt, network);
      create(place);
      Option<float[]> start = start(learnt, network, line.getErr(), interrupts);
      if (start.isEmpty()) {
        stopped = true;
        line.getOut().println("Stopped during the demonstrations, of which nothing is kept.");
        return 0;
      }
      Start own = Start.of(start.get());
      try (Progress progress = new Progress(line.getErr())) {
        return training.with(
            new TrainedRuns(
                network,
                reference.map(own::beside).getOrElse(own),
                resume,
                interrupts,
                progress,
                line.getOut(),
                report),
            progress);
      } catch (IOException e) {
        throw unwritable(place, e);
      }
    }
  }

  private static void create(Path place) {
    try {
      Path unused = Files.createDirectories(place);
    } catch (IOException e) {
      throw unwritable(place, e);
    }
  }

  private static RuntimeException unwritable(Path place, IOException e) {
    return Problem.of(
            "out",
            place + ", which cannot be written: " + Output.why(e),
            "a folder that can be written, and room in it",
            "another --out, or room, and --resume")
        .exception();
  }

  private Option<float[]> start(
      Task learnt, Network network, PrintWriter err, Interrupts interrupts) {
    try (Progress progress = new Progress(err)) {
      return policy.start(learnt, network, progress, interrupts);
    }
  }

  /** The same command with the options of each plan, of which those that are typed count more. */
  private int claims(CommandLine typed) throws IOException {
    Path place = Option.of(out).getOrElse(Path.of("train-claims"));
    Seq<Plan> plans =
        thorough
            ? Plan.thorough(named(typed, "--task"), named(typed, "--size"))
            : List.of(Plan.usual());
    for (Plan plan : plans) {
      TrainCommand planned = new TrainCommand(objectives);
      CommandLine line =
          new CommandLine(planned)
              .setOverwrittenOptionsAllowed(true)
              .setOut(typed.getOut())
              .setErr(typed.getErr());
      Seq<String> given = List.ofAll(typed.getParseResult().expandedArgs());
      var unused = line.parseArgs(plan.options().appendAll(given).toJavaArray(String[]::new));
      int exit = planned.decided(thorough ? place.resolve(plan.name()) : place);
      if (exit != 0 || planned.stopped) {
        return exit;
      }
    }
    return 0;
  }

  /** What an option was given, if it was typed. */
  private static Option<String> named(CommandLine typed, String option) {
    CommandLine.ParseResult found = typed.getParseResult();
    return Option.when(
        found.hasMatchedOption(option),
        () -> String.valueOf(found.<Object>matchedOptionValue(option, "")));
  }

  private int decided(Path place) throws IOException {
    Task learnt = TaskOption.named(task);
    Problem.throwAll(
        policy
            .problems(learnt)
            .appendAll(fewSeeds(seeds < 1))
            .appendAll(ignored("--reference", "--claims " + claims, "--claims " + claims))
            .appendAll(ignored("--recipe", "--claims " + claims, "--claims " + claims))
            .appendAll(ignored("--compare", "--claims " + claims, "--claims " + claims)));
    Seq<Experiment> chosen = Experiments.named(Objects.requireNonNull(claims));
    TrainingSettings settings = options.settings(HashMap.empty());
    Problem.throwAll(unmeasured(chosen, settings.measuring().tries()).toList());
    PrintWriter screen = Objects.requireNonNull(spec).commandLine().getOut();
    return started(
        learnt,
        place,
        List.empty(),
        Option.none(),
        (trained, progress) -> {
          ClaimRuns runs = new ClaimRuns(chosen, trained, progress, screen);
          stopped =
              !runs.decide(
                  learnt, settings, checkpointEvery, seeds, facts(learnt, settings), place);
          return 0;
        });
  }

  /** pass@k of a k that claims are about and that was typed away. */
  private static Option<Problem> unmeasured(Seq<Experiment> chosen, Seq<Integer> tries) {
    Seq<Integer> needed = chosen.flatMap(Experiment::tries).distinct().sorted();
    return Option.when(
        !tries.containsAll(needed),
        () ->
            Problem.of(
                "k",
                "--k " + tries.mkString(",") + " with --claims",
                needed.map(k -> "pass@" + k).mkString(" and ") + ", which these claims compare",
                "--k " + tries.appendAll(needed).distinct().sorted().mkString(",")));
  }

  private Path folder(Task learnt, Seq<Recipe> chosen) {
    return Option.of(out)
        .getOrElse(
            () ->
                Path.of(
                    "train-"
                        + RunFolder.name(
                            learnt.name()
                                + "-"
                                + (compare == null ? chosen.head().name() : "compare"))));
  }

  private Seq<Problem> problems(Task learnt, Seq<Recipe> chosen) {
    boolean alone = compare != null && chosen.size() < 2;
    Option<Problem> withoutClaims =
        Option.when(
            thorough,
            () ->
                Problem.of(
                    "thorough",
                    "--thorough without --claims",
                    "--claims, of which it makes more runs",
                    "--claims --thorough"));
    return policy
        .problems(learnt)
        .appendAll(
            Option.when(
                alone,
                () ->
                    Problem.of(
                        "compare",
                        "--compare " + compare,
                        "two objectives or more, separated by commas",
                        "--compare grpo,dapo")))
        .appendAll(withoutClaims)
        .appendAll(uncompared(chosen))
        .appendAll(fewSeeds(seeds < 1 || (compare == null && seeds > 1)));
  }

  /** What is named beside a comparison that it does not have. */
  private Option<Problem> uncompared(Seq<Recipe> chosen) {
    return Option.of(compare)
        .flatMap(
            names ->
                ignored(
                    "--recipe",
                    "--compare " + names,
                    "--compare " + ShellWord.of(recipe + "," + names)))
        .filter(beside -> !chosen.exists(one -> one.name().equals(recipe)));
  }

  /** A reference or discounts that no objective reads, or not all of it. */
  private Seq<Problem> unread(Seq<Run> runs) {
    Seq<Trainable> trained = runs.map(Run::objective);
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    Seq<String> discounts =
        DiscountOptions.NAMES.flatMap(
            option -> named(line, option).map(typed -> option + " " + typed));
    return Option.when(
            policy.hasReference() && !trained.exists(Trainable::readsReference),
            () ->
                Problem.of(
                    "reference",
                    "--reference for "
                        + trained.map(Trainable::name).mkString(", ")
                        + ", which reads nothing of a reference",
                    "an objective that reads ref_log_prob or ref_log_pi, such as a distillation",
                    "--recipe distil-reverse-kl, or no --reference"))
        .toList()
        .appendAll(DiscountOptions.problems(trained, discounts));
  }

  /** An option that another makes senseless, if it was typed. */
  private Option<Problem> ignored(String option, String beside, String remedy) {
    return named(Objects.requireNonNull(spec).commandLine(), option)
        .map(
            typed ->
                Problem.of(
                    option.substring(2),
                    option + " " + typed + " beside " + beside,
                    "one of them: the latter says all that is trained",
                    remedy));
  }

  private Option<Problem> fewSeeds(boolean wrong) {
    return Option.when(
        wrong,
        () ->
            Problem.of(
                "seeds",
                "--seeds " + seeds,
                "how many seeds are compared, 1 or more, with --compare or --claims",
                "--compare grpo,dapo --seeds 5"));
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
                  checkpointEvery,
                  kept());
            });
  }

  private Set<Kept> kept() {
    Set<Kept> rows = tokenRows ? HashSet.of(Kept.TOKENS) : HashSet.empty();
    return rollouts ? rows.add(Kept.ROLLOUTS) : rows;
  }

  /** Beside what trains the microscope shows what is usual. */
  private TrainingReport report(Task learnt, Seq<Run> runs, Seq<Recipe> chosen) {
    TrainingSettings settings = runs.head().settings();
    Seq<Recipe> beside = objectives.all().filter(one -> USUAL.contains(one.name()));
    return new TrainingReport(
        facts(learnt, settings)
            .appendAll(DiscountOptions.told(runs.map(Run::objective), settings.discounting()))
            .appendAll(runs.map(Run::objective).flatMap(TrainCommand::given)),
        ScoreCommand.losses(chosen.appendAll(beside).distinctBy(Recipe::name), conventions.value()),
        settings.parameters(),
        settings.sampling().temperature());
  }

  private static Seq<String> given(Trainable objective) {
    return objective.given().map(line -> objective.name() + " reads " + line);
  }

  private Seq<String> facts(Task learnt, TrainingSettings settings) {
    return List.of(
        learnt.name() + ": " + learnt.title(),
        policy.told(),
        settings.sampling().prompts()
            + " prompts × "
            + settings.sampling().group()
            + " responses a step, "
            + settings.updating().minibatches() * settings.updating().epochs()
            + " updates",
        "learning rate "
            + BigDecimal.valueOf(settings.updating().rate()).stripTrailingZeros().toPlainString(),
        compare == null && claims == null
            ? "seed " + settings.seed()
            : seeds + (seeds == 1 ? " seed" : " seeds"));
  }

  private void list(PrintWriter screen) {
    screen.println("Tasks");
    Tasks.all().forEach(one -> screen.println("  " + one.name() + ": " + one.title()));
    screen.println("Recipes that can be trained");
    Seq<Recipe> all = objectives.all();
    all.filter(one -> problems(one).isEmpty()).forEach(one -> trained(one, screen));
    screen.println("Recipes that cannot");
    all.forEach(one -> problems(one).forEach(problem -> screen.println("  " + problem.wrote())));
    screen.flush();
  }

  /** With what is made for it alone below. */
  private void trained(Recipe one, PrintWriter screen) {
    screen.println("  " + one.name() + ": " + one.title());
    new Trainable(one.name(), one.loss(conventions.value()))
        .given()
        .forEach(line -> screen.println("    " + line));
  }

  private Seq<Problem> problems(Recipe one) {
    return Trainable.missing(one.name(), one.loss(conventions.value()));
  }
}
