package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.dsl.Loss;
import lossmith.ops.memory.Precision;
import lossmith.pieces.Watch;
import lossmith.report.Microscope;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RowTexts;
import lossmith.score.EnginePlace;
import lossmith.score.EngineRollouts;
import lossmith.score.HereEngine;
import lossmith.score.Scorer;
import lossmith.score.ShownResponses;
import lossmith.vocabulary.Vocabulary;

/** The microscope of a page: what is collected of rollouts while they are scored. */
final class RolloutMicroscope {
  private final ShownResponses shown;

  /**
   * Nothing collected yet.
   *
   * @param rollouts the rollouts
   * @param objectives how many objectives are scored
   */
  RolloutMicroscope(EngineRollouts rollouts, int objectives) {
    int kept = Math.min(objectives, Microscope.MOST_OBJECTIVES);
    this.shown = rollouts.shown(kept, Microscope.mostTokens(kept));
  }

  ShownResponses sink() {
    return shown;
  }

  /**
   * {@return what was collected}
   *
   * @param scored the objectives that were scored, in their order
   * @param minus the objective that the first is compared with, if any
   * @param texts what tokens are as text
   * @param about what the rollouts are, if that has to be said
   */
  Microscope found(Map<String, Loss> scored, Option<String> minus, RowTexts texts, String about) {
    Seq<ShownResponses.Shown> responses = shown.found();
    Map<String, Loss> kept = scored.take(Microscope.MOST_OBJECTIVES);
    return new Microscope(
        kept,
        minus,
        responses,
        texts,
        about + Microscope.note(responses, shown.seen(), scored.size() - kept.size()));
  }

  /**
   * {@return the microscope on a file of rollouts}
   *
   * @param file the rollouts
   * @param losses by name; those that need more than the file has are left out
   * @param parameters of the objectives
   * @param temperature of the policy that the file tells of
   * @param about what the file is, before what is shown of it
   */
  static Microscope of(
      Path file,
      Map<String, Loss> losses,
      Map<String, Double> parameters,
      double temperature,
      String about) {
    Reading reading = Reading.plain().wanting(losses.values());
    try (EngineRollouts rollouts =
        new HereEngine(RowTexts.names(reading), Vocabulary.unknown())
            .open(List.of(file), reading, EnginePlace.NOWHERE, Watch.NONE)) {
      RolloutMicroscope collected = new RolloutMicroscope(rollouts, losses.size());
      Scorer scorer = rollouts.scorer(parameters, Precision.FLOAT64, "CPU", temperature);
      Ranking ranking =
          Ranking.of(scorer, losses, true, collected.sink(), rollouts.budget(), Watch.NONE);
      return collected.found(
          losses.filterKeys(ranking.ready()::containsKey),
          Option.none(),
          rollouts.texts(),
          about + lacking(ranking.found().lacking()));
    }
  }

  private static String lacking(Map<String, String> why) {
    return why.isEmpty()
        ? ""
        : "Not shown, for want of a column: "
            + why.map(one -> one._1 + " (" + one._2 + ")").mkString(", ")
            + ". ";
  }
}
