package lossmith.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Loss;
import lossmith.ops.memory.Precision;
import lossmith.pieces.Watch;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import lossmith.rollouts.Reading;
import lossmith.score.EnginePlace;
import lossmith.score.EngineRollouts;
import lossmith.score.HereEngine;
import lossmith.score.Score;
import lossmith.score.ScoreEngine;
import lossmith.score.Scorer;
import lossmith.score.TokenSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes on this machine gives one machine's table, also when a worker dies. */
class SparkClusterTest {
  /** As many cases are tried in longer runs. */
  private static final int LONG = 10_000;

  private static final String CLASS_PATH = "spark.executor.extraClassPath";

  /** With totals of several passes, and an order of all tokens. */
  private static final List<String> NAMES = List.of("grpo", "dapo", "gspo", "clip-cov");

  private static final Map<String, Loss> LOSSES =
      LinkedHashMap.ofEntries(
          NAMES.map(name -> io.vavr.Tuple.of(name, Recipes.get(name).loss(Conventions.paper()))));

  @BeforeEach
  void workersSeeTheClassesOfTheTest() {
    assumeTrue(Files.exists(Path.of("/proc/self")), "processes are started and killed as on Linux");
    System.setProperty(CLASS_PATH, System.getProperty("java.class.path"));
    System.setProperty("spark.executor.memory", "512m");
  }

  @AfterEach
  void othersDoNot() {
    System.clearProperty(CLASS_PATH);
    System.clearProperty("spark.executor.memory");
  }

  private static Seq<Score> scores(ScoreEngine engine, EnginePlace place, Path file, Watch watch) {
    Reading reading =
        Reading.plain().wanting(Recipes.all().map(recipe -> recipe.loss(Conventions.paper())));
    try (EngineRollouts rollouts = engine.open(List.of(file), reading, place, Watch.NONE)) {
      Scorer scorer =
          Scorer.of(rollouts.engine(), LinkedHashMap.empty(), Precision.FLOAT64, "CPU", 1);
      return scorer.scores(
          LOSSES.map((name, loss) -> io.vavr.Tuple.of(name, scorer.ready(name, loss))),
          TokenSink.NONE,
          rollouts.budget(),
          watch);
    }
  }

  /** Longer runs kill a worker in each of three runs, and none in a fourth. */
  @Test
  void aWorkerThatDiesLosesNothing(@TempDir Path folder) throws Exception {
    Path file = Path.of(EveryColumn.write(folder).head());
    Seq<Score> expected = scores(HereEngine.withoutTexts(), EnginePlace.NOWHERE, file, Watch.NONE);
    boolean longer = Integer.getInteger("lossmith.cases", 0) >= LONG;
    try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 2)) {
      Path staging = Files.createDirectory(folder.resolve("staging"));
      EnginePlace place =
          new EnginePlace(Option.some(cluster.master()), Option.some(staging), Option.none());
      for (int run = 0; run < (longer ? 3 : 1); run++) {
        int dying = run;
        long[] told = new long[1];
        Seq<Score> found =
            scores(
                new SparkEngine(),
                place,
                file,
                (done, all) -> {
                  if (told[0]++ == 1 + 3L * dying) {
                    cluster.kill(dying);
                  }
                });
        same(expected, found);
        assertTrue(told[0] > 2 + 3L * dying, "the worker died in the middle");
        cluster.addWorker();
      }
      if (longer) {
        same(expected, scores(new SparkEngine(), place, file, Watch.NONE));
      }
      try (var left = Files.list(staging)) {
        assertEquals(0, left.count(), "nothing is left of the runs");
      }
    }
  }

  private static void same(Seq<Score> expected, Seq<Score> found) {
    assertEquals(expected.map(Score::recipe), found.map(Score::recipe));
    for (int i = 0; i < expected.size(); i++) {
      Score one = expected.get(i);
      near(one.recipe(), one.loss(), found.get(i).loss());
      near(one.recipe(), one.gradientNorm().get(), found.get(i).gradientNorm().get());
      Map<String, Double> metrics = found.get(i).metrics();
      assertEquals(one.metrics().keySet(), metrics.keySet());
      one.metrics().forEach((name, x) -> near(one.recipe() + name, x, metrics.get(name).get()));
    }
  }

  private static void near(String what, double expected, double found) {
    assertEquals(expected, found, 1e-12 * Math.max(1, Math.abs(expected)), what);
  }
}
