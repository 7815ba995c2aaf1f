package lossmith.dsl.flow;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vavr.collection.List;
import io.vavr.control.Option;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.UnaryOp;
import org.junit.jupiter.api.Test;

/** A loss is refused when its gradient reaches less, or more, than it declares. */
final class FlowTest {
  private static final Detached<Token> ADVANTAGE = given("advantage", TOKEN);
  private static final Term<Token> CLIPPED =
      ratio().clip(Clip.around(0.2, 0.3)).stopGradient().times(ADVANTAGE);

  @Test
  void policyGradientReachesThePolicy() {
    Loss loss = maximise(logProb().times(ADVANTAGE).mean(ALL_TOKENS));
    assertEquals(
        List.of("negate", "mean", "times", "of_sampled", "log_pi"),
        Flow.of(loss).reached().get(Loss.POLICY).get());
    assertEquals(List.empty(), Flow.check(loss).toList());
  }

  @Test
  void cispoAsPrintedIsDead() {
    Loss loss = maximise(CLIPPED.mean(ALL_TOKENS));
    assertEquals(
        "dead-objective: got a loss whose gradient does not reach policy: the gradient path ends at"
            + " the stop-gradient sg > clip > r > exp > minus > log π(y_t); expected a gradient"
            + " path to policy; write x.times(logProb()) to multiply by logProb(), or x for"
            + " x.stopGradient() where gradient is to flow through x",
        Flow.check(loss).mkString("\n"));
  }

  @Test
  void cispoAsMeantIsAlive() {
    assertEquals(0, Flow.check(maximise(CLIPPED.times(logProb()).mean(ALL_TOKENS))).size());
  }

  @Test
  void theValueHeadIsNotTrainedByAccident() {
    Term<Token> advantage = given("return", TOKEN).minus(value());
    Loss loss = maximise(logProb().times(advantage).mean(ALL_TOKENS));
    assertEquals(
        "stray-gradient: got a loss whose gradient reaches value by negate > mean > times > minus >"
            + " value; expected gradient to declared inputs only; write stopGradient() on value, or"
            + " training(\"value\") to train it",
        Flow.check(loss).mkString("\n"));
    assertEquals(0, Flow.check(loss.training(Loss.POLICY, "value")).size());
  }

  @Test
  void anInputThatIsDeclaredMustBeReached() {
    Loss loss = minimise(value().square().mean(ALL_TOKENS)).training(Loss.POLICY, "value");
    assertEquals(
        "not-reached: got a loss whose gradient does not reach policy: policy does not occur in it;"
            + " expected a gradient path to policy; write x.times(logProb()) to multiply by"
            + " logProb()",
        Flow.check(loss).mkString("\n"));
  }

  @Test
  void comparisonsCarryNoGradient() {
    Loss loss = minimise(logProb().positive().indicator().mean(ALL_TOKENS));
    assertEquals(
        "dead-objective: got a loss whose gradient does not reach policy: policy occurs only where"
            + " there is no slope, such as in a comparison; expected a gradient path to policy;"
            + " write x.times(logProb()) to multiply by logProb()",
        Flow.check(loss).mkString("\n"));
  }

  private static Term<lossmith.dsl.Level.Batch> mean(Term<Token> term) {
    return term.mean(ALL_TOKENS);
  }

  private static Term<Token> unary(UnaryOp op, Term<Token> of) {
    return Detached.wrap(Nodes.unary(op, of.stopGradient().node()), TOKEN);
  }

  /** What is 0 for every policy and all data is dead, though a path leads to the policy. */
  @Test
  void whatHasTheDerivativeZeroIsDead() {
    Detached<Token> one = constant(1, TOKEN);
    Detached<Token> zero = constant(0, TOKEN);
    Term<Token> unlikely = logProb().negated();
    for (Term<Token> dead :
        List.of(
            select(logProb().positive(), one, zero),
            select(unlikely.above(one), zero, one).times(ADVANTAGE),
            logProb().scaledBy(0),
            logProb().times(zero),
            logProb().minus(logProb()),
            ratio().minus(ratio().scaledBy(1)),
            unary(UnaryOp.SIGN, logProb()),
            unary(UnaryOp.FLOOR, logProb()),
            logProb().stopGradient().rank(TOKENS),
            logProb().stopGradient().minus(logProb().stopGradient()),
            expected(logPi(), constant(2, Axis.VOCABULARY_ENTRY)))) {
      assertEquals(
          List.of("dead-objective"),
          Flow.dead(minimise(mean(dead))).map(Problem::code).toList(),
          dead::toString);
      Loss part = maximise(mean(ratio())).plus(minimise(mean(dead)).as("penalty"));
      assertEquals(
          List.of("dead-part"), Flow.dead(part).map(Problem::code).toList(), dead::toString);
      assertEquals(List.empty(), Flow.dead(part.training()).toList());
      assertThrows(ProblemException.class, () -> Flow.refuseDead(part));
    }
  }

