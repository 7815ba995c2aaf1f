package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import lossmith.cli.training.EffectTable;
import lossmith.cli.training.StepTimes;
import lossmith.console.Interrupts;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.lab.Comparison;
import lossmith.lab.Run;
import lossmith.lab.RunFolder;
import lossmith.lab.RunRows;
import lossmith.lab.Start;
import lossmith.lab.TrainingSettings;
import lossmith.lab.policy.Network;
import lossmith.lab.sink.EventFile;
import lossmith.lab.sink.JsonLines;
import lossmith.lab.sink.MetricSink;
import lossmith.lab.sink.ParquetFile;
import lossmith.report.PageTable;
import lossmith.report.TrainedArm;

/** Runs from one start, each kept in its folder, and what is printed of them. */
final class TrainedRuns {
  /** Shorter responses need more batches for as many tokens, but not without end. */
  private static final int MORE_STEPS = 4;

  private static final String TOKENS = "training/tokens";

  private final Network network;
  private final Start start;
  private final boolean resume;
  private final Interrupts interrupts;
  private final Progress progress;
  private final PrintWriter screen;
  private final Option<TrainingReport> report;

  TrainedRuns(
      Network network,
      Start start,
      boolean resume,
      Interrupts interrupts,
      Progress progress,
      PrintWriter screen,
      Option<TrainingReport> report) {
    this.network = network;
    this.start = start;
    this.resume = resume;
    this.interrupts = interrupts;
    this.progress = progress;
    this.screen = screen;
    this.report = report;
  }

  /** Trains once, and gives the exit code. */
  int one(Run run, RunFolder folder) throws IOException {
    Run.End end;
    try {
      end =
          trained(run, folder, (step, numbers) -> show("training", run.settings(), step, numbers));
    } catch (ProblemException failed) {
      if (Run.isLost(failed)) {
        leftOfLost(run, folder, failed);
      }
      throw failed;
    }
    left(run, folder, List.empty());
    if (end.stopped()) {
      screen.println("Stopped after step " + end.steps() + "; go on with --resume.");
    }
    end.why().forEach(screen::println);
    screen.flush();
    return end.why().isDefined() ? UserErrors.FAILED : 0;
  }

  /** Why a run is lost is what is told in the end, whatever can be written of it. */
  private void leftOfLost(Run run, RunFolder folder, ProblemException failed) {
    try {
      left(run, folder, failed.problems());
    } catch (IOException e) {
      screen.println("There is no report: " + Output.why(e) + ".");
    } catch (ProblemException e) {
      e.problems().forEach(problem -> screen.println("There is no report: " + problem.wrote()));
    }
    screen.flush();
  }

  /** Prints and writes what there is to say of a run from what it left in its folder. */
  private void left(Run run, RunFolder folder, Seq<Problem> lost) throws IOException {
    progress.close();
    ParquetFile.write(
        List.of(new ParquetFile.Part(LinkedHashMap.empty(), folder.lines())), folder.table());
    Summary summary = new Summary();
    summary.add(RunRows.read(folder.lines()));
    summary.print(screen);
    screen.println("Written to " + folder.folder() + ".");
    String recipe = run.objective().name();
    reported(
        recipe + " on " + run.task().name(),
        List.of(new TrainingReport.Kept(recipe, run.settings().seed(), folder)),
        List.empty(),
        lost,
        folder.report());
  }

  private void reported(
      String title,
      Seq<TrainingReport.Kept> runs,
      Seq<PageTable> tables,
      Seq<Problem> lost,
      Path page)
      throws IOException {
    for (TrainingReport about : report) {
      about.write(title, runs, tables, lost, page);
      screen.println("Report: " + page);
    }
  }

  private Run.End trained(Run run, RunFolder folder, Run.Watch watch) throws IOException {
    return run.run(
        network, start, folder, resume, last -> sinks(folder, last), watch, interrupts::isAsked);
  }

  private static Seq<MetricSink> sinks(RunFolder folder, long last) throws IOException {
    JsonLines lines = new JsonLines(folder.lines(), last);
    return List.of(lines, new EventFile(folder.folder(), folder.lines()));
  }

  private void show(String what, TrainingSettings to, long step, Map<String, Double> numbers) {
    if (to.tokens() > 0) {
      long tokens = numbers.getOrElse(TOKENS, 0.0).longValue();
      progress.show(what, "tokens", Math.min(tokens, to.tokens()), to.tokens(), note(numbers));
    } else {
      progress.show(what, "steps", step, to.steps(), note(numbers));
    }
  }

  private static String note(Map<String, Double> numbers) {
    return String.format(
        Locale.ROOT,
        "reward %.3f, entropy %.3f, clipped %.3f, %.0f tokens/s",
        numbers.getOrElse("critic/rewards/mean", Double.NaN),
        numbers.getOrElse("actor/entropy", Double.NaN),
        numbers.getOrElse("actor/pg_clipfrac", 0.0),
        numbers.getOrElse("perf/throughput", Double.NaN));
  }

