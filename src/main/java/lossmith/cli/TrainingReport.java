package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.console.Output;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.lab.RunFolder;
import lossmith.lab.RunRows;
import lossmith.report.PageTable;
import lossmith.report.ReportPage;
import lossmith.report.TrainedArm;
import lossmith.report.TrainingCurves;

/**
 * The page about runs, made of what they left in their folders.
 *
 * @param facts about the runs, a few words each
 * @param shown the objectives of the microscope, those that trained first
 * @param parameters of the objectives
 * @param temperature of the policy that sampled
 */
record TrainingReport(
    Seq<String> facts,
    Map<String, Loss> shown,
    Map<String, Double> parameters,
    double temperature) {
  private static final String ABOUT =
      "The batch of the last step: the policy is that after the step's updates, old_log_prob that"
          + " which sampled. Of the run of ";

  private static final String LOST =
      "The batch of the step in which the run ended: the policy is that before the update that"
          + " failed, old_log_prob that which sampled. Of the run of ";

  /**
   * A run that is over.
   *
   * @param recipe what trained
   * @param seed of the run
   * @param folder where it is kept
   */
  record Kept(String recipe, long seed, RunFolder folder) {}

  /**
   * Writes the page.
   *
   * @param runs what it is about; the microscope is on the last batch of the first
   * @param tables below the curves
   * @param lost why a run ended in the middle of a step, if it did
   * @param file what is written
   */
  void write(String title, Seq<Kept> runs, Seq<PageTable> tables, Seq<Problem> lost, Path file)
      throws IOException {
    Seq<TrainedArm> arms = List.empty();
    for (Kept run : runs) {
      arms =
          arms.append(new TrainedArm(run.recipe(), run.seed(), RunRows.read(run.folder().lines())));
    }
    Path batch = runs.head().folder().batch();
    ReportPage page =
        new ReportPage(
            title,
            facts.appendAll(lost.map(problem -> "ended at " + problem.wrote())),
            Option.some(new TrainingCurves(arms)),
            tables,
            Option.when(
                Files.exists(batch),
                () ->
                    RolloutMicroscope.of(
                        batch,
                        shown,
                        parameters,
                        temperature,
                        (lost.isEmpty() ? ABOUT : LOST) + runs.head().recipe() + ". ")));
    Output.write(file, page.html());
  }
}
