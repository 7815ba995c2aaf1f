package lossmith.blackbox;

import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.stream.Stream;
import lossmith.blackbox.Identification.Nearest;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Known objectives with parts exchanged: which, and nothing else. */
final class ExchangeSearchTest {
  private static final Set<String> COLUMNS =
      HashSet.of(TensorBatch.ADVANTAGE).addAll(Columns.LOG_PROBS);

  private static final Seq<Recipe> RECIPES =
      List.of("ppo", "grpo", "dapo", "gspo").map(Recipes::get);

  private static Detached<Token> a() {
    return given(TensorBatch.ADVANTAGE, Axis.TOKEN);
  }

  private static Term<Token> clipped(double high) {
    return min(ratio().times(a()), ratio().clip(Clip.around(0.2, high)).times(a()));
  }

  private static Loss mean(Term<Token> x) {
    return maximise(x.mean(Over.ALL_TOKENS));
  }

  private static Term<Token> k3() {
    return referenceLogProb().minus(logProb()).expRemainder();
  }

  static Stream<Arguments> exchanges() {
    Detached<Token> weight = oldLogProb().minus(rolloutLogProb()).exp().clip(Clip.between(0, 2));
    return Stream.of(
        Arguments.of(
            "dapo",
            List.of("the denominator is the sum of each response's tokens, then the mean"),
            maximise(clipped(0.28).sum(Over.TOKENS).mean(Over.ALL_SEQUENCES))),
        Arguments.of(
            "ppo",
            List.of("the clipped r·A stands alone"),
            mean(ratio().clip(Clip.around(0.2, 0.2)).times(a()))),
        Arguments.of(
            "ppo",
            List.of("the ratio is bounded at 4 instead of at nothing"),
            mean(select(a().negative(), max(clipped(0.2), a().scaledBy(4)), clipped(0.2)))),
        Arguments.of(
            "dapo",
            List.of("weighted by exp(log π_old − log π_rollout), at most 2"),
            mean(clipped(0.28).weightedBy(weight))),
        Arguments.of(
            "ppo",
            List.of("0.1000·k3, switched off where log π − log π_ref is below -2.6"),
            mean(clipped(0.2).minus(k3().clip(Clip.between(-10, 10)).scaledBy(0.1)))),
        Arguments.of(
            "ppo",
            List.of("0.1000·k3, as the mean of each response's tokens, then over responses"),
            maximise(
                clipped(0.2)
                    .mean(Over.ALL_TOKENS)
                    .minus(k3().mean(Over.TOKENS).mean(Over.ALL_SEQUENCES).scaledBy(0.1)))),
        Arguments.of(
            "ppo",
            List.of("the larger of r·A", "its sign is the other"),
            lossmith.dsl.Terms.minimise(
                max(ratio().times(a()), ratio().clip(Clip.around(0.2, 0.2)).times(a()))
                    .mean(Over.ALL_TOKENS))));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("exchanges")
  void whatIsExchangedIsTold(String name, List<String> words, Loss loss) {
    BlackBox box = RecipeBox.of("asked", loss, COLUMNS).get();
    Identification found = Identification.of(box, RECIPES, done -> {});
    Nearest one = found.nearest().get();
    assertTrue(one.settled(), found.toString());
    assertEquals(name, one.name(), found.toString());
    assertEquals(words.size(), one.differences().size(), found.toString());
    words.forEach(
        word ->
            assertTrue(one.differences().exists(text -> text.contains(word)), found.toString()));
  }

  static Stream<Arguments> straightThrough() {
    return List.of("k1", "k2", "k3")
        .crossProduct()
        .filter(pair -> !pair._1.equals(pair._2))
        .map(pair -> Arguments.of(pair._1, pair._2))
        .toJavaStream();
  }

  private static Term<Token> estimate(String name) {
    Term<Token> k1 = logProb().minus(referenceLogProb());
    return switch (name) {
      case "k1" -> k1;
      case "k2" -> k1.square().scaledBy(0.5);
      default -> k3();
    };
  }

  @ParameterizedTest(name = "the value of {0} with the gradient of {1}")
  @MethodSource("straightThrough")
  void theGradientOfAnEstimateIsThatOfTheTermWhoseValueMoves(String value, String gradient) {
    Term<Token> slope = estimate(gradient);
    Term<Token> penalty =
        slope.minus(slope.stopGradient()).plus(estimate(value).stopGradient()).scaledBy(0.1);
    BlackBox box =
        RecipeBox.of("asked", mean(clipped(0.2).minus(penalty)), COLUMNS.add(Columns.ENTROPY))
            .get();
    Identification found = Identification.of(box, RECIPES.take(1), done -> {});
    assertEquals(
        "as ppo, but a penalty is added, the value of 0.1000·"
            + value
            + " with the gradient of 0.1000·"
            + gradient
            + ", as the mean over all tokens\n"
            + "  with this exchanged equal to the last digit",
        found.toString());
  }

  @Test
  void whatHasNoGradientIsNoOneElses() {
    Term<Token> dead = logProb().clip(Clip.between(5, 6)).times(a());
    BlackBox box = RecipeBox.of("asked", mean(dead), COLUMNS).get();
    BlackBox ppo =
        RecipeBox.of("ppo", Recipes.get("ppo").loss(lossmith.recipes.Conventions.paper()), COLUMNS)
            .get();
    Seq<TensorBatch> batches = Probes.offPolicy(0.1);
    SameNumbers same = SameNumbers.of(ppo, batches);
    assertTrue(!same.with(box, false, SameNumbers.Agreement.SINGLE));
    assertTrue(same.with(ppo, true, SameNumbers.Agreement.EXACT));
  }

  @Test
  void aBoundOnTheRatioBeyondOrdinaryOnesIsSeen() {
    Term<Token> dual = select(a().negative(), max(clipped(0.2), a().scaledBy(4)), clipped(0.2));
    BlackBox box = RecipeBox.of("asked", mean(dual), COLUMNS).get();
    Identification found = Identification.of(box, RECIPES.take(1), done -> {});
    assertEquals(List.of(), found.equal().filter(name -> name.equals("ppo")).toList());
  }
}
