package lossmith.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Function;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.data.Samples;
import lossmith.ops.memory.Precision;
import lossmith.pieces.CutSamples;
import lossmith.pieces.OneMachine;
import lossmith.pieces.Watch;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.rollouts.Sample;
import lossmith.storage.MemoryBudget;
import org.junit.jupiter.api.Test;

/** The embedded sample in pieces: every recipe has the row that it has in memory. */
class StreamedScoresTest {
  /** Sums are added in another order. */
  private static final double ROUNDING = 1e-12;

  @Test
  void everyRecipeHasTheSameRow() {
    Samples samples = Sample.rollouts();
    Samples columns = samples.grids().foldLeft(samples, Samples::without);
    Scorer whole = new Scorer(columns, LinkedHashMap.empty(), Precision.FLOAT64);
    Scorer pieces =
        Scorer.of(
            new OneMachine(new CutSamples(columns, 13)),
            LinkedHashMap.empty(),
            Precision.FLOAT64,
            "CPU",
            1);
    Map<String, Loss> losses = scorable(whole);
    assertTrue(losses.size() > 40, losses.keySet()::toString);
    Map<String, Score> expected = rows(whole, losses);
    Map<String, Score> found = rows(pieces, losses);
    for (String name : losses.keySet()) {
      same(name, expected.get(name).get(), found.get(name).get());
    }
  }

  @Test
  void tokensKeepTheirOrder() {
    Samples samples = Sample.rollouts();
    Samples columns = samples.grids().foldLeft(samples, Samples::without);
    Loss dapo = Recipes.get("dapo").loss(Conventions.paper());
    TokenScores expected =
        new Scorer(columns, LinkedHashMap.empty(), Precision.FLOAT64).scored("dapo", dapo).tokens();
    TokenScores found =
        Scorer.of(
                new OneMachine(new CutSamples(columns, 7)),
                LinkedHashMap.empty(),
                Precision.FLOAT64,
                "CPU",
                1)
            .scored("dapo", dapo)
            .tokens();
    assertArrayEquals(expected.weight().get(), found.weight().get(), 1e-15);
    assertArrayEquals(expected.advantage().get(), found.advantage().get(), ROUNDING);
    assertArrayEquals(expected.ratio().get(), found.ratio().get(), ROUNDING);
  }

  private static Map<String, Loss> scorable(Scorer scorer) {
    Map<String, Loss> losses = LinkedHashMap.empty();
    for (Recipe recipe : Recipes.all()) {
      Loss loss = recipe.loss(Conventions.paper());
      try {
        Scorer.Ready unused = scorer.ready(recipe.name(), loss);
        losses = losses.put(recipe.name(), loss);
      } catch (ProblemException lacking) {
        // The sample has not every column.
      }
    }
    return losses;
  }

  private static Map<String, Score> rows(Scorer scorer, Map<String, Loss> losses) {
    Map<String, Scorer.Ready> ready =
        losses.map((name, loss) -> io.vavr.Tuple.of(name, scorer.ready(name, loss)));
    Seq<Score> rows =
        scorer.scores(ready, TokenSink.NONE, new MemoryBudget(MemoryBudget.usual()), Watch.NONE);
    return rows.toLinkedMap(Score::recipe, row -> row);
  }

  private static void same(String name, Score expected, Score found) {
    near(name, expected.loss(), found.loss());
    near(name, expected.kl(), found.kl());
    assertEquals(expected.saturated(), found.saturated(), name);
    assertEquals(expected.notes(), found.notes(), name);
    for (Function<Score, Option<Double>> column :
        io.vavr.collection.List.<Function<Score, Option<Double>>>of(
            Score::below,
            Score::above,
            Score::clipFractionLow,
            Score::clipFractionHigh,
            Score::gradientNorm,
            Score::zeroGradient,
            Score::entropy,
            Score::forecastNatural)) {
      assertEquals(column.apply(expected).isDefined(), column.apply(found).isDefined(), name);
      column.apply(expected).forEach(x -> near(name, x, column.apply(found).get()));
    }
    assertEquals(expected.metrics().keySet(), found.metrics().keySet(), name);
    expected.metrics().forEach((metric, x) -> near(name, x, found.metrics().get(metric).get()));
  }

  private static void near(String name, double expected, double found) {
    assertEquals(expected, found, ROUNDING * Math.max(1, Math.abs(expected)), name);
  }
}
