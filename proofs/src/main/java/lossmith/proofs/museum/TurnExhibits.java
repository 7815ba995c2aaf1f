package lossmith.proofs.museum;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.previous;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;

/** Turns of agents: tokens that the policy did not write, in returns, traces and means. */
final class TurnExhibits {
  private static final double GAMMA = 0.9;
  private static final double LAMBDA = 0.8;

  private TurnExhibits() {}

  private static Exhibit exhibit(
      String name, String source, String mistake, String harm, Loss wrong, Loss mended) {
    return new Exhibit(
        name, Exhibit.Kind.TURN, source, mistake, harm, Caught.law("mask-honoured", wrong, mended));
  }

  private static Condition<Token> acts() {
    return given("loss_mask", TOKEN).positive();
  }

  private static Detached<Token> zero() {
    return constant(0, TOKEN);
  }

  private static Loss reinforce(Detached<Token> a) {
    return maximise(logProb().times(a).mean(ALL_TOKENS.where(acts())));
  }

  private static Detached<Token> number(double x) {
    return constant(x, TOKEN);
  }

  /** The sum of what is to come, decayed at each token that acts. */
  private static Detached<Token> toGo(Detached<Token> x) {
    return scanBackward(select(acts(), x, zero()), select(acts(), number(GAMMA), number(1)));
  }

  /** The value of the next token that acts. */
  private static Detached<Token> ahead(Detached<Token> v) {
    return next(scanBackward(select(acts(), v, zero()), select(acts(), zero(), number(1))), 0);
  }

  private static Detached<Token> teaches() {
    return referenceLogProb().minus(logProb().stopGradient());
  }

  static Seq<Exhibit> all() {
    Detached<Token> r = given(Columns.TOKEN_REWARD, TOKEN);
    Detached<Token> v = value().stopGradient();
    Detached<Token> error = r.plus(ahead(v).scaledBy(GAMMA)).minus(v);
    Detached<Token> naive = r.plus(next(v, 0).scaledBy(GAMMA)).minus(v);
    Detached<Token> one = select(acts(), error, zero());
    Detached<Token> decay = select(acts(), number(GAMMA * LAMBDA), number(1));
    Loss gae = reinforce(scanBackward(one, decay));
    Detached<Token> shaped = r.plus(teaches().scaledBy(0.1));
    Detached<Token> length = scanBackward(number(1), number(GAMMA));
    Detached<Token> ownLength = toGo(number(1));
    Detached<Token> sure = lossmith.dsl.Terms.max(ownLength, number(1));
    return List.of(
        exhibit(
            "return-cut-at-a-tool",
            "verl-project/verl#6376, #7278",
            "the return starts again at each token of a tool",
            "what the policy did before a call of a tool earns nothing",
            reinforce(
                scanBackward(select(acts(), r, zero()), select(acts(), number(GAMMA), zero()))),
            reinforce(toGo(r))),
        exhibit(
            "decay-across-observations",
            "radixark/miles#1827",
            "each token of an observation decays the advantage once more",
            "long observations between two turns dilute what the first earned",
            reinforce(scanBackward(one, number(GAMMA * LAMBDA))),
            gae),
        exhibit(
            "values-of-observations",
            "verl-project/verl#2337",
            "the recurrence reads the values of tokens that the policy did not write",
            "advantages are biased by what the critic says of tool output",
            reinforce(scanBackward(select(acts(), naive, zero()), decay)),
            gae),
        exhibit(
            "divergence-of-tool-tokens-in-the-return",
            "THUDM/slime#1370",
            "the per-token penalty of tokens from a tool is added up in the return",
            "the policy is punished for what its environment answered",
            reinforce(scanBackward(shaped, select(acts(), number(GAMMA), number(1)))),
            reinforce(toGo(shaped))),
        exhibit(
            "padding-in-the-return",
            "huggingface/trl#7024",
            "the mask is made of the ids, which never have the fill of the labels: all ones",
            "each earlier token's advantage adds up the teacher's opinion of padding",
            reinforce(scanBackward(teaches(), number(1))),
            reinforce(scanBackward(select(acts(), teaches(), zero()), number(1)))),
        exhibit(
            "padding-in-the-discounted-length",
            "huggingface/trl#7044",
            "the length that the return is divided by counts padded positions",
            "the same response has another advantage in a longer batch",
            reinforce(toGo(teaches()).dividedBy(length)),
            reinforce(toGo(teaches()).dividedBy(sure))),
        new Exhibit(
            "mask-off-by-one",
            Exhibit.Kind.MASK,
            "modelscope/ms-swift#8427",
            "the mask of completions is one token beside their log-probs",
            "a token of the prompt is trained and the last of the response is not",
            Caught.law(
                "mask-honoured",
                maximise(
                    logProb()
                        .times(ExhibitTerms.a())
                        .mean(ALL_TOKENS.where(previous(given("loss_mask", TOKEN), 0).positive()))),
                reinforce(ExhibitTerms.a()))),
        new Exhibit(
            "mean-over-padding",
            Exhibit.Kind.MASK,
            "NovaSky-AI/SkyRL#1305",
            "advantages are whitened by a mean of all positions and a variance of those that count",
            "how much a batch is padded shifts every advantage",
            Caught.law("mask-honoured", whitened(false), whitened(true))));
  }

  private static Loss whitened(boolean masked) {
    Detached<Token> a = given("advantage", TOKEN);
    Detached<Token> mean =
        (masked ? a.mean(ALL_TOKENS.where(acts())) : a.mean(ALL_TOKENS)).per(TOKEN);
    Detached<Token> centred = a.minus(mean);
    Detached<Token> std =
        centred.square().mean(ALL_TOKENS.where(acts())).sqrt().shiftedBy(1e-4).per(TOKEN);
    return reinforce(centred.dividedBy(std));
  }
}
