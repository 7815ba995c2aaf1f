package lossmith.score;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;

/** Numbers per token, computed by hand. */
class TokenScoresTest {
  /** One prompt, rewards 1, 0 and 1/2, of two, one and one token. */
  private static final Samples SAMPLES =
      new SamplesBuilder(new int[] {2, 1, 1}, new int[] {0, 0, 0})
          .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0, 0.5})
          .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-0.8, -0.6, -1, -1})
          .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {-1, -1, -1.5, -1})
          .column(Columns.ENTROPY, Level.Name.TOKEN, new double[] {0.7, 0.5, 0.3, 0.1})
          .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, new double[] {0, 1, 0, 0.5})
          .column(Columns.VALUE, Level.Name.TOKEN, new double[] {0.1, 0.2, 0.3, 0.5})
          .build();

  private static TokenScores of(Loss loss) {
    return new Scorer(SAMPLES, LinkedHashMap.empty(), Precision.FLOAT64)
        .scored("mine", loss)
        .tokens();
  }

  private static TokenScores of(String name) {
    Recipe recipe =
        Recipes.all()
            .find(known -> known.name().equals(name))
            .getOrElse(() -> Composition.of(name));
    return of(recipe.loss(Conventions.paper()));
  }

  private static void advantage(String name, double... expected) {
    assertArrayEquals(expected, of(name).advantage().get(), 1e-12, name);
  }

  /** (r − 1/2) over √(1/6), over nothing, and less the mean of the others. */
  @Test
  void theAdvantageIsThatOfTheRecipe() {
    double std = Math.sqrt(1.0 / 6);
    advantage("grpo", 0.5 / std, 0.5 / std, -0.5 / std, 0);
    advantage("dr-grpo", 0.5, 0.5, -0.5, 0);
    advantage("leave-one-out", 0.75, 0.75, -0.75, 0);
    advantage("reinforce", 1, 1, 0, 0.5);
  }

  /** δ = (0.2 − 0.1, 1 − 0.2) and A = (δ_1 + 0.95 δ_2, δ_2); r − v of a single token. */
  @Test
  void theAdvantageOfACriticDiffersByToken() {
    advantage("gae", 0.1 + 0.95 * 0.8, 0.8, -0.3, 0);
  }

  @Test
  void theRatioIsThatOfTheRecipe() {
    assertArrayEquals(
        new double[] {Math.exp(0.2), Math.exp(0.4), Math.exp(0.5), 1},
        of("grpo").ratio().get(),
        1e-12);
    assertArrayEquals(
        new double[] {Math.exp(0.3), Math.exp(0.3), Math.exp(0.5), 1},
        of("gspo").ratio().get(),
        1e-12);
    TokenScores reinforce = of("reinforce");
    assertTrue(reinforce.ratio().isEmpty());
    assertEquals("no term of this objective is named r", reinforce.notes().get("ratio").get());
  }

  @Test
  void aLossWithoutAnAdvantageHasNone() {
    TokenScores found = of(minimise(logProb().mean(ALL_TOKENS)));
    assertTrue(found.advantage().isEmpty());
    assertEquals("no term of this objective is named A", found.notes().get("advantage").get());
  }

  private static Detached<Token> centred() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE)).per(TOKEN);
  }

  @Test
  void twoAdvantagesAreNotOne() {
    Loss one = maximise(ratio().weightedBy(centred().as("A")).mean(ALL_TOKENS));
    Loss two = maximise(ratio().weightedBy(reward().per(TOKEN).as("A")).mean(ALL_TOKENS));
    TokenScores found = of(one.plus(two.as("other")));
    assertTrue(found.advantage().isEmpty());
    assertTrue(found.notes().get("advantage").get().startsWith("2 terms"), found.notes()::toString);
  }

  @Test
  void anAdvantageMadeOfAdvantagesIsTheWholeOne() {
    Detached<Token> whole = centred().as("A").plus(reward().per(TOKEN).as("A")).as("A");
    TokenScores found = of(maximise(ratio().weightedBy(whole).mean(ALL_TOKENS)));
    assertArrayEquals(new double[] {1.5, 1.5, -0.5, 0.5}, found.advantage().get(), 1e-12);
    assertEquals("the outermost of 3 terms of that name", found.notes().get("advantage").get());
  }

  /** An advantage of a response, left at its level, stands at each of its tokens. */
  @Test
  void aCoarserAdvantageIsSpread() {
    Detached<Token> a = reward().as("A").per(TOKEN);
    TokenScores found = of(maximise(ratio().weightedBy(a).mean(ALL_TOKENS)));
    assertArrayEquals(new double[] {1, 1, 0, 0.5}, found.advantage().get(), 1e-12);
  }

  /** dL/dlog π with the entropy held still is not the gradient: no weight, no share of zeros. */
  @Test
  void aWeightIsTheWholeGradientOrNone() {
    Loss both = minimise(logProb().plus(entropy()).mean(ALL_TOKENS));
    Scored scored =
        new Scorer(SAMPLES, LinkedHashMap.empty(), Precision.FLOAT64).scored("mine", both);
    assertTrue(scored.tokens().weight().isEmpty());
    assertTrue(scored.tokens().natural().isEmpty());
    assertTrue(scored.score().gradientNorm().isEmpty());
    assertTrue(scored.score().zeroGradient().isEmpty());
    assertTrue(
        scored.score().notes().get("gradient_norm, zero_gradient").get().contains("entropy"));
    assertArrayEquals(
        new double[] {0.25, 0.25, 0.25, 0.25},
        of(minimise(logProb().mean(ALL_TOKENS))).weight().get(),
        1e-12);
  }

  @Test
  void whatLiesBeyondABoundIsNotWhatTheAdvantagePushesFurtherOut() {
    Loss grpo = Recipes.all().find(r -> r.name().equals("grpo")).get().loss(Conventions.paper());
    Score score = new Scorer(SAMPLES, LinkedHashMap.empty(), Precision.FLOAT64).score("grpo", grpo);
    // r is e^0.2, e^0.4, e^0.5 and 1 beside 1.2; A is positive at the first two alone.
    assertEquals(0.75, score.above().get(), 1e-12);
    assertEquals(0.5, score.clipFractionHigh().get(), 1e-12);
    assertEquals(score.metrics().get("clip_fraction_high"), score.clipFractionHigh());
    assertEquals(0, score.below().get());
    assertEquals(0, score.clipFractionLow().get());
  }

  @Test
  void aTermOfTheVocabularyIsNoColumn() {
    Loss loss =
        minimise(
            logPi()
                .stopGradient()
                .as("A")
                .max(lossmith.dsl.Over.VOCABULARY)
                .plus(lossmith.dsl.Terms.ofSampled(logPi()))
                .mean(ALL_TOKENS));
    Samples samples = Rollouts.of(loss, new java.util.Random(1));
    TokenScores found =
        new Scorer(samples, LinkedHashMap.empty(), Precision.FLOAT64).scored("mine", loss).tokens();
    assertTrue(found.advantage().isEmpty());
    assertTrue(found.notes().get("advantage").get().contains("vocabulary"));
  }
}
