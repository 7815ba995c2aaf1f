package lossmith.dsl;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Two losses under one roof: a name stands for one thing. */
class LossTest {
  private static final Samples SAMPLES =
      new SamplesBuilder(new int[] {2, 1}, new int[] {0, 0})
          .column(Columns.LOG_PROB, Level.Name.TOKEN, new double[] {-1, -2, -3})
          .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {0.5, 1})
          .build();

  private static Loss scaled(double beta) {
    return minimise(logProb().scaledBy(parameter("beta", beta, 0, 10)).mean(ALL_TOKENS));
  }

  private static double value(Loss loss, Map<String, Double> parameters) {
    BoundLoss bound = BoundLoss.of(loss, Surface.STATISTICS, SAMPLES.columns());
    return new Reference(SAMPLES, parameters).number(bound.value());
  }

  private static void refused(Executable what, String... said) {
    String message = "" + assertThrows(ProblemException.class, what).getMessage();
    for (String text : said) {
      assertTrue(message.contains(text), message);
    }
  }

  /** The mean log-prob is -2: 0.1 · -2 + 5 · -2 = -10.2. */
  @Test
  void twoParametersOfOneNameAreTwo() {
    refused(
        () -> scaled(0.1).plus(scaled(5)),
        "beta",
        "0.1 in [0, 10]",
        "5 in [0, 10]",
        "renamed(\"beta\"");
    Loss other = scaled(5).renamed("beta", "simpo_beta");
    assertEquals(-10.2, value(scaled(0.1).plus(other), HashMap.empty()), 1e-12);
    assertEquals(-10.2, value(other.plus(scaled(0.1)), HashMap.empty()), 1e-12);
    Map<String, Double> fed = HashMap.of("beta", 1.0, "simpo_beta", 2.0);
    assertEquals(-6, value(scaled(0.1).plus(other), fed), 1e-12);
    assertEquals(
        List.of("beta", "simpo_beta"), scaled(0.1).plus(other).parameters().map(Parameter::name));
  }

  @Test
  void aRangeIsPartOfWhatAParameterIs() {
    Loss wider = minimise(logProb().scaledBy(parameter("beta", 0.1, 0, 11)).mean(ALL_TOKENS));
    refused(() -> scaled(0.1).plus(wider), "0.1 in [0, 10] and 0.1 in [0, 11]");
  }

  /** Both read the same: one name for one thing. */
  @Test
  void oneParameterOfTwoLossesIsFedOnce() {
    Loss both = scaled(0.5).plus(scaled(0.5));
    assertEquals(-2, value(both, HashMap.empty()), 1e-12);
    assertEquals(-12, value(both, HashMap.of("beta", 3.0)), 1e-12);
  }

  @Test
  void theyAreToldApartInsideOneLossToo() {
    refused(
        () ->
            minimise(
                logProb()
                    .scaledBy(parameter("beta", 0.1, 0, 10))
                    .plus(logProb().square().scaledBy(parameter("beta", 2, 0, 10)))
                    .mean(ALL_TOKENS)),
        "two parameters named beta");
    refused(() -> scaled(1).scaledBy(parameter("beta", 2, 0, 10)), "two parameters named beta");
    refused(() -> scaled(1).log("b", parameter("beta", 2, 0, 10)), "two parameters named beta");
  }

  @Test
  void everyClashIsToldAtOnce() {
    Loss left = scaled(1).scaledBy(parameter("alpha", 1, 0, 2));
    Loss right = scaled(2).scaledBy(parameter("alpha", 1, 0, 3));
    refused(() -> left.plus(right), "two parameters named beta", "two parameters named alpha");
  }

  @Test
  void aNewNameMustBeFreeAndTheOldOneThere() {
    Loss two = scaled(1).scaledBy(parameter("alpha", 1, 0, 2));
    refused(() -> two.renamed("beta", "alpha"), "there is a parameter alpha already");
    refused(() -> two.renamed("bata", "x"), "there is no parameter bata", "beta");
    assertEquals(two.fingerprint(), two.renamed("beta", "beta").fingerprint());
    assertEquals(two.fingerprint(), two.renamed("beta", "x").renamed("x", "beta").fingerprint());
  }

  @Test
  void aMetricIsOneNumber() {
    Loss loss = scaled(1).log("r", reward().mean(ALL_SEQUENCES));
    assertEquals(1, loss.log("r", reward().mean(ALL_SEQUENCES)).metrics().size());
    refused(() -> loss.log("r", reward().max(ALL_SEQUENCES)), "log(\"r\"", "another name");
  }

  @Test
  void metricsOfASumKeepWhatTheyAreAlone() {
    Loss left = scaled(1).log("r", reward().mean(ALL_SEQUENCES));
    Loss right = scaled(1).log("r", reward().max(ALL_SEQUENCES));
    assertEquals(HashSet.of("r", "r_2"), left.plus(right).metrics().keySet());
    assertEquals(HashSet.of("r"), left.plus(left).metrics().keySet(), "one meaning, one name");
    assertEquals(2, left.plus(left).parts().size(), "a part counts as often as it is added");
  }

  @Test
  void aColumnHasOneLevelAndOneDefault() {
    refused(
        () ->
            minimise(given("x", TOKEN).times(logProb()).mean(ALL_TOKENS))
                .plus(minimise(given("x", SEQUENCE).per(TOKEN).times(logProb()).mean(ALL_TOKENS))),
        "x, read as a column of level token and of level sequence");
    Node zero = Nodes.constant(0, Level.Name.TOKEN);
    Node one = Nodes.constant(1, Level.Name.TOKEN);
    Detached<Level.Token> either =
        Detached.wrap(Nodes.given("x", Level.Name.TOKEN, zero), TOKEN)
            .plus(Detached.wrap(Nodes.given("x", Level.Name.TOKEN, one), TOKEN));
    refused(
        () -> minimise(logProb().weightedBy(either).mean(ALL_TOKENS)), "0.0 or 1.0 would stand");
  }

  /** Its gradient would be one with that of the policy. */
  @Test
  void aTrainableScalarIsNoStatisticOfThePolicy() {
    refused(() -> Terms.trainable("entropy", TOKEN), "a statistic of the policy");
    refused(() -> Terms.trainable("log_prob", TOKEN), "a statistic of the policy");
  }

  @Test
  void theTemperatureIsWhatLogitsAreDividedBy() {
    Loss own = scaled(1).scaledBy(parameter("temperature", 2, 0, 5));
    refused(
        () -> BoundLoss.of(own, Surface.LOGITS, HashSet.of("logits")), "temperature", "renamed");
    refused(
        () -> BoundLoss.of(own, Surface.STATISTICS, SAMPLES.columns()), "temperature", "renamed");
  }
}
