package lossmith.dsl.schedule;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.control.Option;
import lossmith.dsl.Axis;
import lossmith.dsl.Detached;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Over;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import org.junit.jupiter.api.Test;

/** What must be known first, of objectives small enough to say it by hand. */
final class ScheduleTextTest {
  private static final Level.Name TOKEN = Level.Name.TOKEN;
  private static final Level.Name SEQUENCE = Level.Name.SEQUENCE;
  private static final Level.Name GROUP = Level.Name.GROUP;
  private static final Level.Name BATCH = Level.Name.BATCH;
  private static final Node A = Nodes.given("a", TOKEN);

  private static Schedule of(Term<Batch> value) {
    return Schedule.of(minimise(value));
  }

  /** A sum of logarithms needs nothing but its own token. */
  @Test
  void aSumIsLocal() {
    Schedule schedule = of(logProb().sum(ALL_TOKENS));
    assertEquals("unit of split: token\nlogits are read once", schedule.toString());
    assertTrue(schedule.local());
  }

  /** How many tokens there are is known with the batch, so a mean is local too. */
  @Test
  void aMeanIsLocal() {
    assertEquals(
        "unit of split: token\nlogits are read once", of(logProb().mean(ALL_TOKENS)).toString());
  }

  /** The mean of the rewards is data, and needed before any token has its gradient. */
  @Test
  void aBaselineIsAStageOfTheData() {
    Detached<Token> centred =
        reward().minus(reward().mean(SEQUENCES).per(Axis.SEQUENCE)).per(Axis.TOKEN);
    Schedule schedule = of(logProb().weightedBy(centred).mean(ALL_TOKENS));
    assertEquals(
        "unit of split: token\nstage 1, of the data: mean to the group\nlogits are read once",
        schedule.toString());
    assertTrue(schedule.local());
  }

  /** The mean entropy of the policy is known after all of the batch was read. */
  @Test
  void aStatisticOfThePolicyIsAStageOfThePolicy() {
    Detached<Token> mean = entropy().stopGradient().mean(ALL_TOKENS).per(Axis.TOKEN);
    Schedule schedule = of(logProb().weightedBy(mean).mean(ALL_TOKENS));
    assertEquals(
        "unit of split: token\nstage 1, of the policy: mean to the batch\n"
            + "logits are read 2 times",
        schedule.toString());
    assertFalse(schedule.local());
  }

  /** A statistic of a statistic is taken after it. */
  @Test
  void stagesAreChains() {
    Detached<Token> h = entropy().stopGradient();
    Detached<Token> above = h.minus(h.mean(ALL_TOKENS).per(Axis.TOKEN));
    Detached<Token> scaled = above.dividedBy(above.square().mean(ALL_TOKENS).per(Axis.TOKEN));
    Schedule schedule = of(logProb().weightedBy(scaled).sum(ALL_TOKENS));
    assertEquals(2, schedule.stages().size());
    assertTrue(schedule.stages().forAll(Schedule.Stage::policy));
  }

  /** The sum over a response's log-ratios is taken within the response. */
  @Test
  void aRatioOfResponsesIsSplitByResponse() {
    Schedule schedule = of(logProb().sum(TOKENS).exp().sum(ALL_SEQUENCES));
    assertEquals(SEQUENCE, schedule.unit());
    assertTrue(schedule.seeds().isEmpty());
  }

