package lossmith.recipes.part;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUP_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.position;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;
import static lossmith.recipes.part.AdvantageParts.part;
import static lossmith.recipes.part.AdvantageParts.rewards;
import static lossmith.recipes.part.AdvantageParts.whitened;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.advantage.Alone;
import lossmith.recipes.advantage.Gae;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.OptimalTokenBaseline;
import lossmith.recipes.advantage.Returns;
import lossmith.recipes.advantage.TokensOfOneKey;
import lossmith.recipes.part.AdvantageParts.Estimator;

/**
 * How much better than expected each token was, from what its tokens earned. Every token that
 * exists is taken for the policy's own, and behind the last one there is neither reward nor value,
 * whether a response is finished or was cut, unless the title of a part states it.
 */
final class TokenAdvantageParts {
  private TokenAdvantageParts() {}

  static Seq<Part<Estimator>> all() {
    return List.of(
        part("gae", (r, c) -> Gae.of(rewards(), critic(), 1, 0.95))
            .claiming(new Claim.Gae("A", Columns.TOKEN_REWARD, Columns.VALUE, 1, 0.95)),
        part("gae-bootstrapped", (r, c) -> bootstrapped()),
        part("gae-length-adaptive", (r, c) -> lengthAdaptive()),
        part("returns-whitened", (r, c) -> whitened(Returns.of(rewards(), 1), c)),
        part(
            "optimal-token-baseline",
            (r, c) -> tokenBaseline(given("slot", TOKEN), Alone.group(), c)),
        part(
            "multi-turn-optimal-token-baseline",
            (r, c) -> tokenBaseline(position(), OptimalTokenBaseline.alone(), c)),
        part("implicit-process", TokenAdvantageParts::implicitProcess),
        part("step-grouped", TokenAdvantageParts::stepGrouped));
  }

  private static Detached<Token> critic() {
    return value().stopGradient();
  }

  private static Detached<Token> bootstrapped() {
    Detached<Sequence> behind =
        Gae.behindCut(given(Columns.FINISHED, SEQUENCE), given("next_value", SEQUENCE));
    return Gae.of(rewards(), critic(), 1, 0.95, yes(), behind);
  }

  private static Condition<Token> yes() {
    return constant(1, TOKEN).positive();
  }

  private static Detached<Token> lengthAdaptive() {
    Detached<Sequence> scaled = lossmith.dsl.Terms.length().scaledBy(0.05);
    Detached<Sequence> one = constant(1, SEQUENCE);
    Detached<Sequence> lambda =
        select(scaled.above(one), one.minus(one.dividedBy(scaled)), constant(0, SEQUENCE));
    Detached<Token> error = rewards().plus(next(critic(), 0)).minus(critic());
    return scanBackward(error, lambda.per(TOKEN)).as("A");
  }

  /** Of a response that is alone 0, or all that it and its tokens earned: the conventions say. */
  private static Detached<Token> implicitProcess(Detached<Sequence> reward, Conventions c) {
    Detached<Sequence> mean = rewards().mean(TOKENS);
    Detached<Group> others = max(groupSize().shiftedBy(-1), constant(1, GROUP));
    Detached<Sequence> baseline =
        mean.sum(SEQUENCES).per(SEQUENCE).minus(mean).dividedBy(others.per(SEQUENCE));
    Condition<Token> compared = Alone.group().not().and(rewards().differs(GROUP_TOKENS)).per(TOKEN);
    Detached<Token> apart = rewards().minus(baseline.per(TOKEN));
    Detached<Token> earned =
        c.singletonKeepsReward() ? orAlone(rewards(), constant(0, TOKEN)) : constant(0, TOKEN);
    Detached<Token> process = Returns.of(select(compared, apart, earned), 1);
    Detached<Sequence> outcome = Advantages.orAlone(reward, LeaveOneOut.of(reward), c);
    return process.plus(outcome.per(TOKEN)).as("A");
  }

  private static Detached<Token> orAlone(Detached<Token> alone, Detached<Token> among) {
    return select(Alone.group().per(TOKEN), alone, among);
  }

  private static Detached<Token> stepGrouped(Detached<Sequence> reward, Conventions c) {
    Detached<Token> state = given("state", TOKEN);
    Detached<Token> x = Returns.of(rewards(), 0.95);
    Detached<Token> apart =
        x.minus(TokensOfOneKey.mean(x, state)).dividedBy(TokensOfOneKey.std(x, state));
    Detached<Token> step = select(TokensOfOneKey.differs(x, state), apart, constant(0, TOKEN));
    return Advantages.groupNormalised(reward, c).plus(step).as("A");
  }

  /** 0 where the returns that share a slot agree to rounding, and for a response that is alone. */
  private static Detached<Token> tokenBaseline(
      Detached<Token> at, Condition<Group> alone, Conventions c) {
    Detached<Token> weight = OptimalTokenBaseline.scoreNorm(given("old_sum_pi_squared", TOKEN));
    Detached<Token> returns = Returns.of(rewards(), 1);
    Detached<Token> zero = constant(0, TOKEN);
    Detached<Token> a = OptimalTokenBaseline.of(returns, weight, at, alone, 1e-8, false);
    Detached<Token> lone = c.singletonKeepsReward() ? returns : zero;
    Detached<Token> among = select(TokensOfOneKey.differs(returns, at), a, zero);
    return select(alone.per(TOKEN), lone, among).as("A");
  }
}
