package lossmith.proofs.museum;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.recipes.Claim.Divergence.FORWARD;
import static lossmith.recipes.Claim.Divergence.REVERSE;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.proofs.stated.Statement;
import lossmith.recipes.Claim;

/** The gradient of another divergence, or of none. */
final class DivergenceExhibits {
  private DivergenceExhibits() {}

  private static Term<Token> d() {
    return logProb().minus(referenceLogProb());
  }

  private static Term<Token> k3() {
    return d().negated().expRemainder();
  }

  private static Loss mean(Term<Token> x) {
    return minimise(x.mean(ALL_TOKENS)).as("kl");
  }

  private static Exhibit exhibit(
      String name, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, Exhibit.Kind.DIVERGENCE, source, mistake, harm, caught);
  }

  private static Caught estimand(Claim.Divergence of, Loss wrong, Loss mended) {
    return Caught.claim("estimand", new Claim.Estimates(of, ""), wrong, mended);
  }

  static Seq<Exhibit> all() {
    Term<Token> k2 = d().square().scaledBy(0.5);
    Term<Token> score = logProb().minus(logProb().stopGradient()).exp();
    Term<Token> straight = k2.minus(k2.stopGradient()).plus(k3().stopGradient());
    Statement unclamped = (live, detached) -> live.tokenMean(t -> k3(live, t));
    Term<Token> reverse = probTimes(logPi(), logPi().minus(referenceLogPi())).sum(VOCABULARY);
    Term<Token> forward =
        probTimes(referenceLogPi(), referenceLogPi().minus(logPi())).sum(VOCABULARY);
    return List.of(
        exhibit(
            "k1-as-a-loss",
            "huggingface/trl#4967; verl core_algos.py:2187 accepts k1 as a loss",
            "log π − log π_ref estimates the divergence, its gradient estimates 0",
            "the penalty adds noise and holds nothing back",
            estimand(REVERSE, mean(d()), mean(k2))),
        exhibit(
            "k3-for-the-reverse-divergence",
            "huggingface/trl#4637, #6503: which divergence is this?",
            "the gradient of k3 is that of KL(π_ref ‖ π), not of KL(π ‖ π_ref)",
            "people tune the strength of a regulariser that is another one",
            estimand(REVERSE, mean(k3()), mean(k3().times(score)))),
        exhibit(
            "reverse-gradient-of-the-estimate",
            "OpenRLHF/OpenRLHF#1309",
            "k3's value with k3's gradient where the reverse divergence was meant",
            "runs with the penalty drift as if it were weaker",
            estimand(REVERSE, mean(k3()), mean(straight))),
        exhibit(
            "swapped-policies",
            "lucidrains/PaLM-rlhf-pytorch#43",
            "the two distributions of the divergence are exchanged",
            "mass is spread where the old policy has none",
            estimand(FORWARD, mean(reverse), mean(forward))),
        exhibit(
            "estimate-that-switches-off",
            "verl core_algos.py:2187: k3 is clamped to ±10",
            "the gradient is 0 wherever the estimate is at its clamp",
            "the regulariser vanishes exactly where the policy is far away",
            Caught.stated(unclamped, mean(k3().clip(Clip.between(-10, 10))), mean(k3()))),
        exhibit(
            "clamped-log-ratio",
            "OpenRLHF models/utils.py:64: every estimate is clamped to ±10",
            "k2 of a log-ratio beyond 10 has no gradient",
            "the penalty is dead where it is needed",
            Caught.stated(
                (live, detached) -> live.tokenMean(t -> Math.pow(difference(live, t), 2) / 2),
                mean(d().clip(Clip.between(-10, 10)).square().scaledBy(0.5)),
                mean(k2))),
        exhibit(
            "ratio-for-its-logarithm",
            "Rolv-Arild/rocket-learn#12",
            "k3 is taken of the ratio, e^r − 1 − r, where its logarithm belongs",
            "the estimate is least at a ratio of 0, overflows for large ones and explodes",
            Caught.law("penalty-minimum", mean(d().negated().exp().expRemainder()), mean(k3()))),
        exhibit(
            "one-estimate-of-another",
            "areal-project/AReaL#408: if for elif",
            "k2 is computed first and k3 of that, as every branch is entered",
            "near the reference the penalty is of the fourth power and holds nothing",
            Caught.law("penalty-square", mean(k2.negated().expRemainder()), mean(k2))),
        exhibit(
            "weighed-by-one-probability",
            "marin-community/marin#1708",
            "π·(log π − log π_ref) of the sampled token alone: one summand of the divergence, which"
                + " sampling has weighed already",
            "tokens that the policy finds unlikely are hardly held",
            Caught.law("at-rest", mean(logProb().exp().times(d())), mean(k2))),
        new Exhibit(
            "penalty-with-the-wrong-sign",
            Exhibit.Kind.SIGN,
            "nebuly-ai/optimate#298; huggingface/trl#463 asks the same",
            "the estimate is added to the reward's side",
            "the policy is paid to leave the reference",
            estimand(
                REVERSE, lossmith.dsl.Terms.maximise(k2.mean(ALL_TOKENS)).as("kl"), mean(k2))));
  }

  private static double difference(lossmith.proofs.stated.Plain p, int t) {
    return p.logProb(t) - p.of(Columns.REFERENCE_LOG_PROB, t);
  }

  private static double k3(lossmith.proofs.stated.Plain p, int t) {
    double d = difference(p, t);
    return Math.exp(-d) - 1 + d;
  }
}
