package lossmith.dsl.bind;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Set;
import java.util.function.Function;
import lossmith.dsl.Axis;
import lossmith.dsl.Detached;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;

/**
 * What is missing is told at once; what goes from the vocabulary to the token is a column.
 *
 * <p>Long because every clause of binding has its case here.
 */
final class BoundLossTest {
  private static String refused(Loss loss, Surface surface, String... columns) {
    Set<String> names = HashSet.of(columns);
    return String.valueOf(
        assertThrows(ProblemException.class, () -> BoundLoss.of(loss, surface, names))
            .getMessage());
  }

  @Test
  void aStatisticOfThePolicyMayComeFromLogits() {
    Loss loss = minimise(logProb().times(given("weight", Axis.TOKEN)).mean(ALL_TOKENS));
    String message = refused(loss, Surface.STATISTICS);
    assertEquals(
        List.of(
            "column: got samples without log_prob; expected the token column log_prob;"
                + " write samples with that column, or give logits",
            "column: got samples without weight; expected the token column weight;"
                + " write samples with that column"),
        List.ofAll(message.lines()));
  }

  @Test
  void aValueDoesNotComeFromLogits() {
    assertEquals(
        "column: got samples without value; expected the token column value;"
            + " write samples with that column",
        refused(minimise(value().square().mean(ALL_TOKENS)), Surface.STATISTICS, "log_prob"));
  }

  @Test
  void atTheSurfaceOfLogitsThePolicyIsTheLogits() {
    assertEquals(
        "column: got samples without logits; expected the vocabulary column logits;"
            + " write samples with that column",
        refused(minimise(logProb().mean(ALL_TOKENS)), Surface.LOGITS, "log_prob"));
  }

  @Test
  void aMetricNeedsItsColumnsToo() {
    Loss loss =
        minimise(logProb().mean(ALL_TOKENS))
            .log("weight", given("weight", Axis.TOKEN).mean(ALL_TOKENS));
    assertEquals(
        "column: got samples without weight; expected the token column weight;"
            + " write samples with that column",
        refused(loss, Surface.STATISTICS, "log_prob"));
  }

  @Test
  void aTermNeedsItsColumnsToo() {
    Set<String> none = HashSet.empty();
    assertThrows(
        ProblemException.class,
        () -> BoundLoss.term(given("weight", Axis.TOKEN), Surface.STATISTICS, none));
  }

  /** Without old_log_prob the old policy is the policy, stopped. */
  @Test
  void theOldPolicyIsThePolicyWhereNothingElseIsSaid() {
    Loss loss = minimise(logProb().minus(oldLogProb()).exp().sum(ALL_TOKENS));
    BoundLoss without = BoundLoss.of(loss, Surface.STATISTICS, HashSet.of("log_prob"));
    BoundLoss with = BoundLoss.of(loss, Surface.STATISTICS, HashSet.of("log_prob", "old_log_prob"));
    Samples samples =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .column("log_prob", Level.Name.TOKEN, new double[] {-1, -2})
            .column("old_log_prob", Level.Name.TOKEN, new double[] {-2, -2})
            .build();
    Reference reference = new Reference(samples, HashMap.empty());
    assertEquals(2, reference.number(without.value()), 1e-12);
    assertEquals(Math.E + 1, reference.number(with.value()), 1e-12);
    assertArrayEquals(
        new double[] {1, 1}, reference.of(without.gradients().get("log_prob").get()), 1e-12);
  }

  @Test
  void statisticsHaveNames() {
    Loss loss =
        minimise(
            logProb()
                .plus(entropy())
                .plus(logPi().mean(VOCABULARY))
                .plus(Terms.ofSampled(Terms.referenceLogPi()))
                .plus(
                    Terms.probTimes(logPi().scaledBy(2), Terms.constant(1, Axis.VOCABULARY_ENTRY))
                        .sum(VOCABULARY))
                .mean(ALL_TOKENS));
    StatisticsSplit cut = StatisticsSplit.of(loss, HashSet.of("ref_log_pi"));
    assertEquals(
        HashSet.of("log_prob", "entropy", "mean_log_pi", "ref_log_prob", "sum_pi_squared"),
        cut.statistics().keySet());
    assertEquals(
        HashSet.of("log_prob", "entropy", "mean_log_pi", "sum_pi_squared"),
        cut.rest().gradients().keySet());
  }

