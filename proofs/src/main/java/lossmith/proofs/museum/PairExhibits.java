package lossmith.proofs.museum;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.proofs.stated.Plain;

/** Pairs of a chosen and a rejected response. */
final class PairExhibits {
  private static final double BETA = 0.1;

  private PairExhibits() {}

  private static Exhibit exhibit(
      String name, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, Exhibit.Kind.PAIR, source, mistake, harm, caught);
  }

  private static Term<Token> apart() {
    return logProb().minus(referenceLogProb());
  }

  /** What the chosen response has more than the rejected one. */
  private static Term<Group> margin(Term<Sequence> score) {
    return score.times(sign()).sum(SEQUENCES);
  }

  private static Loss dpo(Term<Group> margin) {
    return maximise(margin.scaledBy(BETA).logSigmoid().mean(GROUPS));
  }

  static Seq<Exhibit> all() {
    Term<Sequence> ratio = apart().sum(TOKENS);
    Condition<Sequence> chosen = sign().positive();
    Term<Sequence> alone = select(chosen, ratio, ratio.stopGradient().scaledBy(0));
    Term<Group> margin = margin(ratio);
    var gamma = parameter("target_margin", 0.5, 0, 10).per(GROUP);
    return List.of(
        exhibit(
            "chosen-side-alone",
            "haozheji/exact-optimization#2",
            "the softmax runs over the ratio of the chosen response alone",
            "the rejected response is never made less likely",
            Caught.law("pair-order", dpo(margin(alone)), dpo(margin))),
        exhibit(
            "preference-without-its-reference",
            "linkedin/Liger-Kernel#387",
            "the log-probabilities of the reference are left out",
            "it is another objective, CPO, under the name of DPO",
            Caught.stated(PairExhibits::stated, dpo(margin(logProb().sum(TOKENS))), dpo(margin))),
        exhibit(
            "loss-that-is-overwritten",
            "locuslab/open-unlearning#30",
            "two lines further down the loss is the likelihood of the chosen response",
            "what runs as a preference is plain imitation",
            Caught.stated(
                PairExhibits::stated,
                maximise(select(chosen, logProb().sum(TOKENS), zero()).sum(SEQUENCES).mean(GROUPS)),
                dpo(margin))),
        exhibit(
            "summed-for-averaged-in-ipo",
            "huggingface/trl#1265; meta-pytorch/torchtune#1291",
            "the margin that is regressed is of sums of log-ratios, not of means",
            "what β means depends on how long the responses are",
            Caught.stated(PairExhibits::ipo, ipo(margin), ipo(margin(apart().mean(TOKENS))))),
        exhibit(
            "margin-outside-the-sigmoid",
            "natolambert/rlhf-book#96",
            "log σ(Δ) − m for log σ(Δ − m)",
            "the target margin is a constant and does nothing",
            Caught.stated(
                PairExhibits::withMargin,
                maximise(margin.logSigmoid().minus(gamma).mean(GROUPS)),
                maximise(margin.minus(gamma).logSigmoid().mean(GROUPS)))),
        new Exhibit(
            "log-of-a-sigmoid",
            Exhibit.Kind.PRECISION,
            "deepspeedai/DeepSpeedExamples#423, #501",
            "log(sigmoid(x)) in two steps",
            "one clearly wrong pair makes the loss infinite",
            Caught.law(
                "finite",
                maximise(margin.sigmoid().log().mean(GROUPS)),
                maximise(margin.logSigmoid().mean(GROUPS)))),
        new Exhibit(
            "mean-of-no-pair",
            Exhibit.Kind.NOT_FINITE,
            "huggingface/trl#1380",
            "the reference point is a mean over those of one kind, of which a batch may have none",
            "0 over 0 once, then everywhere",
            Caught.law("finite", kto(false), kto(true))));
  }

  private static Term<Sequence> zero() {
    return logProb().sum(TOKENS).stopGradient().scaledBy(0).plus(logProb().sum(TOKENS).scaledBy(0));
  }

  /** A reference point from the responses that were cut off. */
  private static Loss kto(boolean guarded) {
    Condition<Sequence> cut = given("finished", SEQUENCE).positive().not();
    Term<Sequence> ratio = apart().sum(TOKENS);
    var sum = ratio.stopGradient().sum(ALL_SEQUENCES.where(cut));
    var count = count(ALL_SEQUENCES.where(cut));
    var mean = guarded ? ratio.stopGradient().mean(ALL_SEQUENCES.where(cut)) : sum.dividedBy(count);
    var label = reward().minus(constant(0.5, SEQUENCE)).sign();
    return maximise(
        ratio.minus(mean.per(SEQUENCE)).times(label).scaledBy(BETA).sigmoid().mean(ALL_SEQUENCES));
  }

  private static Loss ipo(Term<Group> margin) {
    return minimise(margin.shiftedBy(-1 / (2 * BETA)).square().mean(GROUPS));
  }

  private static double ratio(Plain p, int response, boolean mean) {
    int[] tokens = p.tokensOf(response);
    double average = Plain.mean(tokens, t -> p.logProb(t) - p.of(Columns.REFERENCE_LOG_PROB, t));
    return mean ? average : average * tokens.length;
  }

  private static double margin(Plain p, int prompt, boolean mean) {
    double margin = 0;
    for (int i : p.responsesTo(prompt)) {
      margin += p.of(Columns.SIGN, i) * ratio(p, i, mean);
    }
    return margin;
  }

  private static double stated(Plain live, Plain detached) {
    return mean(live, g -> softplus(-BETA * margin(live, g, false)));
  }

  private static double withMargin(Plain live, Plain detached) {
    double gamma = live.set("target_margin");
    return mean(live, g -> softplus(gamma - margin(live, g, false)));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double mean(Plain live, IntToDoubleFunction x) {
    return Plain.mean(IntStream.range(0, live.prompts()).toArray(), x);
  }

  private static double ipo(Plain live, Plain detached) {
    return mean(live, g -> Math.pow(margin(live, g, true) - 1 / (2 * BETA), 2));
  }
}
