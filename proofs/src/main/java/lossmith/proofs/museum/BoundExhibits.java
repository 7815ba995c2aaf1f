package lossmith.proofs.museum;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.ofSampled;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;
import static lossmith.proofs.museum.ExhibitTerms.a;
import static lossmith.proofs.museum.ExhibitTerms.bounds;
import static lossmith.proofs.museum.ExhibitTerms.counts;
import static lossmith.proofs.museum.ExhibitTerms.masked;
import static lossmith.proofs.museum.ExhibitTerms.r;
import static lossmith.proofs.museum.ExhibitTerms.surrogate;
import static lossmith.proofs.museum.ExhibitTerms.tokenMean;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;

/** Bounds, selections, ratios of sequences, the temperature. */
final class BoundExhibits {
  private BoundExhibits() {}

  static Seq<Exhibit> all() {
    return bounds2().appendAll(selections()).appendAll(ratios());
  }

  private static Loss cispo(Clip clip) {
    Detached<Token> weight = r().clip(clip).stopGradient().as("w");
    return maximise(logProb().times(a()).weightedBy(weight).mean(ALL_TOKENS));
  }

  private static Exhibit bound(
      String name, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, Exhibit.Kind.BOUND, source, mistake, harm, caught);
  }

  private static Loss within(boolean both) {
    Detached<Sequence> a = reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
    Detached<Sequence> low = constant(-0.1, SEQUENCE);
    Detached<Sequence> high = constant(0.1, SEQUENCE);
    Condition<Sequence> close = a.atLeast(low).and(both ? a.atMost(high) : a.atLeast(high));
    return maximise(
        logProb().times(select(close, constant(0, SEQUENCE), a).per(TOKEN)).mean(ALL_TOKENS));
  }

  private static Loss overlong(boolean fromTheBuffer) {
    Detached<Sequence> limit = parameter("max_length", 20480, 1, 1e9).per(SEQUENCE);
    Detached<Sequence> buffer = parameter("length_cache", 4096, 1, 1e9).per(SEQUENCE);
    Detached<Sequence> rest = limit.minus(buffer);
    Detached<Sequence> over =
        fromTheBuffer
            ? length().minus(buffer).dividedBy(rest)
            : length().minus(rest).dividedBy(buffer);
    Detached<Sequence> shaped = reward().minus(over.clip(Clip.between(0, 1)));
    Detached<Token> a = Advantages.groupNormalised(shaped, Conventions.paper());
    return maximise(logProb().times(a).mean(ALL_TOKENS));
  }

  private static Seq<Exhibit> bounds2() {
    Claim region = new Claim.ClipRegion("r", "A", "clip_low", "clip_high");
    Loss ppo = maximise(surrogate().mean(ALL_TOKENS));
    Term<Token> always = r().clip(bounds()).times(a());
    var high = parameter("clip_high", 0.2, 0, 100);
    Term<Token> two =
        min(r().clip(Clip.atMost(high.shiftedBy(1))).times(a()), r().clip(bounds()).times(a()));
    return List.of(
        bound(
            "epsilon-for-one-plus-epsilon",
            "huggingface/trl grpo_trainer.py:3080: CISPO clamps to epsilon_high",
            "the weight is at most ε_high where 1 + ε_high is meant",
            "with the default 0.2 every step is five times too small, in silence",
            Caught.claim(
                "on-policy",
                tokenMean(),
                cispo(Clip.between(0, 0.2)),
                cispo(Clip.between(0, 1.2)))),
        bound(
            "offset-from-zero",
            "NovaSky-AI/SkyRL#553, #1928: CISPO's offsets",
            "the bounds are −ε and ε around 0",
            "no importance weight is ever near 1",
            Caught.claim(
                "on-policy",
                tokenMean(),
                cispo(Clip.between(-0.2, 0.28)),
                cispo(Clip.between(0.8, 1.28)))),
        bound(
            "weight-without-a-cap",
            "OpenRLHF models/loss.py:206-213: the comment says clamp, the code does not",
            "the importance weight is not bounded",
            "one stale token outweighs the batch",
            Caught.claim(
                "within",
                new Claim.Within("w", 0, 2),
                cispo(Clip.between(0, 1e9)),
                cispo(Clip.between(0, 2)))),
        bound(
            "both-bounds-from-below",
            "allenai/open-instruct#729",
            "advantages within a margin are made 0: A ≥ low and A ≥ high, where A ≤ high is meant",
            "every response that is better than its group teaches nothing",
            Caught.law("bound-decides", within(false), within(true))),
        bound(
            "punishment-from-the-buffer-on",
            "modelscope/ms-swift#5557: the formula of DAPO's soft punishment",
            "long responses are punished from the length of the buffer on, not from the limit less"
                + " the buffer",
            "with a buffer of 4096 and a limit of 20480 most responses are punished",
            Caught.law("length-buffer", overlong(true), overlong(false))),
        bound(
            "minimum-before-the-advantage",
            "takuseno/ppo#3; tensorforce/tensorforce#106",
            "min(r, clip(r))·A: the minimum is taken before the sign of A is known",
            "tokens with negative advantage are stopped on the wrong side",
            Caught.claim(
                "clip-region",
                region,
                maximise(min(r(), r().clip(bounds())).times(a()).mean(ALL_TOKENS)),
                ppo)),
        new Exhibit(
            "minimised-surrogate",
            Exhibit.Kind.SIGN,
            "yandexdataschool/Practical_RL#248",
            "the maximum of both surrogates is minimised: −max(x, y) for −min(x, y), sign lost",
            "good tokens are made unlikely",
            Caught.claim(
                "sign",
                new Claim.Sign("A"),
                minimise(max(r().times(a()), r().clip(bounds()).times(a())).mean(ALL_TOKENS)),
                ppo)),
        bound(
            "clipped-on-both-sides",
            "Entropy Collapse, section 3: \"when clipping is triggered the gradient becomes zero\"",
            "clip(r)·A alone stops tokens on the side that A would pull back too",
            "a token that went too far the wrong way never returns",
            Caught.claim("clip-region", region, maximise(always.mean(ALL_TOKENS)), ppo)),
        bound(
            "delta-for-either-sign",
            "huggingface/trl grpo_trainer.py: delta clamps r for both signs of A",
            "a cap on r meant for negative A acts as PPO's for every A",
            "negative tokens that became likely are never pushed down again",
            Caught.claim("clip-region", region, maximise(two.mean(ALL_TOKENS)), ppo)));
  }

  private static Seq<Exhibit> selections() {
    Detached<Token> h = entropy().stopGradient();
    Detached<Batch> half = Terms.constant(0.5, BATCH);
    Detached<Batch> all = h.quantile(half, ALL_TOKENS);
    Detached<Batch> counted = h.quantile(half, ALL_TOKENS.where(counts()));
    var fraction = parameter("cov_share", 0.2, 0, 1);
    Term<Token> local =
        Terms.select(h.topFraction(fraction, 1, ALL_TOKENS), ExhibitTerms.zero(), surrogate());
    Term<Token> given =
        Terms.select(Terms.given("selected", TOKEN).positive(), ExhibitTerms.zero(), surrogate());
    return List.of(
        new Exhibit(
            "quantile-counts-padding",
            Exhibit.Kind.SELECTION,
            "huggingface/trl#3709",
            "the entropy quantile is taken over padded positions too",
            "other tokens than the top fifth are trained, depending on padding",
            Caught.claim("masked", masked(), forks(all), forks(counted))),
        new Exhibit(
            "selection-per-micro-batch",
            Exhibit.Kind.SELECTION,
            "PRIME-RL/Entropy-Mechanism#14; verl clip_cov",
            "the tokens of highest covariance are picked in each micro-batch",
            "one, two or four tokens for one, two or four micro-batches of the same batch",
            Caught.claim(
                "additive",
                new Claim.Additive(),
                maximise(local.sum(ALL_TOKENS).dividedBy(ExhibitTerms.batchTokens())),
                maximise(given.sum(ALL_TOKENS).dividedBy(ExhibitTerms.batchTokens())))));
  }

  private static Loss forks(Detached<Batch> bound) {
    Detached<Token> h = entropy().stopGradient();
    return maximise(surrogate().mean(ALL_TOKENS.where(counts().and(h.atLeast(bound.per(TOKEN))))));
  }

  private static Loss weighted(Detached<Sequence> weight) {
    Detached<Sequence> capped = min(weight, constant(10, SEQUENCE));
    return maximise(surrogate().weightedBy(capped.per(TOKEN)).mean(ALL_TOKENS));
  }

  private static Seq<Exhibit> ratios() {
    Term<Token> d = logProb().minus(oldLogProb());
    Term<Sequence> summed = d.sum(TOKENS).exp();
    Term<Sequence> averaged = d.mean(TOKENS).exp();
    Detached<Token> gap = oldLogProb().minus(rolloutLogProb());
    Claim sequences = new Claim.OnPolicy("A", x -> x.mean(TOKENS).mean(ALL_SEQUENCES));
    var temperature = parameter(Columns.TEMPERATURE, 1, 1e-3, 1e3);
    Term<Vocabulary> raw = logPi().scaledBy(temperature);
    Term<Token> untempered = ofSampled(raw).minus(raw.exp().sum(VOCABULARY).log());
    return List.of(
        new Exhibit(
            "product-for-geometric-mean",
            Exhibit.Kind.SEQUENCE_RATIO,
            "huggingface/trl#5814, #3823: two meanings of \"sequence\"",
            "the ratio of a response is exp of the sum, not of the mean, of its log-ratios",
            "long responses leave the trust region at once",
            Caught.claim(
                "on-policy",
                sequences,
                maximise(summed.times(a().mean(TOKENS)).mean(ALL_SEQUENCES)),
                maximise(averaged.times(a().mean(TOKENS)).mean(ALL_SEQUENCES)))),
        new Exhibit(
            "ratios-that-are-added-up",
            Exhibit.Kind.SEQUENCE_RATIO,
            "unslothai/unsloth-zoo#870: sequence modes of the correction of rollouts",
            "a response's weight is the sum of exp of its log-ratios, not exp of their sum",
            "where both policies agree it is the number of tokens: long responses count for more",
            Caught.law(
                "step-size", weighted(gap.exp().sum(TOKENS)), weighted(gap.sum(TOKENS).exp()))),
        new Exhibit(
            "gate-without-advantage",
            Exhibit.Kind.SIGN,
            "unslothai/unsloth-zoo#869: SAPO lost its ×A",
            "the soft gate is averaged without the advantage",
            "every token is made likelier, right or wrong",
            Caught.claim(
                "sign",
                new Claim.Sign("A"),
                maximise(gate().plus(a().scaledBy(1e-300)).mean(ALL_TOKENS)),
                maximise(gate().times(a()).mean(ALL_TOKENS)))),
        new Exhibit(
            "temperature-forgotten",
            Exhibit.Kind.TEMPERATURE,
            "huggingface/trl#3029; radixark/miles#68; NVIDIA-NeMo/RL#935",
            "log-probs are taken at temperature 1 where sampling was at another",
            "policy gradients of a policy that nothing was sampled from",
            Caught.stated(
                (live, detached) ->
                    -live.tokenMean(t -> live.reward(live.response(t)) * live.logProb(t)),
                maximise(untempered.times(Terms.reward().per(TOKEN)).mean(ALL_TOKENS)),
                maximise(logProb().times(Terms.reward().per(TOKEN)).mean(ALL_TOKENS)))));
  }

  private static Term<Token> gate() {
    return r().shiftedBy(-1).sigmoid().scaledBy(4);
  }
}