  @Test
  void aDetachedStatisticSharesTheColumnOfTheLiveOne() {
    Loss loss =
        minimise(entropy().times(entropy().stopGradient()).plus(logProb()).mean(ALL_TOKENS));
    assertEquals(
        HashSet.of("entropy", "log_prob"),
        StatisticsSplit.of(loss, HashSet.empty()).statistics().keySet());
  }

  @Test
  void aStatisticWithoutANameOfItsOwnIsCalledByWhatItIs() {
    Loss loss = minimise(logPi().square().sum(VOCABULARY).mean(ALL_TOKENS));
    // Computed with Python's hashlib, as in FingerprintTest.
    assertEquals(
        HashSet.of("statistic_b944d5c45b81b2af"),
        StatisticsSplit.of(loss, HashSet.empty()).statistics().keySet(),
        "the same in every process");
  }

  /** What differs in a label, or in the order of a sum, is one statistic. */
  @Test
  void equalMeaningsShareAColumn() {
    var square = logPi().square();
    Loss loss =
        minimise(
            square
                .plus(logPi())
                .sum(VOCABULARY)
                .plus(logPi().plus(square.as("s")).sum(VOCABULARY))
                .mean(ALL_TOKENS));
    assertEquals(1, StatisticsSplit.of(loss, HashSet.empty()).statistics().size());
  }

  /** The printed listings of these two have one hash code of 32 bits. */
  @Test
  void twoStatisticsNeverShareAColumn() {
    Loss loss =
        minimise(
            logPi()
                .scaledBy(1.167409201043136)
                .exp()
                .sum(VOCABULARY)
                .minus(logPi().scaledBy(1.8998652963142124).exp().sum(VOCABULARY))
                .mean(ALL_TOKENS));
    assertEquals(2, StatisticsSplit.of(loss, HashSet.empty()).statistics().size());
  }

  /** With names of no digits any two meet. */
  @Test
  void namesThatMeetAreRefused() {
    VocabularyCut cut = new VocabularyCut(new StatisticNames(0), new HashConsing());
    Node squares = logPi().square().sum(VOCABULARY).node();
    assertEquals(cut.of(squares), cut.of(squares));
    assertThrows(ProblemException.class, () -> cut.of(logPi().exp().sum(VOCABULARY).node()));
  }

  /** What is ranked stays detached, in the column of a sum that is live and of one that is not. */
  @Test
  void aSumOverTheBestEntriesIsOneColumn() {
    var best =
        logPi().stopGradient().rank(VOCABULARY).below(Terms.constant(2, Axis.VOCABULARY_ENTRY));
    var mass = logPi().exp().sum(VOCABULARY.where(best));
    Loss loss = minimise(mass.minus(mass.stopGradient()).mean(ALL_TOKENS));
    StatisticsSplit cut = StatisticsSplit.of(loss, HashSet.of("log_prob"));
    assertEquals(1, cut.statistics().size());
    assertEquals(cut.statistics().keySet(), cut.rest().gradients().keySet());
  }

  /** How many entries are likely is known where π is, and is data where it is not. */
  @Test
  void aNumberOfEntriesIsAColumn() {
    var likely = logPi().above(Terms.constant(-2, Axis.VOCABULARY_ENTRY));
    Loss loss = minimise(logProb().times(Terms.count(VOCABULARY.where(likely))).mean(ALL_TOKENS));
    StatisticsSplit cut = StatisticsSplit.of(loss, HashSet.of("log_prob"));
    String name = cut.statistics().keySet().remove("log_prob").head();
    assertTrue(name.startsWith("statistic_"), name);
    assertEquals(HashSet.of("log_prob"), cut.rest().gradients().keySet());
    Samples samples =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .column("log_prob", Level.Name.TOKEN, new double[] {-1, -3})
            .column(name, Level.Name.TOKEN, new double[] {4, 5})
            .build();
    Reference reference = new Reference(samples, HashMap.empty());
    assertEquals((-1 * 4 - 3 * 5) / 2.0, reference.number(cut.rest().value()), 1e-12);
    assertArrayEquals(
        new double[] {2, 2.5}, reference.of(cut.rest().gradients().get("log_prob").get()), 1e-12);
  }

