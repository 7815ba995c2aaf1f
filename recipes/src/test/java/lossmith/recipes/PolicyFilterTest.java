package lossmith.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.recipes.part.Composition;
import org.junit.jupiter.api.Test;

/** The mean over the tokens of responses that are drawn in proportion to a weight. */
final class PolicyFilterTest {
  private static final double[] REWARDS = {1, 0, 2, -1, 0.5, 0.3, 0.3};

  private static void draws(String part, double... weight) {
    Samples samples = Small.ragged().with(Columns.REWARD, Level.Name.SEQUENCE, REWARDS);
    int[] response = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] logProb = samples.column(Columns.LOG_PROB).get();
    double sum = 0;
    double drawn = 0;
    for (int t = 0; t < response.length; t++) {
      double w = weight[response[t]] + 1e-8;
      sum -= w * REWARDS[response[t]] * logProb[t];
      drawn += w;
    }
    Recipe all = Composition.of("reward-to-go+log-prob+" + part);
    assertEquals(
        sum / drawn, Small.value(all.loss(Conventions.paper()), samples), 1e-12, all.name());
  }

  @Test
  void byTheSquareOfTheReward() {
    draws("policy-filter-power", 1, 0, 4, 1, 0.25, 0.09, 0.09);
  }

  @Test
  void theBestAndTheWorstOfAPrompt() {
    draws("policy-filter-extremes", 1, 1, 1, 1, 0, 1, 1);
  }

  @Test
  void theBestOfAPromptMoreThanOthers() {
    draws("policy-filter-best", 0.4, 0.1, 0.4, 0.1, 0.1, 0.4, 0.4);
  }
}
