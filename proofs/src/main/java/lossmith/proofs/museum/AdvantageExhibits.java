package lossmith.proofs.museum;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.proofs.stated.Plain;
import lossmith.recipes.Claim;

/** Deviations, baselines and recurrences. */
final class AdvantageExhibits {
  private static final double GAMMA = 0.9;
  private static final double LAMBDA = 0.8;

  private AdvantageExhibits() {}

  static Seq<Exhibit> all() {
    return deviations().appendAll(baselines()).appendAll(scans());
  }

  private static Loss reinforce(Detached<Token> a) {
    return maximise(logProb().times(a).mean(ALL_TOKENS));
  }

  private static Loss reinforceOf(Detached<Sequence> a) {
    return reinforce(a.per(TOKEN).as("A"));
  }

  private static Exhibit std(
      String name, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, Exhibit.Kind.STD, source, mistake, harm, caught);
  }

  private static Caught normalised(Detached<Sequence> wrong) {
    return Caught.claim(
        "group-normalised",
        new Claim.GroupNormalised("A"),
        reinforceOf(wrong),
        reinforce(ExhibitTerms.a()));
  }

  private static Seq<Exhibit> deviations() {
    Detached<Group> std = reward().std(SEQUENCES, 0);
    Detached<Sequence> difference = reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
    Detached<Sequence> kept =
        select(
            groupSize().per(SEQUENCE).atMost(constant(1, SEQUENCE)),
            reward(),
            difference.dividedBy(std.shiftedBy(1e-6).per(SEQUENCE)));
    return List.of(
        std(
            "single-response-keeps-its-reward",
            "verl core_algos.py:267",
            "a group of one has mean 0 and std 1 by decree, so A = R",
            "a lone response with reward 5 is pushed five times as hard as any other",
            normalised(kept)),
        std(
            "std-plus-a-ten-thousandth",
            "huggingface/trl grpo_trainer.py:2681: std + 1e-4",
            "the epsilon is as large as the spread of close rewards",
            "1.47 with one trainer is 0.50 with another; scaling the rewards changes A",
            normalised(difference.dividedBy(std.shiftedBy(1e-4).per(SEQUENCE)))),
        std(
            "std-of-all-prompts",
            "huggingface/trl scale_rewards=\"batch\"",
            "one std for the rewards of every prompt where the group's is meant",
            "easy prompts and hard prompts scale each other",
            normalised(
                difference.dividedBy(
                    reward().std(ALL_SEQUENCES, 0).shiftedBy(1e-6).per(SEQUENCE)))),
        std(
            "variance-by-difference-of-squares",
            "NVIDIA-NeMo/RL#4158, #4161: utils.py:104",
            "E[x²] − E[x]² cancels",
            "rewards [0.1, 0.005×7] gave an advantage of 26964",
            Caught.claim(
                "within",
                new Claim.Within("A", -2, 2),
                reinforceOf(leaveOneOut()),
                reinforce(ExhibitTerms.a().clip(lossmith.dsl.Clip.between(-2, 2)).as("A")))),
        std(
            "divided-before-subtracted",
            "Omegastick/pytorch-cpp-rl#14",
            "R − mean / std: a pair of brackets is missing",
            "advantages keep the scale and most of the offset of the rewards",
            normalised(
                reward()
                    .minus(reward().mean(SEQUENCES).dividedBy(std.shiftedBy(1e-5)).per(SEQUENCE)))),
        std(
            "one-token-is-whitened",
            "alibaba/ROLL#475",
            "the unbiased std of a single number",
            "training stops with an error, or NaN, when filtering leaves one token",
            normalised(difference.dividedBy(reward().std(SEQUENCES, 1).per(SEQUENCE)))));
  }

  /** (R − mean of the others) / (std of the others + 1e-6), by differences of squares. */
  private static Detached<Sequence> leaveOneOut() {
    Detached<Sequence> others = max(groupSize().per(SEQUENCE).shiftedBy(-1), constant(1, SEQUENCE));
    Detached<Sequence> sum = reward().sum(SEQUENCES).per(SEQUENCE).minus(reward());
    Detached<Sequence> mean = sum.dividedBy(others);
    Detached<Sequence> square =
        reward().square().sum(SEQUENCES).per(SEQUENCE).minus(reward().square()).dividedBy(others);
    Detached<Sequence> variance = max(square.minus(mean.square()), constant(0, SEQUENCE));
    return reward().minus(mean).dividedBy(variance.sqrt().shiftedBy(1e-6));
  }

  private static Seq<Exhibit> baselines() {
    Condition<Sequence> accepted = reward().above(constant(-0.5, SEQUENCE));
    Detached<Sequence> contaminated =
        select(accepted, reward().minus(reward().mean(SEQUENCES).per(SEQUENCE)), none());
    Detached<Sequence> clean =
        select(
            accepted,
            reward().minus(reward().mean(SEQUENCES.where(accepted)).per(SEQUENCE)),
            none());
    Detached<Sequence> centred = reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
    Detached<Batch> all = count(ALL_SEQUENCES);
    Detached<Batch> scores =
        max(reward().equalTo(none()).not().indicator().sum(ALL_SEQUENCES), constant(1, BATCH));
    Detached<Batch> advantages =
        max(centred.equalTo(none()).not().indicator().sum(ALL_SEQUENCES), constant(1, BATCH));
    Detached<Token> psi = entropy().stopGradient().scaledBy(0.4);
    Detached<Token> a = ExhibitTerms.a();
    return List.of(
        new Exhibit(
            "rejected-responses-in-the-baseline",
            Exhibit.Kind.MASK,
            "verl-project/verl#6362, #6375",
            "responses that are rejected still count in the group's mean",
            "the baseline of those that stay is wrong",
            Caught.stated(
                AdvantageExhibits::accepted, reinforceOf(contaminated), reinforceOf(clean))),
        new Exhibit(
            "scores-for-advantages",
            Exhibit.Kind.SELECTION,
            "verl core_algos.py:770: gpg counts non-zero scores",
            "α = batch / number of non-zero rewards, where advantages are meant",
            "the step depends on whether a wrong answer scores 0 or −1",
            Caught.stated(
                AdvantageExhibits::gpg,
                reinforceOf(centred.times(all.dividedBy(scores).per(SEQUENCE))),
                reinforceOf(centred.times(all.dividedBy(advantages).per(SEQUENCE))))),
        new Exhibit(
            "bonus-that-turns-the-sign",
            Exhibit.Kind.SIGN,
            "Entropy Collapse, eqs 8 and 9: κ > 1 is not said",
            "a bonus larger than |A| makes a punished token likelier",
            "uncertain wrong tokens are rewarded",
            Caught.claim(
                "sign",
                new Claim.Sign("A"),
                reinforce(a.plus(min(psi, a.abs().scaledBy(2)))),
                reinforce(a.plus(min(psi, a.abs().scaledBy(0.5)))))));
  }

  private static Detached<Sequence> none() {
    return constant(0, SEQUENCE);
  }

  private static double accepted(Plain live, Plain detached) {
    return -live.tokenMean(
        t -> {
          int s = live.response(t);
          int[] in =
              Arrays.stream(live.responsesTo(live.prompt(s)))
                  .filter(other -> live.reward(other) > -0.5)
                  .toArray();
          double a = live.reward(s) > -0.5 ? live.reward(s) - Plain.mean(in, live::reward) : 0;
          return a * live.logProb(t);
        });
  }

  private static double gpg(Plain live, Plain detached) {
    double[] a = new double[live.responses()];
    Arrays.setAll(
        a, s -> live.reward(s) - Plain.mean(live.responsesTo(live.prompt(s)), live::reward));
    double alpha = a.length / (double) Math.max(1, Arrays.stream(a).filter(x -> x != 0).count());
    return -live.tokenMean(t -> alpha * a[live.response(t)] * live.logProb(t));
  }

  private static Seq<Exhibit> scans() {
    Detached<Token> v = value().stopGradient();
    Detached<Token> r = given(Columns.TOKEN_REWARD, TOKEN);
    Detached<Token> decay = constant(GAMMA * LAMBDA, TOKEN);
    Detached<Token> delta = r.plus(next(v, 0).scaledBy(GAMMA)).minus(v);
    Detached<Token> own = r.plus(v.scaledBy(GAMMA)).minus(v);
    Detached<Token> bootstrapped = r.plus(next(v, 1).scaledBy(GAMMA)).minus(v);
    Loss right = reinforce(scanBackward(delta, decay).as("A"));
    Claim gae = new Claim.Gae("A", Columns.TOKEN_REWARD, Columns.VALUE, GAMMA, LAMBDA);
    return List.of(
        new Exhibit(
            "value-of-the-same-step",
            Exhibit.Kind.SCAN,
            "tensorflow/agents#953; EdanToledo/Stoix#142",
            "δ uses the value one step too early",
            "advantages are biased by the difference of neighbouring values",
            Caught.claim("gae", gae, reinforce(scanBackward(own, decay).as("A")), right)),
        new Exhibit(
            "value-after-the-end",
            Exhibit.Kind.SCAN,
            "vwxyzjn/cleanrl#16",
            "the last step bootstraps from a state that does not exist",
            "the last advantage of an episode is off by γ·V",
            Caught.claim("gae", gae, reinforce(scanBackward(bootstrapped, decay).as("A")), right)),
        new Exhibit(
            "recurrence-of-itself",
            Exhibit.Kind.SCAN,
            "4kasha/CartPole_PPO#1",
            "A_t is made of A_t, which is still 0, in the place of A_(t+1)",
            "the advantage is the one-step error whatever λ says",
            Caught.claim("gae", gae, reinforce(delta.as("A")), right)));
  }
}
