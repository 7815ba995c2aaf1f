package lossmith.proofs.museum;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.proofs.museum.ExhibitTerms.a;
import static lossmith.proofs.museum.ExhibitTerms.batchTokens;
import static lossmith.proofs.museum.ExhibitTerms.counts;
import static lossmith.proofs.museum.ExhibitTerms.masked;
import static lossmith.proofs.museum.ExhibitTerms.surrogate;
import static lossmith.proofs.museum.ExhibitTerms.tokenMean;
import static lossmith.proofs.museum.ExhibitTerms.zero;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;

/**
 * Divided by something else than what was added up.
 *
 * <p>Long because an exhibit is its thread, its wrong and its mended objective.
 */
final class DenominatorExhibits {
  private DenominatorExhibits() {}

  static Seq<Exhibit> all() {
    return batches().appendAll(masks()).appendAll(weights());
  }

  private static Exhibit exhibit(
      String name, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, Exhibit.Kind.DENOMINATOR, source, mistake, harm, caught);
  }

  private static Loss tokensOfBatch() {
    return maximise(surrogate().sum(ALL_TOKENS).dividedBy(batchTokens()));
  }

  private static Caught additive(Loss wrong, Loss mended) {
    return Caught.claim("additive", new Claim.Additive(), wrong, mended);
  }

  private static Seq<Exhibit> batches() {
    Term<Sequence> geometric =
        logProb().minus(oldLogProb()).mean(TOKENS).exp().times(a().mean(TOKENS));
    Detached<Batch> longest = length().max(ALL_SEQUENCES);
    Condition<Token> correct = reward().positive().per(TOKEN);
    Term<Token> likelihood = select(correct, logProb(), zero());
    Detached<Token> weight = reward().abs().per(TOKEN);
    Detached<Batch> meanWeight = max(weight.mean(ALL_TOKENS), constant(1e-6, BATCH));
    Term<Token> weighted = logProb().weightedBy(weight);
    return List.of(
        exhibit(
            "geo-mean-per-micro-batch",
            "verl-project/verl#7913, #5614: core_algos geo_mean uses torch.mean of the micro-batch",
            "the mean over the responses of a micro-batch in the place of the batch's",
            "the gradient is four times as large with four micro-batches",
            additive(
                maximise(geometric.mean(ALL_SEQUENCES)),
                maximise(geometric.sum(ALL_SEQUENCES).dividedBy(batchTokens())))),
        exhibit(
            "token-mean-of-a-micro-batch",
            "verl-project/verl#5625, #7321: agg_loss falls back to local counts",
            "each micro-batch divides by its own number of tokens",
            "short micro-batches weigh more; accumulation changes the result",
            additive(maximise(surrogate().mean(ALL_TOKENS)), tokensOfBatch())),
        exhibit(
            "accumulated-samples-are-averaged",
            "allenai/open-instruct#1137",
            "a token mean of each sample, averaged over accumulation steps",
            "the loss that was meant per token was one per response",
            Caught.claim(
                "on-policy",
                tokenMean(),
                maximise(surrogate().mean(TOKENS).mean(ALL_SEQUENCES)),
                maximise(surrogate().mean(ALL_TOKENS)))),
        exhibit(
            "longest-response-of-the-batch",
            "verl-project/verl#3741: the constant of Dr. GRPO",
            "divides by the longest response at hand, which differs between micro-batches",
            "the constant that was to remove the length bias is none",
            additive(
                maximise(
                    surrogate()
                        .sum(ALL_TOKENS)
                        .dividedBy(max(longest, constant(1, BATCH)).times(batchTokens()))),
                maximise(surrogate().sum(ALL_TOKENS).scaledBy(1.0 / 8).dividedBy(batchTokens())))),
        exhibit(
            "likelihood-of-local-correct-tokens",
            "NVIDIA-NeMo/RL#3791: loss_functions.py, VAPO's term",
            "divides by the correct tokens of the micro-batch",
            "micro-batches do not add up to the batch, against the documented contract",
            additive(
                maximise(logProb().mean(ALL_TOKENS.where(correct))),
                maximise(likelihood.sum(ALL_TOKENS).dividedBy(batchTokens())))),
        exhibit(
            "weights-normalised-per-micro-batch",
            "alibaba/ROLL: actor_worker.py:169-203",
            "sample weights are divided by their mean in the micro-batch",
            "the same sample weighs differently in other company",
            additive(
                maximise(
                    weighted
                        .dividedBy(meanWeight.per(TOKEN))
                        .sum(ALL_TOKENS)
                        .dividedBy(batchTokens())),
                maximise(weighted.sum(ALL_TOKENS).dividedBy(batchTokens())))));
  }

  private static Seq<Exhibit> masks() {
    Term<Token> kept = select(counts(), surrogate(), zero());
    Loss honest = maximise(surrogate().mean(ALL_TOKENS.where(counts())));
    return List.of(
        exhibit(
            "rejected-tokens-in-the-denominator",
            "verl-project/verl#4852: bypass mode; THUDM/slime#657",
            "rejection zeroes the numerator; the denominator keeps all tokens",
            "the step shrinks with the rejection rate",
            Caught.claim("masked", masked(), maximise(kept.mean(ALL_TOKENS)), honest)),
        exhibit(
            "truncated-responses-in-the-denominator",
            "huggingface/trl#6369, #6439",
            "masked completions count in the length they are divided by",
            "masking truncated completions scales everything else down",
            Caught.claim(
                "masked",
                masked(),
                maximise(kept.mean(TOKENS).mean(ALL_SEQUENCES)),
                maximise(surrogate().mean(TOKENS.where(counts())).mean(ALL_SEQUENCES)))),
        new Exhibit(
            "token-mean-without-its-mask",
            Exhibit.Kind.MASK,
            "alibaba/ROLL#444: functionals.py agg_loss, token-mean",
            "Σℓ / Σmask: padding is added up, not counted",
            "51.5 where 1.5 was right; padding and rejected tokens train the policy",
            Caught.claim(
                "masked",
                masked(),
                maximise(
                    surrogate()
                        .sum(ALL_TOKENS)
                        .dividedBy(max(count(ALL_TOKENS.where(counts())), constant(1, BATCH)))),
                honest)),
        new Exhibit(
            "sequence-weight-on-padding",
            Exhibit.Kind.MASK,
            "huggingface/trl#6654: luspo; linkedin/Liger-Kernel copies it",
            "(ℓ·n).mean() over the padded array",
            "pad positions get gradient from the divergence term; long responses weigh n²/T",
            Caught.claim(
                "masked",
                masked(),
                maximise(surrogate().weightedBy(length().per(TOKEN)).mean(ALL_TOKENS)),
                maximise(
                    surrogate()
                        .weightedBy(count(TOKENS.where(counts())).per(TOKEN))
                        .mean(ALL_TOKENS.where(counts()))))),
        new Exhibit(
            "sequence-ratio-over-padding",
            Exhibit.Kind.MASK,
            "Soup#723: GSPO",
            "the mean log-ratio of a response runs over masked tokens",
            "what the model says after the end of a response changes its ratio",
            Caught.claim(
                "masked",
                masked(),
                maximise(
                    logProb()
                        .minus(oldLogProb())
                        .mean(TOKENS)
                        .exp()
                        .weightedBy(reward())
                        .mean(ALL_SEQUENCES)),
                maximise(
                    logProb()
                        .minus(oldLogProb())
                        .mean(TOKENS.where(counts()))
                        .exp()
                        .weightedBy(reward())
                        .mean(ALL_SEQUENCES)))));
  }

  private static Seq<Exhibit> weights() {
    Detached<Batch> longest = max(length().max(ALL_SEQUENCES), constant(1, BATCH));
    Detached<Batch> n = max(count(ALL_TOKENS), constant(1, BATCH));
    Loss right = maximise(surrogate().mean(ALL_TOKENS));
    return List.of(
        exhibit(
            "padded-denominator",
            "verl-project/verl#3741, #906: what is the denominator?",
            "divides by width times responses, padding included",
            "one long response shrinks the step of all others",
            Caught.claim(
                "on-policy",
                tokenMean(),
                maximise(
                    surrogate()
                        .sum(ALL_TOKENS)
                        .dividedBy(longest.times(max(count(ALL_SEQUENCES), constant(1, BATCH))))),
                right)),
        exhibit(
            "group-mean-for-token-mean",
            "verl-project/verl#2776: DAPO's mean",
            "responses weigh the same where tokens should",
            "long wrong answers are hardly punished per token",
            Caught.claim(
                "on-policy",
                tokenMean(),
                maximise(surrogate().mean(TOKENS).mean(SEQUENCES).mean(GROUPS)),
                right)),
        exhibit(
            "tokens-of-the-generation-batch",
            "huggingface/trl#6024",
            "num_items_in_batch is of the generation batch, twice the optimiser's",
            "gradients are halved, or quadrupled, in silence",
            Caught.claim(
                "on-policy",
                tokenMean(),
                maximise(surrogate().sum(ALL_TOKENS).dividedBy(n.scaledBy(2))),
                right)),
        exhibit(
            "divided-twice",
            "modelscope/ms-swift#10117, #10116",
            "already a mean over the window, divided once more by accumulation steps",
            "the effective step is a quarter with four accumulation steps",
            Caught.claim(
                "on-policy",
                tokenMean(),
                maximise(surrogate().mean(ALL_TOKENS).scaledBy(1.0 / 4)),
                right)),
        exhibit(
            "sum-for-mean",
            "linkedin/Liger-Kernel#1082",
            "a sum where the trainer expects a mean",
            "gradient norms a hundred times those of the plain path",
            Caught.claim("on-policy", tokenMean(), maximise(surrogate().sum(ALL_TOKENS)), right)),
        new Exhibit(
            "aggregation-that-is-ignored",
            Exhibit.Kind.AXIS,
            "verl core_algos.py: gspo forces seq-mean-token-mean whatever loss_agg_mode says",
            "the aggregation that was asked for is ignored",
            "people compare a token mean with a response mean and call it the algorithm",
            Caught.claim(
                "on-policy",
                new Claim.OnPolicy("A", x -> x.sum(TOKENS).mean(ALL_SEQUENCES)),
                maximise(surrogate().mean(TOKENS).mean(ALL_SEQUENCES)),
                maximise(surrogate().sum(TOKENS).mean(ALL_SEQUENCES)))),
        new Exhibit(
            "masked-by-multiplying",
            Exhibit.Kind.NOT_FINITE,
            "Soup#1084, OpenRLHF/OpenRLHF#1293: 0·inf in the gradient",
            "log of what may be 0, then a product with the mask",
            "one masked position turns the whole gradient into NaN",
            Caught.law(
                "finite",
                maximise(
                    logProb()
                        .exp()
                        .negated()
                        .shiftedBy(1)
                        .log()
                        .weightedBy(counts().indicator())
                        .mean(ALL_TOKENS)),
                maximise(
                    select(
                            logProb().stopGradient().below(constant(-1e-6, TOKEN)).and(counts()),
                            logProb().log1mExp(),
                            constant(0, TOKEN))
                        .mean(ALL_TOKENS.where(counts()))))),
        new Exhibit(
            "odds-of-a-certain-token",
            Exhibit.Kind.NOT_FINITE,
            "huggingface/trl#4763, #2564: ORPO",
            "log1p(−exp(x)) cancels where the policy is sure",
            "the loss is NaN once, then everywhere",
            Caught.law("finite", maximise(odds(false)), maximise(odds(true)))));
  }

  /** The mean log-odds of responses; clamped away from certainty where wanted. */
  private static Term<Batch> odds(boolean clamped) {
    Term<Sequence> x = logProb().mean(TOKENS);
    Detached<Sequence> certain = constant(-1e-6, SEQUENCE);
    Term<Sequence> safe = x.clip(lossmith.dsl.Clip.atMost(constant(-1e-6, BATCH)));
    return clamped
        ? safe.minus(safe.log1mExp()).mean(ALL_SEQUENCES)
        : select(length().positive(), x.minus(x.exp().negated().log1p()), certain)
            .mean(ALL_SEQUENCES);
  }
}
