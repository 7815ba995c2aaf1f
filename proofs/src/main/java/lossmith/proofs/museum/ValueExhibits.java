package lossmith.proofs.museum;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.previous;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.value;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;

/** Critics: what a value is regressed on, and how far. */
final class ValueExhibits {
  private static final double GAMMA = 0.9;
  private static final double LAMBDA = 0.8;

  private ValueExhibits() {}

  private static Exhibit exhibit(
      String name, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, Exhibit.Kind.VALUE, source, mistake, harm, caught);
  }

  private static Detached<Token> goal() {
    return given("return", TOKEN);
  }

  private static Loss critic(Term<Token> error) {
    return minimise(error.mean(ALL_TOKENS).scaledBy(0.5)).training(Columns.VALUE);
  }

  private static Term<Token> error() {
    return value().minus(goal()).square();
  }

  /** clip(V − V_old, −w, w) + V_old. */
  private static Term<Token> step() {
    Parameter width = parameter("value_clip", 0.2, 0, 100);
    Detached<Token> old = given("old_value", TOKEN);
    return value().minus(old).clip(Clip.between(width.negated(), width)).plus(old);
  }

  private static Term<Token> held() {
    return step().minus(goal()).square();
  }

  static Seq<Exhibit> all() {
    return clips().appendAll(targets());
  }

  private static Seq<Exhibit> clips() {
    Parameter width = parameter("value_clip", 0.2, 0, 100);
    Term<Token> bounded = value().minus(goal()).clip(Clip.between(width.negated(), width)).square();
    Loss right = critic(max(error(), held()));
    return List.of(
        exhibit(
            "clipped-error-for-clipped-value",
            "kscalelabs/ksim#3",
            "the error is clipped, not the step of the value: max(e², clip(e)²) is e²",
            "value clipping is switched on and does nothing",
            Caught.law("live-parameters", critic(max(error(), bounded)), right)),
        exhibit(
            "clipped-loss-for-clipped-value",
            "ray-project/ray#19291, #22171",
            "the squared error itself is cut at the bound",
            "a value that is far off has no gradient at all",
            Caught.law("value-far", critic(min(error(), constant(10, TOKEN))), critic(error()))),
        exhibit(
            "larger-error-before-the-square",
            "implementation-matters/code-for-paper#1",
            "the larger of both errors is squared, with their signs, not the larger square",
            "a value above its return is held where one below it is not",
            Caught.law(
                "value-mirror",
                critic(max(value().minus(goal()), step().minus(goal())).square()),
                right)),
        exhibit(
            "smaller-of-two-value-errors",
            "leggedrobotics/rsl_rl#152 asks for it",
            "the minimum of both errors for the maximum",
            "a value that moved too far the wrong way is never pulled back",
            Caught.law("value-far", critic(min(error(), held())), right)));
  }

  private static Seq<Exhibit> targets() {
    Detached<Token> r = given(Columns.TOKEN_REWARD, TOKEN);
    Detached<Token> v = value().stopGradient();
    Term<Token> live = r.plus(next(value(), 0).scaledBy(GAMMA)).minus(value());
    Detached<Token> ahead = r.plus(next(v, 0).scaledBy(GAMMA));
    Condition<Token> counts = given("loss_mask", TOKEN).positive();
    Condition<Token> late = previous(given("loss_mask", TOKEN), 0).positive();
    Detached<Token> delta = ahead.minus(v);
    Claim gae = new Claim.Gae("A", Columns.TOKEN_REWARD, Columns.VALUE, GAMMA, LAMBDA);
    Loss traced =
        maximise(
            logProb()
                .times(scanBackward(delta, constant(GAMMA * LAMBDA, TOKEN)).as("A"))
                .mean(ALL_TOKENS));
    return List.of(
        exhibit(
            "critic-through-its-own-target",
            "Farama-Foundation/Gymnasium#1494",
            "the squared advantage is minimised without detaching the value of the next state",
            "the value of a state is pulled away from what follows it",
            Caught.law(
                "value-causal", critic(live.square()), critic(value().minus(ahead).square()))),
        exhibit(
            "value-mask-off-by-one",
            "verl-project/verl#1758",
            "the mask of the values is cut one token too early",
            "the critic learns from a token outside of the response and misses one in it",
            Caught.law(
                "mask-honoured",
                minimise(error().mean(ALL_TOKENS.where(late))).training(Columns.VALUE),
                minimise(error().mean(ALL_TOKENS.where(counts))).training(Columns.VALUE))),
        exhibit(
            "reward-for-return",
            "hpcaitech/ColossalAI#4491",
            "the advantage is the reward of one step less its value, not the return",
            "nothing that comes later counts",
            Caught.claim(
                "gae",
                gae,
                maximise(logProb().times(r.minus(v).as("A")).mean(ALL_TOKENS)),
                traced)),
        exhibit(
            "baseline-in-other-units",
            "marlbenchmark/on-policy#13",
            "the value of normalised returns is subtracted from plain ones",
            "the baseline is noise, and training collapses",
            Caught.stated(
                (plain, detached) ->
                    -plain.tokenMean(
                        t ->
                            (plain.reward(plain.response(t))
                                    - 3 * detached.of(Columns.VALUE, t)
                                    - 2)
                                * plain.logProb(t)),
                maximise(logProb().times(reward().per(TOKEN).minus(v)).mean(ALL_TOKENS)),
                maximise(
                    logProb()
                        .times(reward().per(TOKEN).minus(v.scaledBy(3).shiftedBy(2)))
                        .mean(ALL_TOKENS)))),
        new Exhibit(
            "one-advantage-for-all",
            Exhibit.Kind.AXIS,
            "PacktPublishing/Deep-Reinforcement-Learning-Hands-On#6, #9",
            "the advantage is averaged over the batch before it is used",
            "every action is made likelier or none, whatever it earned",
            Caught.stated(
                (plain, detached) ->
                    -plain.tokenMean(
                        t ->
                            (plain.reward(plain.response(t)) - detached.of(Columns.VALUE, t))
                                * plain.logProb(t)),
                maximise(
                    logProb()
                        .times(reward().per(TOKEN).minus(v).mean(ALL_TOKENS).per(TOKEN))
                        .mean(ALL_TOKENS)),
                maximise(logProb().times(reward().per(TOKEN).minus(v)).mean(ALL_TOKENS)))));
  }
}
