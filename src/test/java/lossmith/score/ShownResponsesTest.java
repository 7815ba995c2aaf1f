package lossmith.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Axis;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.ops.memory.Precision;
import lossmith.pieces.Watch;
import lossmith.rollouts.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShownResponsesTest {
  private static final Loss LOSS =
      Terms.maximise(Terms.logProb().times(Terms.reward().per(Axis.TOKEN)).mean(Over.ALL_TOKENS));

  /** Six responses of four tokens, of which each pulls by its reward: 0, 5, 1, 4, 2, 3. */
  private static Path rows(Path folder) throws Exception {
    return Files.writeString(
        folder.resolve("r.jsonl"),
        List.of(0, 5, 1, 4, 2, 3)
            .map(
                reward ->
                    "{\"prompt_id\":"
                        + reward
                        + ",\"reward\":"
                        + reward
                        + ",\"log_prob\":[-1,-1,-1,-1],\"tokens\":[1,2,3,4]}\n")
            .mkString());
  }

  private static ShownResponses shown(Path folder, int most) throws Exception {
    Reading reading = Reading.plain().wanting(List.of(LOSS));
    try (EngineRollouts rollouts =
        HereEngine.withoutTexts()
            .open(List.of(rows(folder)), reading, EnginePlace.NOWHERE, Watch.NONE)) {
      ShownResponses shown = rollouts.shown(1, most);
      Scorer scorer =
          Scorer.of(rollouts.engine(), LinkedHashMap.empty(), Precision.FLOAT64, "CPU", 1);
      Seq<Score> unused =
          scorer.scores(
              LinkedHashMap.of("mine", scorer.ready("mine", LOSS)),
              shown,
              rollouts.budget(),
              Watch.NONE);
      return shown;
    }
  }

  @Test
  void whatPullsHardestIsKeptInTheOrderOfTheFile(@TempDir Path folder) throws Exception {
    ShownResponses shown = shown(folder, 16);
    assertEquals(6, shown.seen());
    Seq<ShownResponses.Shown> found = shown.found();
    assertEquals(List.of(1L, 3L, 4L, 5L), found.map(ShownResponses.Shown::row).toList());
    assertEquals(Vector.of(0, 1, 2, 3), found.head().slots());
    assertEquals(Option.some(5.0), found.head().reward());
    // dL/dlog π = −reward / 24 by hand.
    assertEquals(-5.0 / 24, found.head().scores().get("mine").get().weight().get()[2], 1e-15);
    assertEquals(0, found.head().left());
  }

  @Test
  void ofALongResponseAPartIsKept(@TempDir Path folder) throws Exception {
    Seq<ShownResponses.Shown> found = shown(folder, 8).found();
    assertEquals(List.of(1L, 3L, 4L, 5L), found.map(ShownResponses.Shown::row).toList());
    assertEquals(List.of(2, 2, 2, 2), found.map(ShownResponses.Shown::left).toList());
    assertEquals(List.of(2, 2, 2, 2), found.map(one -> one.slots().size()).toList());
  }

  @Test
  void ofAFileThatFitsNothingIsLeftOut(@TempDir Path folder) throws Exception {
    assertEquals(6, shown(folder, 1000).found().size());
  }
}