  /** Where the runs of a comparison are kept. */
  static Seq<RunFolder> arms(Seq<Run> runs, int seeds, Path folder) {
    return Vector.range(0, seeds)
        .flatMap(seed -> runs.map(run -> arm(run, run.settings().seed() + seed, folder)));
  }

  private static RunFolder arm(Run run, long seed, Path folder) {
    return new RunFolder(folder.resolve(RunFolder.name(run.objective().name() + "-" + seed)));
  }

  /**
   * Trains every objective with every seed. The first objective makes its steps, the others sample
   * as many tokens. A run that ended by itself counts with its last numbers, and is said; one that
   * fails is said, and left out with its seed.
   */
  int compared(Seq<Run> runs, int seeds, Path folder) throws IOException {
    Seq<Comparison.Arm> arms = Vector.empty();
    Seq<TrainingReport.Kept> kept = Vector.empty();
    Seq<ParquetFile.Part> parts = Vector.empty();
    Seq<String> fewer = Vector.empty();
    for (int seed = 0; seed < seeds; seed++) {
      long budget = 0;
      for (Run run : runs) {
        TrainingSettings settings = run.settings();
        long of = settings.seed() + seed;
        Run arm =
            run.with(
                budget == 0
                    ? settings.of(of, settings.steps(), settings.tokens())
                    : settings.of(of, MORE_STEPS * settings.steps(), budget));
        String recipe = run.objective().name();
        RunFolder place = arm(run, of, folder);
        String what = recipe + " " + of;
        Option<Run.End> end =
            armed(arm, what, place, (step, numbers) -> show(what, arm.settings(), step, numbers));
        if (end.exists(Run.End::stopped)) {
          progress.close();
          screen.println("Stopped in " + place.folder() + "; go on with --resume.");
          return 0;
        }
        for (Run.End made : end) {
          Comparison.Arm found = Comparison.Arm.read(recipe, of, place.lines());
          long tokens = found.numbers().getOrElse(TOKENS, 0.0).longValue();
          budget = budget == 0 ? planned(settings, made, tokens) : budget;
          fewer = fewer.appendAll(fewer(what, made, tokens, budget));
          arms = arms.append(found);
          kept = kept.append(new TrainingReport.Kept(recipe, of, place));
          parts =
              parts.append(
                  new ParquetFile.Part(
                      LinkedHashMap.of("recipe", recipe, "seed", String.valueOf(of)),
                      place.lines()));
        }
      }
    }
    progress.close();
    if (arms.isEmpty()) {
      return UserErrors.FAILED;
    }
    Path table = folder.resolve("comparison.parquet");
    ParquetFile.write(parts, table);
    EffectTable effects = new EffectTable(new Comparison(arms).effects(), fewer);
    screen.print(effects.text());
    screen.print(StepTimes.table(times(kept)));
    Path page = new RunFolder(folder).report();
    reported(
        arms.map(Comparison.Arm::recipe).distinct().mkString(", ")
            + " on "
            + runs.head().task().name(),
        kept,
        List.of(effects.page()),
        List.empty(),
        page);
    screen.println("Every step of every run is in " + table + ".");
    screen.flush();
    return 0;
  }

  /**
   * The tokens of all the steps that the first objective was to make. Where it ended by itself, as
   * many a step as it had: its end is what it came to, and not one for the others.
   */
  private static long planned(TrainingSettings to, Run.End end, long tokens) {
    if (end.why().isEmpty()) {
      return tokens;
    }
    long all = Math.round((double) tokens / end.steps() * to.steps());
    return to.tokens() > 0 ? Math.min(to.tokens(), all) : all;
  }

  private static Option<String> fewer(String what, Run.End end, long tokens, long budget) {
    return Option.when(
        tokens < budget,
        () ->
            String.format(
                Locale.ROOT,
                "%s ended after step %d with %,d of %,d tokens%s; its last numbers count.",
                what,
                end.steps(),
                tokens,
                budget,
                end.why().isDefined() ? ", nothing being left to learn from" : ""));
  }

  /** By objective; as the runs wrote them down, because parts of them may have been made before. */
  private static Map<String, StepTimes> times(Seq<TrainingReport.Kept> runs) throws IOException {
    Map<String, StepTimes> times = LinkedHashMap.empty();
    for (TrainingReport.Kept run : runs) {
      StepTimes own = times.getOrElse(run.recipe(), new StepTimes());
      for (Map<String, Double> row : RunRows.read(run.folder().lines())) {
        own.add(row.getOrElse(TrainedArm.STEP, 0.0).longValue(), row);
      }
      times = times.put(run.recipe(), own);
    }
    return times;
  }

  /** Trains, unless the run is lost, which is said. */
  Option<Run.End> armed(Run run, String what, RunFolder place, Run.Watch watch) throws IOException {
    try {
      Run.End end = trained(run, place, watch);
      end.why().forEach(why -> said(what, why));
      return Option.some(end);
    } catch (ProblemException failed) {
      if (!Run.isLost(failed)) {
        throw failed;
      }
      failed.problems().forEach(problem -> said(what, problem));
      return Option.none();
    }
  }

  private void said(String what, Problem problem) {
    progress.close();
    screen.println(what + ": " + problem);
  }
}
