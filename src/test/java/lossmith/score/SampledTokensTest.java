package lossmith.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import org.junit.jupiter.api.Test;

/** A sample of tokens is the same however they come, and no larger however many there are. */
class SampledTokensTest {
  private static final int LENGTH = 50;

  /** Responses of equal length whose rows are given; a token's weight says which it is. */
  private static void give(SampledTokens to, long... rows) {
    int[] lengths = IntStream.generate(() -> LENGTH).limit(rows.length).toArray();
    Samples piece = new SamplesBuilder(lengths, new int[rows.length]).ids(rows).build();
    double[] weights =
        IntStream.range(0, rows.length * LENGTH)
            .mapToDouble(t -> rows[t / LENGTH] * LENGTH + t % LENGTH)
            .toArray();
    double[] ratios = IntStream.range(0, weights.length).mapToDouble(t -> 1).toArray();
    to.take(0, piece, "mine", scores(ratios, weights, Option.none()));
  }

  private static TokenScores scores(double[] ratio, double[] weight, Option<double[]> advantage) {
    return new TokenScores(
        Option.some(ratio),
        advantage,
        Option.some(weight),
        Option.none(),
        Option.none(),
        Option.none(),
        Option.none(),
        Option.none(),
        HashMap.empty());
  }

  private static Seq<Double> weights(SampledTokens of) {
    return of.found().get("mine").get().tokens().map(SampledTokens.Token::weight);
  }

  @Test
  void piecesAndTheirOrderChangeNothing() {
    SampledTokens whole = new SampledTokens(30);
    give(whole, 0, 1, 2, 3, 4, 5);
    SampledTokens pieces = new SampledTokens(30);
    give(pieces, 4, 2);
    give(pieces, 5);
    give(pieces, 1, 0, 3);
    assertEquals(30, weights(whole).size());
    assertEquals(weights(whole), weights(pieces));
    assertEquals(6 * LENGTH, pieces.found().get("mine").get().all());
  }

  /** Of 40 responses, drawn fairly, each fifth of them has a fifth of the tokens. */
  @Test
  void eachTokenIsDrawnAsOftenAsAnother() {
    SampledTokens drawn = new SampledTokens(1000);
    give(drawn, IntStream.range(0, 40).asLongStream().toArray());
    Seq<Double> weights = weights(drawn);
    assertEquals(1000, weights.distinct().size());
    for (int fifth : List.of(0, 1, 2, 3, 4)) {
      int here = weights.count(w -> (int) (w / LENGTH) / 8 == fifth);
      // Binomial: 200 with a deviation of 9 for draws without replacement; five of them either way.
      assertTrue(Math.abs(here - 200) < 45, fifth + ": " + here);
    }
  }

  @Test
  void whatCannotBeDrawnIsCounted() {
    double infinite = Double.POSITIVE_INFINITY;
    SampledTokens drawn = new SampledTokens(10);
    Samples piece = new SamplesBuilder(new int[] {4}, new int[1]).build();
    double[] ratios = {1, infinite, 0, 2};
    double[] weights = {-1, 1, 1, Double.NaN};
    drawn.take(0, piece, "mine", scores(ratios, weights, Option.some(new double[] {3, 3, 3, 3})));
    SampledTokens.Sample sample = drawn.found().get("mine").get();
    assertEquals(List.of(new SampledTokens.Token(1, -1, 3)), sample.tokens().toList());
    assertEquals(4, sample.all());
    assertEquals(3, sample.undrawn());
  }
}
