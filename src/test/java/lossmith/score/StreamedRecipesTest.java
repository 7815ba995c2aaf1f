package lossmith.score;

import java.util.Random;
import java.util.stream.Stream;
import lossmith.dsl.Loss;
import lossmith.dsl.Terms;
import lossmith.proofs.trial.RandomTerms;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recipe, value, metrics and gradient, from pieces of the batch as from the whole. */
class StreamedRecipesTest {
  static Stream<String> names() {
    return Recipes.all().map(Recipe::name).toJavaStream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void piecesGiveWhatTheWholeGives(String name) {
    Loss loss = Recipes.get(name).loss(Conventions.paper());
    PiecesAsWhole.hold(name, loss, new Random(name.hashCode()));
  }

  /** Objectives that nobody wrote, every other one with statistics of the vocabulary. */
  @Test
  void randomObjectivesToo() {
    int cases = Math.max(60, Integer.getInteger("lossmith.cases", 200));
    for (long seed = 1; seed <= cases; seed++) {
      Random random = new Random(seed);
      Loss loss = Terms.minimise(new RandomTerms(random, seed % 2 == 0).objective());
      PiecesAsWhole.hold("objective " + seed, loss, random);
    }
  }
}
