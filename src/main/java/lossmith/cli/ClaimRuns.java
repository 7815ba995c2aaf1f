package lossmith.cli;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import lossmith.cli.training.ClaimReport;
import lossmith.console.Progress;
import lossmith.console.TextTable;
import lossmith.lab.Controllers;
import lossmith.lab.Run;
import lossmith.lab.RunFolder;
import lossmith.lab.RunRows;
import lossmith.lab.Trainable;
import lossmith.lab.TrainingSettings;
import lossmith.lab.claim.Conclusion;
import lossmith.lab.claim.Experiment;
import lossmith.lab.claim.SeedRuns;
import lossmith.lab.claim.Treatment;
import lossmith.lab.claim.Treatments;
import lossmith.lab.task.Task;
import lossmith.report.TrainedArm;

/**
 * The runs that decide the claims: every treatment with every seed, one seed after the other, so
 * that each seed that is done is one for every experiment.
 */
final class ClaimRuns {
  private final Seq<Experiment> experiments;
  private final TrainedRuns runs;
  private final Progress progress;
  private final PrintWriter screen;

  ClaimRuns(Seq<Experiment> experiments, TrainedRuns runs, Progress progress, PrintWriter screen) {
    this.experiments = experiments;
    this.runs = runs;
    this.progress = progress;
    this.screen = screen;
  }

  /**
   * Makes the runs that are not made yet, and says what they decide; false where it was asked to
   * stop.
   *
   * @param task what is learnt
   * @param usual the settings that all treatments share
   * @param checkpointEvery steps
   * @param seeds how many, from that of the settings on
   * @param facts about the runs, a few words each
   * @param folder where all is kept
   */
  boolean decide(
      Task task,
      TrainingSettings usual,
      int checkpointEvery,
      int seeds,
      Seq<String> facts,
      Path folder)
      throws IOException {
    Seq<Treatment> treatments =
        Treatments.all()
            .filter(one -> experiments.exists(asks -> asks.treatments().contains(one.name())));
    Seq<SeedRuns> found = Vector.empty();
    Seq<TrainedArm> arms = Vector.empty();
    long all = (long) seeds * treatments.size() * usual.steps();
    long done = 0;
    for (long seed = usual.seed(); seed < usual.seed() + seeds; seed++) {
      Map<String, Seq<Map<String, Double>>> rows = LinkedHashMap.empty();
      for (Treatment one : treatments) {
        Run run =
            new Run(
                task,
                new Trainable(one.name(), one.loss()),
                one.settings(usual, seed),
                Controllers.none(),
                checkpointEvery,
                HashSet.empty());
        String what = one.name() + ", seed " + seed;
        RunFolder place = new RunFolder(folder.resolve(one.name() + "-" + seed));
        long before = done;
        Option<Run.End> end =
            runs.armed(
                run,
                what,
                place,
                (step, numbers) ->
                    progress.show(
                        "claims", "steps", before + step, all, what + ", " + told(numbers)));
        if (end.exists(Run.End::stopped)) {
          progress.close();
          screen.println("Stopped in " + place.folder() + "; go on with --resume.");
          screen.flush();
          return false;
        }
        done += usual.steps();
        if (end.isDefined()) {
          Seq<Map<String, Double>> own = RunRows.read(place.lines());
          rows = rows.put(one.name(), own);
          arms = arms.append(new TrainedArm(one.name(), seed, own.map(SeedRuns::shared)));
        }
      }
      found = found.append(new SeedRuns(rows));
    }
    progress.close();
    told(found, arms, facts, folder);
    return true;
  }

  private static String told(Map<String, Double> numbers) {
    return "reward "
        + TextTable.number(numbers.get("critic/rewards/mean"))
        + ", entropy "
        + TextTable.number(numbers.get("actor/entropy"));
  }

  private void told(Seq<SeedRuns> found, Seq<TrainedArm> arms, Seq<String> facts, Path folder)
      throws IOException {
    Seq<Conclusion> conclusions = experiments.map(one -> Conclusion.of(one, found));
    ClaimReport report = new ClaimReport(conclusions, facts);
    screen.print(report.table());
    report.write(arms, folder);
    screen.println(
        "Written to "
            + List.of(ClaimReport.PAGE, ClaimReport.FIGURES, ClaimReport.MARKDOWN, ClaimReport.JSON)
                .map(folder::resolve)
                .mkString(", ")
            + ".");
    screen.flush();
  }
}