  /** A quantile of entries is known where π is, and is data where it is not. */
  @Test
  void aQuantileOfEntriesIsAColumn() {
    var median = KEY.quantile(Terms.constant(0.5, Axis.TOKEN), VOCABULARY);
    Loss loss = minimise(logProb().times(median).mean(ALL_TOKENS));
    StatisticsSplit cut = StatisticsSplit.of(loss, HashSet.empty());
    String name = cut.statistics().keySet().remove("log_prob").head();
    assertTrue(name.startsWith("statistic_"), name);
    Samples samples =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .column("log_prob", Level.Name.TOKEN, new double[] {-1, -3})
            .column(name, Level.Name.TOKEN, new double[] {-2, -5})
            .build();
    Reference reference = new Reference(samples, HashMap.empty());
    assertEquals((2 + 15) / 2.0, reference.number(cut.rest().value()), 1e-12);
    Node column = cut.statistics().get(name).get();
    assertEquals(Level.Name.TOKEN, column.level());
  }

  /** The vocabulary's size is not known without it either. */
  @Test
  void theSizeOfTheVocabularyIsAColumn() {
    Loss loss = minimise(logProb().times(Terms.count(VOCABULARY)).mean(ALL_TOKENS));
    assertEquals(2, StatisticsSplit.of(loss, HashSet.of("log_prob")).statistics().size());
  }

  /** Whatever of the policy it reads stopped, it is the same numbers. */
  @Test
  void aStatisticOfTheStoppedPolicySharesTheColumnOfTheLiveOne() {
    for (Function<Term<Vocabulary>, Term<Vocabulary>> entries : ENTRIES) {
      Term<Token> live = entries.apply(logPi()).sum(VOCABULARY);
      Term<Token> stopped = entries.apply(logPi().stopGradient()).sum(VOCABULARY);
      Loss loss = minimise(live.times(stopped).mean(ALL_TOKENS));
      StatisticsSplit cut = StatisticsSplit.of(loss, HashSet.empty());
      assertEquals(1, cut.statistics().size(), cut.statistics()::toString);
      assertEquals(cut.statistics().keySet(), cut.rest().gradients().keySet());
    }
  }

  private static final Detached<Vocabulary> KEY = logPi().stopGradient();

  private static final List<Function<Term<Vocabulary>, Term<Vocabulary>>> ENTRIES =
      List.of(
          Term::exp,
          x -> x.cumulativeSum(KEY, VOCABULARY),
          x -> x.sumByKey(KEY, VOCABULARY),
          x -> x.sortedBy(KEY, VOCABULARY).square(),
          x -> x.times(KEY.rank(VOCABULARY)));

  @Test
  void aStatisticThatOnlyAMetricReadsIsOneToo() {
    Loss loss =
        minimise(logProb().mean(ALL_TOKENS))
            .log("entropy", entropy().stopGradient().mean(ALL_TOKENS));
    assertEquals(
        HashSet.of("log_prob", "entropy"),
        StatisticsSplit.of(loss, HashSet.empty()).statistics().keySet());
  }

  /** π = (1/4, 3/4) and the second entry sampled: log π = log 3/4, its slope 1[v] − π_v. */
  @Test
  void atTheSurfaceOfLogitsTheGradientIsThatOfTheLogits() {
    Loss loss = minimise(logProb().plus(value().square()).mean(ALL_TOKENS));
    BoundLoss bound = BoundLoss.of(loss, Surface.LOGITS, HashSet.of("logits", "value"));
    Samples samples =
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .sampled(new int[] {1})
            .grid(BoundLoss.LOGITS, Grid.of(new double[] {0, Math.log(3)}, 2))
            .column("value", Level.Name.TOKEN, new double[] {5})
            .build();
    Reference reference = new Reference(samples, HashMap.empty());
    assertEquals(HashSet.of("logits", "value"), bound.gradients().keySet());
    assertEquals(Math.log(0.75) + 25, reference.number(bound.value()), 1e-12);
    assertArrayEquals(
        new double[] {-0.25, 0.25}, reference.of(bound.gradients().get("logits").get()), 1e-15);
    assertArrayEquals(new double[] {10}, reference.of(bound.gradients().get("value").get()), 1e-15);
    Node term = BoundLoss.term(logProb(), Surface.LOGITS, HashSet.of("logits"));
    assertEquals(Math.log(0.75), reference.of(term)[0], 1e-12);
  }

