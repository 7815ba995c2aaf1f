package lossmith.proofs.museum;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.value;
import static lossmith.proofs.museum.ExhibitTerms.a;
import static lossmith.proofs.museum.ExhibitTerms.bounds;
import static lossmith.proofs.museum.ExhibitTerms.r;
import static lossmith.proofs.museum.ExhibitTerms.surrogate;
import static lossmith.proofs.museum.ExhibitTerms.tokenMean;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;

/** Gradient where none was meant, or none where it was. */
final class DetachExhibits {
  private DetachExhibits() {}

  static Seq<Exhibit> all() {
    return missing().appendAll(extra()).appendAll(dead());
  }

  private static Exhibit exhibit(
      String name, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, Exhibit.Kind.DETACH, source, mistake, harm, caught);
  }

  private static Loss policy() {
    return maximise(surrogate().mean(ALL_TOKENS));
  }

  private static Loss cispo(Term<Token> weight) {
    return maximise(logProb().times(a()).times(weight).mean(ALL_TOKENS));
  }

  private static Seq<Exhibit> missing() {
    Term<Token> live = reward().per(TOKEN).minus(value()).as("A");
    Detached<Token> advantage = reward().per(TOKEN).minus(value().stopGradient()).as("A");
    return List.of(
        exhibit(
            "live-importance-weight",
            "huggingface/trl#1720: a ratio that multiplies log π needs its detach",
            "the clipped weight is not detached",
            "the gradient of the weight is added to that of log π",
            Caught.claim(
                "on-policy",
                tokenMean(),
                cispo(r().clip(bounds())),
                cispo(r().clip(bounds()).stopGradient()))),
        exhibit(
            "live-baseline",
            "keras-team/keras-io#194; astariul/encode-attend-navigate-pytorch#3",
            "the value in the advantage is not detached",
            "the policy's loss trains the critic to be wrong",
            Caught.law(
                "declared-inputs",
                maximise(logProb().times(live).mean(ALL_TOKENS)),
                maximise(logProb().times(advantage).mean(ALL_TOKENS)))));
  }

  private static Seq<Exhibit> extra() {
    Term<Token> stopped = entropy().stopGradient();
    return List.of(
        exhibit(
            "cispo-without-log-prob",
            "Entropy Collapse, eq 7 as printed",
            "E[sg(clip(r))·A] has no factor with gradient",
            "autograd returns no graph, or trains nothing",
            Caught.law(
                "declared-inputs",
                maximise(r().clip(bounds()).stopGradient().times(a()).mean(ALL_TOKENS)),
                cispo(r().clip(bounds()).stopGradient()))),
        exhibit(
            "entropy-bonus-without-gradient",
            "huggingface/trl#6140",
            "entropy is computed under no_grad and added to the loss",
            "the bonus changes the curve of the loss and nothing else",
            Caught.law(
                "live-parts",
                policy()
                    .as("policy")
                    .plus(maximise(stopped.mean(ALL_TOKENS)).scaledBy(0.01).as("entropy_bonus")),
                policy()
                    .as("policy")
                    .plus(
                        maximise(entropy().mean(ALL_TOKENS)).scaledBy(0.01).as("entropy_bonus")))),
        exhibit(
            "divergence-without-gradient",
            "allenai/open-instruct#530; NovaSky-AI/SkyRL#1340; X-GenGroup/Flow-Factory#123",
            "the estimate is computed under no_grad and added to the loss",
            "the policy leaves the reference while the penalty is reported",
            Caught.law(
                "live-parts",
                policy().as("policy").plus(minimise(k3(true).mean(ALL_TOKENS)).as("kl")),
                policy().as("policy").plus(minimise(k3(false).mean(ALL_TOKENS)).as("kl")))));
  }

  private static Term<Token> k3(boolean stopped) {
    Term<Token> d = referenceLogProb().minus(logProb());
    Term<Token> k3 = d.expRemainder();
    return stopped ? k3.stopGradient() : k3;
  }

  private static Seq<Exhibit> dead() {
    Term<Token> self = logProb().minus(logProb()).exp().as("r");
    Term<Token> forced = logProb().minus(logProb().stopGradient()).exp().as("r");
    Term<Token> moved = logProb().minus(oldLogProb()).abs();
    Term<Token> referred = logProb().minus(referenceLogProb()).square();
    return List.of(
        exhibit(
            "ratio-with-itself",
            "tensorforce/tensorforce#312: the ratio is always exactly 1",
            "the old log-prob is the live one",
            "the ratio is 1 and its gradient 0: loss 0, and nothing trains",
            Caught.law(
                "live-on-policy",
                maximise(self.times(a()).mean(ALL_TOKENS)),
                maximise(forced.times(a()).mean(ALL_TOKENS)))),
        new Exhibit(
            "penalty-that-is-dead-on-policy",
            Exhibit.Kind.DEAD,
            "PRIME-RL/Entropy-Mechanism#1: kl_cov",
            "|log π − log π_old| has slope 0 where both are equal",
            "with one update per batch the coefficient has no effect at all",
            Caught.law(
                "live-on-policy",
                policy().as("policy").plus(minimise(moved.mean(ALL_TOKENS)).as("kl")),
                policy().as("policy").plus(minimise(referred.mean(ALL_TOKENS)).as("kl")))),
        new Exhibit(
            "clip-ratio-without-effect",
            Exhibit.Kind.DEAD,
            "verl core_algos.py:1285: low and high are never None",
            "clip_ratio is read only where clip_ratio_low is absent, which it never is",
            "people tune a number that does nothing",
            Caught.law("live-parameters", clipped(0), clipped(1))),
        new Exhibit(
            "documented-bound-out-of-reach",
            Exhibit.Kind.DEAD,
            "verl core_algos.py:1379: clip_ratio_c of DPPO, documented 20, always 3",
            "the bound that is asked for is cut to another",
            "the documented setting cannot be had",
            Caught.law("live-parameters", capped(3), capped(1e6))),
        new Exhibit(
            "value-clip-without-effect",
            Exhibit.Kind.DEAD,
            "tensorflow/agents#352",
            "the old value is the new one, computed again",
            "value clipping is switched on and does nothing",
            Caught.law("live-parameters", values(true), values(false))));
  }

  /** The bounds, a part of which comes from clip_ratio. */
  private static Loss clipped(double share) {
    var ratio = Terms.parameter("clip_ratio", 0.2, 0, 1).scaledBy(share);
    var low = ratio.shiftedBy(0.2 * (1 - share)).negated().shiftedBy(1);
    var high = ratio.shiftedBy(0.2 * (1 - share)).shiftedBy(1);
    Term<Token> clipped = r().clip(Clip.between(low, high)).times(a());
    return maximise(Terms.min(r().times(a()), clipped).mean(ALL_TOKENS));
  }

  private static Loss capped(double reach) {
    var cap = Terms.parameter("ratio_max", 20, 3, 1e6);
    var most = Terms.min(cap, Terms.constant(reach, lossmith.dsl.Axis.BATCH));
    return maximise(
        logProb()
            .times(a())
            .weightedBy(r().stopGradient().clip(Clip.atMost(most)))
            .mean(ALL_TOKENS));
  }

  private static Loss values(boolean same) {
    var width = Terms.parameter("value_clip", 0.2, 0, 100);
    Detached<Token> old = same ? value().stopGradient() : Terms.given("selected", TOKEN);
    Term<Token> near = value().minus(old).clip(Clip.between(width.negated(), width)).plus(old);
    Detached<Token> target = reward().per(TOKEN);
    return minimise(
            Terms.max(value().minus(target).square(), near.minus(target).square()).mean(ALL_TOKENS))
        .training(lossmith.dsl.Columns.VALUE);
  }
}