  @Test
  void aDeadPartIsNamedWithWhatToWriteInstead() {
    Loss part = maximise(mean(ratio())).plus(minimise(mean(constant(1, TOKEN))).as("seven"));
    assertEquals(
        "dead-part: got a loss whose part seven has the gradient 0, whatever the policy and the"
            + " data; expected a gradient in each part; write the loss without it, or"
            + " log(\"seven\", x.stopGradient()) to watch its value",
        Flow.dead(part).mkString("\n"));
  }

  @Test
  void partsThatTakeEachOtherAwayAreDeadTogether() {
    Loss loss = minimise(mean(logProb())).plus(maximise(mean(logProb())));
    assertEquals(
        "dead-objective: got a loss whose gradient does not reach policy: its derivative is 0,"
            + " whatever the policy and the data, by plus > mean > log π(y_t); expected a gradient"
            + " path to policy; write x.times(logProb()) to multiply by logProb()",
        Flow.dead(loss).mkString("\n"));
  }

  /** Dead until the policy has moved is not dead. */
  @Test
  void whatIsZeroOnPolicyAloneIsAlive() {
    Term<Token> apart = logProb().minus(oldLogProb());
    Loss loss = maximise(mean(ratio())).plus(minimise(mean(apart.square())).as("k2"));
    assertEquals(List.empty(), Flow.dead(loss).toList());
    assertEquals(List.of("k2"), OnPolicy.dead(loss));
  }

  /** A path names each thing it goes through; what stands still under a derivative ends it. */
  @Test
  void pathsGoThroughWhatHasASlope() {
    Detached<Token> half = constant(0.5, TOKEN);
    assertEquals(path("scan"), reached(scanBackward(logProb(), half)));
    assertEquals(path("sorted_by"), reached(logProb().sortedBy(ADVANTAGE, TOKENS)));
    assertEquals(path("sum_by_key"), reached(logProb().sumByKey(ADVANTAGE, TOKENS)));
    assertEquals(path("cumulative_sum"), reached(logProb().cumulativeSum(ADVANTAGE, TOKENS)));
    assertEquals(path("neighbour"), reached(next(logProb(), 0)));
    assertEquals(path("clip"), reached(logProb().clip(Clip.around(0.2, 0.3))));
    assertEquals(path("min"), reached(min(ADVANTAGE, logProb())));
    assertEquals(path("select"), reached(select(ADVANTAGE.positive(), ADVANTAGE, logProb())));
    assertEquals(path("x"), reached(logProb().as("x")));
    assertEquals(path("per", "sum"), reached(logProb().sum(TOKENS).per(TOKEN)));
    for (UnaryOp flat : List.of(UnaryOp.SIGN, UnaryOp.FLOOR)) {
      Node steps = Nodes.unary(flat, logProb().node());
      assertEquals(0, Flow.of(steps).reached().size());
    }
    assertEquals(Option.none(), reached(logProb().stopGradient().rank(TOKENS)));
    assertEquals(Option.none(), reached(count(TOKENS.where(logProb().positive())).per(TOKEN)));
  }

  private static Option<List<String>> path(String... through) {
    return Option.some(List.of(through).append("of_sampled").append("log_pi"));
  }

  private static Option<List<String>> reached(Term<Token> term) {
    return Flow.of(term.node()).reached().get(Loss.POLICY);
  }

  @Test
  void whatIsReachedAndWhatIsStoppedAreLines() {
    Loss loss = maximise(logProb().times(value().stopGradient()).mean(ALL_TOKENS));
    assertEquals(
        "reaches policy by: negate > mean > times > log π(y_t)\nstopped: value under sg > value",
        Flow.of(loss).toString());
  }

  @Test
  void anotherInputIsNotMendedByTheScore() {
    Loss loss = maximise(logProb().mean(ALL_TOKENS)).training(Loss.POLICY, "value");
    assertEquals(
        "not-reached: got a loss whose gradient does not reach value: value does not occur in it;"
            + " expected a gradient path to value;"
            + " write training(...) without value, or a term that depends on it",
        Flow.check(loss).mkString("\n"));
  }
}