  @Test
  void thePartsOfALossAreAddedUp() {
    Loss loss =
        minimise(value().mean(ALL_TOKENS)).plus(minimise(value().sum(ALL_TOKENS)).as("sum"));
    BoundLoss bound = BoundLoss.of(loss, Surface.STATISTICS, HashSet.of("value"));
    Samples samples =
        new SamplesBuilder(new int[] {2}, new int[] {0})
            .column("value", Level.Name.TOKEN, new double[] {5, 7})
            .build();
    assertEquals(18, new Reference(samples, HashMap.empty()).number(bound.value()), 1e-15);
  }

  @Test
  void whatATermReadsIsToldInOrderAndOnce() {
    Term<Token> term =
        value()
            .scaledBy(Terms.parameter("beta", 1, 0, 2))
            .plus(logProb().scaledBy(Terms.parameter("alpha", 1, 0, 2)))
            .plus(value().scaledBy(Terms.parameter("beta", 1, 0, 2)));
    Inputs inputs = Inputs.of(List.of(term.node()));
    assertEquals(List.of("value", "log_pi"), inputs.columns().map(Node.Input::name));
    assertEquals(List.of("beta", "alpha"), inputs.parameters().map(Node.ParameterValue::name));
  }

  @Test
  void theReferencePolicyIsGiven() {
    Loss loss = minimise(logProb().minus(referenceLogProb()).square().mean(ALL_TOKENS));
    BoundLoss bound =
        BoundLoss.of(loss, Surface.STATISTICS, HashSet.of("log_prob", "ref_log_prob"));
    assertEquals(HashSet.of("log_prob"), bound.gradients().keySet());
  }

  private static final Set<String> LOGITS = HashSet.of(BoundLoss.LOGITS);

  /** What stands for an absent column may have a default and a parameter of its own. */
  private static Loss nested() {
    Node half = Terms.parameter("half", 0.5, 0, 1).node();
    Node inner = Nodes.given("inner", Level.Name.BATCH, half);
    Node outer = Nodes.given("outer", Level.Name.BATCH, inner);
    return minimise(logProb().mean(ALL_TOKENS).weightedBy(Detached.wrap(outer, Axis.BATCH)));
  }

  @Test
  void whatStoodInIsSaid() {
    BoundLoss both = BoundLoss.of(nested(), Surface.LOGITS, LOGITS);
    assertEquals(HashSet.of("outer", "inner"), HashSet.ofAll(both.fallbacks().keySet()));
    BoundLoss one = BoundLoss.of(nested(), Surface.LOGITS, LOGITS.add("inner"));
    assertEquals(HashSet.of("outer"), HashSet.ofAll(one.fallbacks().keySet()));
    BoundLoss none = BoundLoss.of(nested(), Surface.LOGITS, LOGITS.add("outer"));
    assertTrue(none.fallbacks().isEmpty());
    assertTrue(
        BoundLoss.of(nested(), Surface.LOGITS, LOGITS.add("outer").add("inner"))
            .fallbacks()
            .isEmpty());
  }

  @Test
  void whatMayBeReadIsKnownWithWhatStandsIn() {
    Inputs all = Inputs.withDefaults(nested());
    assertEquals(
        HashSet.of("log_pi", "outer", "inner"), HashSet.ofAll(all.columns().map(Node.Input::name)));
    assertEquals(List.of("half"), all.parameters().map(Node.ParameterValue::name).toList());
    assertEquals(HashSet.of("outer", "inner"), HashSet.ofAll(all.optional()));
    assertTrue(Inputs.of(nested().parts().values().map(Term::node)).parameters().isEmpty());
  }
}
