package lossmith.recipes;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.minimise;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import org.junit.jupiter.api.Test;

class AggregationTest {
  /** Responses of 2, 4 and 0 tokens to one prompt: (1, 1), (1, 0, 0, 0) and nothing. */
  private static double of(Aggregation aggregation, Conventions c, int... lengths) {
    Samples samples =
        new SamplesBuilder(lengths, new int[lengths.length])
            .column("x", Level.Name.TOKEN, new double[] {1, 1, 1, 0, 0, 0})
            .build();
    return Small.value(minimise(aggregation.of(given("x", TOKEN), c)), samples);
  }

  @Test
  void theDenominatorsOfEquationFiveAndOfTheTokenMeanDiffer() {
    assertEquals(0.625, of(Aggregation.GROUP_MEAN, Conventions.paper(), 2, 4), 1e-15);
    assertEquals(0.5, of(Aggregation.TOKEN_MEAN, Conventions.paper(), 2, 4), 1e-15);
    assertEquals(1.5, of(Aggregation.SEQUENCE_MEAN_TOKEN_SUM, Conventions.paper(), 2, 4), 1e-15);
    assertEquals(3, of(Aggregation.GROUP_MEAN_TOKEN_SUM, Conventions.paper(), 2, 4), 1e-15);
  }

  @Test
  void verlLeavesEmptyResponsesOut() {
    Aggregation mean = Aggregation.SEQUENCE_MEAN_TOKEN_MEAN;
    double verl = (2 / (2 + 1e-8) + 1 / (4 + 1e-8)) / 2;
    assertEquals(verl, of(mean, Conventions.verl(), 2, 4, 0), 1e-15);
    assertEquals(1.25 / 3, of(mean, Conventions.paper(), 2, 4, 0), 1e-15);
  }
}