  /** max is no sum: which token it is must be known before any has its gradient. */
  @Test
  void whatIsNotLinearInASumIsASeed() {
    Term<Batch> sum = logProb().sum(ALL_TOKENS);
    assertEquals(0, of(sum).seeds().size());
    assertEquals(0, of(sum.negated()).seeds().size());
    assertEquals(0, of(sum.scaledBy(2)).seeds().size());
    assertEquals(0, of(sum.plus(entropy().mean(ALL_TOKENS))).seeds().size());
    assertEquals(0, of(sum.dividedBy(constant(2, Axis.BATCH))).seeds().size());
    assertEquals(1, of(sum.square()).seeds().size());
    assertEquals(1, of(sum.exp()).seeds().size());
    assertEquals(1, of(sum.clip(lossmith.dsl.Clip.around(0.2, 0.3))).seeds().size());
    assertEquals(2, of(sum.times(entropy().mean(ALL_TOKENS))).seeds().size());
    assertEquals(2, of(sum.dividedBy(entropy().mean(ALL_TOKENS))).seeds().size());
    assertEquals(2, of(Terms.min(sum, entropy().mean(ALL_TOKENS))).seeds().size());
    assertEquals(1, of(logProb().max(ALL_TOKENS)).seeds().size());
    assertTrue(of(sum.square()).toString().contains("live seeds: sum to the batch"));
    assertTrue(of(logProb().max(ALL_TOKENS)).toString().contains("live seeds: max to the batch"));
  }

  /** The same sum by a straight way and by a bent one is a seed. */
  @Test
  void oneBentWayIsEnough() {
    Term<Batch> sum = logProb().sum(ALL_TOKENS);
    assertEquals(1, of(sum.plus(sum.square())).seeds().size());
    assertEquals(1, of(sum.square().plus(sum)).seeds().size());
  }

  /** A kind reads other elements within the level it names; a piece of that level is enough. */
  @Test
  void whatIsBeyondAUnit() {
    beyond(Nodes.neighbour(A, Direction.BACKWARD, 0), SEQUENCE);
    beyond(Nodes.scan(A, A, Direction.FORWARD), SEQUENCE);
    beyond(Nodes.sumByKey(A, A, GROUP, false), GROUP);
    beyond(Nodes.sumByKey(A, A, BATCH, true), BATCH);
    beyond(Nodes.permute(A, A, GROUP, false), GROUP);
    beyond(Nodes.rank(A, SEQUENCE, Option.none()), SEQUENCE);
    beyond(Nodes.rank(A, BATCH, Option.none()), BATCH);
    beyond(Nodes.quantile(A, Nodes.constant(0.5, GROUP), GROUP, Option.none()), GROUP);
    beyond(Nodes.reduce(ReduceOp.MAX, A, SEQUENCE, 0, Option.none()), SEQUENCE);
    beyond(Nodes.count(TOKEN, GROUP, Option.none()), GROUP);
    assertFalse(Schedule.beyond(TOKEN, A));
    assertFalse(Schedule.beyond(TOKEN, Nodes.stopGradient(A)));
    assertFalse(Schedule.beyond(TOKEN, Nodes.broadcast(Nodes.given("s", SEQUENCE), TOKEN)));
  }

  private static void beyond(Node node, Level.Name within) {
    List<Level.Name> fineToCoarse = List.of(TOKEN, SEQUENCE, GROUP, BATCH);
    for (Level.Name unit : fineToCoarse) {
      boolean expected = fineToCoarse.indexOf(unit) < fineToCoarse.indexOf(within);
      assertEquals(expected, Schedule.beyond(unit, node), unit + " " + node);
    }
  }

  /** Other kinds are named by what they do. */
  @Test
  void whatAStageIsCalled() {
    Detached<Token> weight = Terms.given("weight", Axis.TOKEN);
    Detached<Token> ranked = weight.rank(Over.TOKENS);
    String text = of(logProb().weightedBy(ranked).sum(ALL_TOKENS)).toString();
    assertTrue(text.contains("stage 1, of the data: rank within the sequence"), text);
    Detached<Token> below = weight.cumulativeSum(logProb().stopGradient(), ALL_TOKENS);
    String running = of(logProb().weightedBy(below).sum(ALL_TOKENS)).toString();
    assertTrue(
        running.contains("stage 1, of the policy: cumulative sum within the batch"), running);
    Term<Batch> live = logProb().cumulativeSum(weight, ALL_TOKENS).square().sum(ALL_TOKENS);
    assertTrue(
        of(live).toString().contains("stage 2, of the policy: cumulative sum within the batch"),
        of(live).toString());
  }
}
