package lossmith.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vavr.control.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the types refuse, the makers of nodes refuse too, in words. */
final class NodesTest {
  private static final Node LIVE = Nodes.trained("log_prob", Level.Name.TOKEN);
  private static final Node REWARD = Nodes.given("reward", Level.Name.SEQUENCE);
  private static final Node POSITION = Nodes.given("position", Level.Name.TOKEN);

  @Test
  void mixedLevels() {
    refuses(
        "level: got * of token (log_prob) and sequence (reward); expected both sides at one level;"
            + " write the right side as x.per(TOKEN)",
        () -> ignore(Nodes.binary(BinaryOp.TIMES, LIVE, REWARD)));
  }

  @Test
  void liveSelection() {
    refuses(
        "detached: got rank carries gradient: (log_prob); expected a detached term; write"
            + " x.stopGradient()",
        () -> ignore(Nodes.rank(LIVE, Level.Name.SEQUENCE, Option.none())));
  }

  @Test
  void liveScanCoefficient() {
    refuses(
        "detached: got the coefficient of a scan carries gradient: (log_prob); expected a detached"
            + " term; write x.stopGradient()",
        () -> ignore(Nodes.scan(POSITION, LIVE, Direction.BACKWARD)));
  }

  @Test
  void broadcastToCoarser() {
    refuses(
        "level: got per(SEQUENCE) of token (log_prob); expected a level finer than token;"
            + " write a reduction such as x.mean(TOKENS) to go to sequence",
        () -> ignore(Nodes.broadcast(LIVE, Level.Name.SEQUENCE)));
  }

  @Test
  void reductionToFiner() {
    refuses(
        "level: got mean to token of sequence (reward); expected a level coarser than sequence;"
            + " write x.per(TOKEN) to go finer",
        () -> ignore(Nodes.reduce(ReduceOp.MEAN, REWARD, Level.Name.TOKEN, 0, Option.none())));
  }

  @Test
  void numberAsCondition() {
    refuses(
        "condition: got select of a number: (position); expected a condition; write x.above(y),"
            + " x.below(y)",
        () -> ignore(Nodes.select(POSITION, LIVE, LIVE)));
  }

  @Test
  void conditionAsNumber() {
    Node condition = Nodes.compare(CompareOp.BELOW, POSITION, LIVE);
    refuses(
        "number: got + of a condition: (below(position, log_prob)); expected a number; write"
            + " condition.indicator()",
        () -> ignore(Nodes.binary(BinaryOp.PLUS, condition, LIVE)));
  }

  @Test
  void lostDetached() {
    refuses(
        "detached: got a wrapped term carries gradient: (exp(log_prob)); expected a detached term;"
            + " write x.stopGradient()",
        () -> ignore(Detached.wrap(Nodes.unary(UnaryOp.EXP, LIVE), Axis.TOKEN).node()));
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void wrongAxisThroughARawType() {
    Term raw = Term.of(LIVE);
    refuses(
        "axis: got SEQUENCES of token (log_prob); expected an axis that reduces token terms;"
            + " write a reduction to sequence first, or an axis of token members",
        () -> ignore(raw.mean(Over.SEQUENCES).node()));
    refuses(
        "axis: got TOKENS of sequence (reward); expected an axis that reduces sequence terms;"
            + " write x.per(TOKEN) first, or an axis of sequence members",
        () -> ignore(((Term) Term.of(REWARD)).sum(Over.TOKENS).node()));
    refuses(
        "axis: got SEQUENCES of token (position); expected an axis that reduces token terms;"
            + " write a reduction to sequence first, or an axis of token members",
        () -> ignore(((Detached) Detached.of(POSITION)).rank(Over.SEQUENCES).node()));
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void mixedLevelsThroughARawType() {
    refuses(
        "level: got + of token (log_prob) and sequence (reward); expected both sides at one level;"
            + " write the right side as x.per(TOKEN)",
        () -> ignore(((Term) Term.of(LIVE)).plus(Term.of(REWARD)).node()));
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void lossThatIsNotAScalarThroughARawType() {
    refuses(
        "scalar: got a loss of token (log_prob); expected one number for the batch; write"
            + " x.mean(ALL_TOKENS)",
        () -> ignore(Terms.minimise((Term) Term.of(LIVE)).value().node()));
    Loss loss = Terms.minimise(Terms.constant(0, Axis.BATCH));
    refuses(
        "scalar: got the metric m of sequence (reward); expected one number for the batch;"
            + " write x.mean(ALL_SEQUENCES)",
        () -> ignore(loss.log("m", (Detached) Detached.of(REWARD)).value().node()));
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void whereOfAnotherLevelThroughARawType() {
    Condition positive = Detached.<Level.Sequence>of(REWARD).positive();
    refuses(
        "level: got where at level sequence: (below(0.0, reward)); expected level token;"
            + " write a token term",
        () -> ignore(Terms.count(((Over) Over.TOKENS).where(positive)).node()));
  }

  @Test
  void liveNodeAsDetached() {
    refuses(
        "detached: got a detached term carries gradient: (log_prob); expected a detached term;"
            + " write x.stopGradient()",
        () -> ignore(Detached.of(LIVE).node()));
  }

  @Test
  void liveQuantileAndLiveShare() {
    Node fraction = Nodes.trained("fraction", Level.Name.SEQUENCE);
    refuses(
        "detached: got quantile carries gradient: (log_prob); expected a detached term;"
            + " write x.stopGradient()",
        () -> ignore(Nodes.quantile(LIVE, REWARD, Level.Name.SEQUENCE, Option.none())));
    refuses(
        "detached: got the fraction of a quantile carries gradient: (fraction); expected a detached"
            + " term; write x.stopGradient()",
        () -> ignore(Nodes.quantile(POSITION, fraction, Level.Name.SEQUENCE, Option.none())));
  }

  private static void refuses(String message, Executable wrong) {
    assertEquals(message, assertThrows(ProblemException.class, wrong).getMessage());
  }

  private static void ignore(Node node) {
    throw new AssertionError("was accepted: " + node);
  }
}
