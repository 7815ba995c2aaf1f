package lossmith.proofs.museum;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;
import static lossmith.proofs.museum.ExhibitTerms.a;
import static lossmith.proofs.museum.ExhibitTerms.bounds;
import static lossmith.proofs.museum.ExhibitTerms.r;
import static lossmith.proofs.museum.ExhibitTerms.surrogate;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;

/** Parts that are right alone, put together wrongly; and metrics of what was put together. */
final class CompositionExhibits {
  private CompositionExhibits() {}

  private static Exhibit exhibit(
      String name, Exhibit.Kind kind, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, kind, source, mistake, harm, caught);
  }

  private static Loss mean(Term<Token> gain) {
    return maximise(gain.mean(ALL_TOKENS));
  }

  static Seq<Exhibit> all() {
    return compositions().appendAll(advantages()).appendAll(metrics());
  }

  private static Term<Token> clipped(Term<Token> ratio) {
    return min(ratio.times(a()), ratio.clip(bounds()).times(a()));
  }

  private static Seq<Exhibit> compositions() {
    Term<Token> forced = logProb().minus(logProb().stopGradient()).exp().as("r");
    Term<Token> late = next(logProb(), 0).minus(oldLogProb()).exp().as("r");
    Term<Token> d = logProb().minus(referenceLogProb());
    Condition<Token> unsure = entropy().stopGradient().above(constant(0.5, TOKEN));
    Detached<Batch> some = max(count(ALL_TOKENS.where(unsure)), constant(1, BATCH));
    Detached<Batch> all = max(count(ALL_TOKENS), constant(1, BATCH));
    Term<Batch> sum = surrogate().sum(ALL_TOKENS.where(unsure));
    return List.of(
        exhibit(
            "clip-of-a-forced-ratio",
            Exhibit.Kind.COMPOSITION,
            "xiaomi-research/time-r1#20; Liuziyu77/Visual-RFT#250",
            "exp(log π − sg(log π)) is clipped: it is 1 whatever was sampled",
            "the bounds that people tune do nothing",
            Caught.law("live-parameters", mean(clipped(forced)), mean(clipped(r())))),
        exhibit(
            "ratio-of-the-next-token",
            Exhibit.Kind.SEQUENCE_RATIO,
            "PrimeIntellect-ai/prime-rl#1525",
            "labels are shifted, log-probs of the engine are not: the ratio is of two tokens",
            "the importance ratio is never near 1",
            Caught.law("step-size", mean(clipped(late)), mean(clipped(r())))),
        exhibit(
            "objective-that-is-minimised",
            Exhibit.Kind.SIGN,
            "natolambert/rlhf-book#125",
            "what is called the loss is the objective: a minus is missing",
            "what earned most is made least likely",
            Caught.law("step-size", minimise(clipped(r()).mean(ALL_TOKENS)), mean(clipped(r())))),
        exhibit(
            "labels-shifted-twice",
            Exhibit.Kind.SELECTION,
            "LLM360/amber-train#6",
            "the loader shifts the labels, and so does the model",
            "each token is trained to predict the one after the next",
            Caught.law("every-token", mean(next(logProb(), 0)), mean(logProb()))),
        exhibit(
            "filtered-tokens-in-the-normaliser",
            Exhibit.Kind.DENOMINATOR,
            "huggingface/trl#3744",
            "tokens of low entropy are filtered, and divided by all the same",
            "the step shrinks with the share that is filtered",
            Caught.law(
                "count-of-the-sum", maximise(sum.dividedBy(all)), maximise(sum.dividedBy(some)))),
        exhibit(
            "estimate-of-the-inverse-ratio",
            Exhibit.Kind.DIVERGENCE,
            "ml-explore/mlx-examples#1233",
            "k3 of log π − log π_ref for that of log π_ref − log π",
            "what is penalised is the square of the ratio, not a divergence of either way",
            Caught.claim(
                "estimand",
                new Claim.Estimates(Claim.Divergence.FORWARD, ""),
                minimise(d.expRemainder().mean(ALL_TOKENS)).as("kl"),
                minimise(d.negated().expRemainder().mean(ALL_TOKENS)).as("kl"))),
        exhibit(
            "responses-that-are-not-counted",
            Exhibit.Kind.DENOMINATOR,
            "alibaba/ROLL functionals.py:229-282: seq-mean-token-sum-norm",
            "the sum over tokens is divided by the longest length, by no number of responses",
            "twice the batch is twice the step",
            Caught.claim(
                "on-policy",
                new Claim.OnPolicy(
                    "A",
                    x ->
                        x.sum(TOKENS)
                            .mean(ALL_SEQUENCES)
                            .dividedBy(parameter("width", 512, 1, 1e6))),
                maximise(surrogate().sum(ALL_TOKENS).dividedBy(parameter("width", 512, 1, 1e6))),
                maximise(
                    surrogate()
                        .sum(TOKENS)
                        .mean(ALL_SEQUENCES)
                        .dividedBy(parameter("width", 512, 1, 1e6))))),
        exhibit(
            "token-weight-on-a-response-loss",
            Exhibit.Kind.COMPOSITION,
            "verl-project/verl#3245",
            "a weight of each token multiplies a loss of each response",
            "shapes broadcast, and each response counts by the weights of another",
            new Caught.ByTypes(
                "maximise(logProb().mean(TOKENS).weightedBy(ratio().stopGradient())"
                    + ".mean(ALL_SEQUENCES))",
                "maximise(logProb().weightedBy(ratio().stopGradient()).mean(TOKENS)"
                    + ".mean(ALL_SEQUENCES))",
                "Detached<Token> cannot be converted to Detached<Sequence>")));
  }

  private static Loss reinforce(Detached<Sequence> advantage) {
    return mean(logProb().times(advantage.per(TOKEN).as("A")));
  }

  private static Detached<Sequence> centred() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
  }

  private static Seq<Exhibit> advantages() {
    Detached<Sequence> std = reward().std(SEQUENCES, 0).shiftedBy(1e-6).per(SEQUENCE);
    Detached<Sequence> once = centred().dividedBy(std);
    Detached<Sequence> whitened =
        once.minus(once.mean(ALL_SEQUENCES).per(SEQUENCE))
            .dividedBy(once.std(ALL_SEQUENCES, 0).shiftedBy(1e-6).per(SEQUENCE));
    Detached<Sequence> n = groupSize().per(SEQUENCE);
    Detached<Sequence> others = max(n.shiftedBy(-1), constant(1, SEQUENCE));
    Detached<Sequence> rest = reward().sum(SEQUENCES).per(SEQUENCE).minus(reward());
    Detached<Sequence> squares =
        reward().square().sum(SEQUENCES).per(SEQUENCE).minus(reward().square());
    Detached<Sequence> mean = rest.dividedBy(others);
    Detached<Sequence> spread =
        max(squares.dividedBy(others).minus(mean.square()), constant(0, SEQUENCE)).sqrt();
    return List.of(
        exhibit(
            "normalised-twice",
            Exhibit.Kind.COMPOSITION,
            "axon-rl/gem#113",
            "advantages that are normalised per prompt are whitened over the batch once more",
            "a prompt counts by what else is in the batch",
            Caught.claim(
                "group-normalised",
                new Claim.GroupNormalised("A"),
                reinforce(whitened),
                mean(logProb().times(a())))),
        exhibit(
            "std-of-the-others",
            Exhibit.Kind.STD,
            "NVIDIA-NeMo/RL#1518",
            "leave one out, and divide by the std of those left: 0 where they agree",
            "one right answer of four has an advantage of a million",
            Caught.claim(
                "within",
                new Claim.Within("A", -10, 10),
                reinforce(reward().minus(mean).dividedBy(spread.shiftedBy(1e-6))),
                mean(logProb().times(a().clip(Clip.between(-10, 10)).as("A"))))));
  }

  private static Detached<Token> beyond(Detached<Token> side) {
    Detached<Token> ratio = r().stopGradient();
    return ratio
        .above(constant(1.2, TOKEN))
        .and(side.positive())
        .or(ratio.below(constant(0.8, TOKEN)).and(side.negative()))
        .indicator();
  }

  private static Seq<Exhibit> metrics() {
    Loss ppo = mean(min(r().times(a()), r().clip(Clip.between(0.8, 1.2)).times(a())));
    Detached<Token> out = beyond(a());
    Condition<Token> counts = given("loss_mask", TOKEN).positive();
    Detached<Batch> kept = max(count(ALL_TOKENS.where(counts)), constant(1, BATCH));
    Detached<Batch> responses = max(count(ALL_SEQUENCES), constant(1, BATCH));
    Detached<Token> old = given("old_value", TOKEN);
    Detached<Token> step = value().stopGradient().minus(old);
    Detached<Token> near = step.clip(Clip.between(-0.2, 0.2));
    Loss critic =
        minimise(value().minus(given("return", TOKEN)).square().scaledBy(0.5).mean(ALL_TOKENS))
            .training(Columns.VALUE);
    Detached<Token> zero = constant(0, TOKEN);
    return List.of(
        exhibit(
            "clip-fraction-over-fewer",
            Exhibit.Kind.METRIC,
            "RLinf/RLinf#1471, #1475",
            "a sum over all entries is divided by the count of a narrower mask",
            "a clip fraction of 31, and people lower the learning rate",
            Caught.law(
                "metric-share",
                ppo.log("clip_fraction", out.sum(ALL_TOKENS).dividedBy(responses)),
                ppo.log("clip_fraction", out.mean(ALL_TOKENS)))),
        exhibit(
            "clamped-share-of-unmasked",
            Exhibit.Kind.METRIC,
            "PrimeIntellect-ai/prime-rl#1329",
            "clamped tokens are counted everywhere, the total only where the mask is 1",
            "the share is inflated by padding",
            Caught.law(
                "metric-share",
                ppo.log("clamped_share", out.sum(ALL_TOKENS).dividedBy(kept)),
                ppo.log("clamped_share", out.mean(ALL_TOKENS.where(counts))))),
        exhibit(
            "clip-fraction-of-the-other-side",
            Exhibit.Kind.METRIC,
            "huggingface/trl#6078",
            "each bound is paired with the wrong sign of the advantage",
            "the metric counts tokens that keep their gradient",
            Caught.law(
                "metric-clipped",
                ppo.log("clip_fraction", beyond(a().negated()).mean(ALL_TOKENS)),
                ppo.log("clip_fraction", out.mean(ALL_TOKENS)))),
        exhibit(
            "value-clip-ratio-that-is-0",
            Exhibit.Kind.METRIC,
            "RLinf/RLinf#1529, #1530",
            "the step that is compared with the bound has been clipped to it before",
            "the metric is 0 however far the values move",
            Caught.law(
                "metric-varies",
                critic.log(
                    "value_clip_ratio",
                    near.abs().above(constant(0.2, TOKEN)).indicator().mean(ALL_TOKENS)),
                critic.log(
                    "value_clip_ratio",
                    select(step.abs().above(constant(0.2, TOKEN)), zero.shiftedBy(1), zero)
                        .mean(ALL_TOKENS)))));
  }
}
