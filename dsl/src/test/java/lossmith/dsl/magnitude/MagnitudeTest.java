package lossmith.dsl.magnitude;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import lossmith.dsl.Axis;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

class MagnitudeTest {
  private static final Detached<Token> X = Terms.given("x", Axis.TOKEN);

  private static double magnitude(Detached<Batch> term) {
    Samples samples =
        new SamplesBuilder(new int[] {3}, new int[] {0})
            .column("x", Level.Name.TOKEN, new double[] {3, -1, -2})
            .build();
    return new Reference(samples, HashMap.empty()).number(Magnitude.of(term.node()));
  }

  @Test
  void whatCancelsIsCounted() {
    assertEquals(6, magnitude(X.sum(Over.ALL_TOKENS)), 0);
    assertEquals(2, magnitude(X.negated().mean(Over.ALL_TOKENS)), 1e-15);
    Detached<Batch> mean = X.mean(Over.ALL_TOKENS);
    assertEquals(4, magnitude(mean.minus(mean)), 1e-15);
    assertEquals(3, magnitude(mean.scaledBy(-1.5)), 1e-15);
  }

  @Test
  void aDeviationIsOfWhatItsMembersAre() {
    Detached<Batch> far = X.shiftedBy(1e9).std(Over.ALL_TOKENS, 0);
    assertEquals(1e9 + 2, magnitude(far), 1e-6);
  }

  @Test
  void aRootIsOffByMoreWhereItsRadicandCancels() {
    Detached<Batch> mean = X.square().mean(Over.ALL_TOKENS);
    Detached<Batch> zero = Terms.constant(0, Axis.BATCH);
    double whole = 28.0 / 3;
    Detached<Batch> none = Terms.max(mean.minus(mean), zero);
    assertEquals(10 * Math.sqrt(whole), magnitude(none.sqrt()), 1e-12);
    Detached<Batch> some = Terms.max(zero, mean.minus(mean).shiftedBy(1));
    assertEquals(whole + 1, magnitude(some.sqrt()), 1e-12);
    assertEquals(Math.sqrt(whole / 4), magnitude(mean.scaledBy(0.5).sqrt()), 1e-12);
    assertEquals(0, magnitude(Terms.min(zero, mean)), 0);
  }

  @Test
  void anExtremeIsOfTheMembersThatAreIt() {
    Detached<Token> apart = X.minus(X.shiftedBy(1));
    assertEquals(3 + 4, magnitude(apart.min(Over.ALL_TOKENS)), 0);
    assertEquals(
        1 + 2,
        magnitude(
            X.shiftedBy(2).min(Over.ALL_TOKENS.where(X.above(Terms.constant(-2, Axis.TOKEN))))),
        0);
  }

  @Test
  void whatIsNotLinearIsOneSummand() {
    assertEquals(3, magnitude(X.max(Over.ALL_TOKENS)), 0);
    assertEquals(14, magnitude(X.square().sum(Over.ALL_TOKENS)), 0);
    assertEquals(0, magnitude(X.sum(Over.ALL_TOKENS).square()), 0);
  }
}
