package lossmith.proofs;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.previous;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.value;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;

/** Mistakes in what is written by hand: margins, bounds, mixtures, discounts, units of metrics. */
final class WrittenByHandMistakes {
  private WrittenByHandMistakes() {}

  static Detached<Token> a() {
    return Advantages.groupNormalised(reward(), Conventions.paper());
  }

  static Term<Token> clipped(Detached<Token> a) {
    return min(ratio().times(a), ratio().clip(Clip.between(0.8, 1.2)).times(a));
  }

  static Loss mean(Term<Token> gain) {
    return maximise(gain.mean(ALL_TOKENS));
  }

  private static Term<Group> lead() {
    return logProb().minus(referenceLogProb()).sum(TOKENS).weightedBy(sign()).sum(SEQUENCES);
  }

  private static Loss asking(double margin) {
    return maximise(lead().shiftedBy(margin).logSigmoid().mean(GROUPS));
  }

  private static Loss asking(Term<Group> difference) {
    return minimise(difference.negated().softplus().mean(GROUPS));
  }

  private static Loss within(boolean both) {
    Detached<Token> a = reward().minus(reward().mean(SEQUENCES).per(SEQUENCE)).per(TOKEN);
    var low = a.atLeast(constant(-0.1, TOKEN));
    var high = both ? a.atMost(constant(0.1, TOKEN)) : a.atLeast(constant(0.1, TOKEN));
    return mean(clipped(select(low.and(high), constant(0, TOKEN), a)));
  }

  private static Loss penalised(Term<Token> distance) {
    return mean(clipped(a()).minus(distance.scaledBy(0.04)));
  }

  private static Loss traced(double next, boolean before, double follows) {
    Detached<Token> value = given("old_value", TOKEN);
    Detached<Token> other = before ? previous(value, 0) : next(value, 0);
    Detached<Token> error = given("token_reward", TOKEN).plus(other.scaledBy(next)).minus(value);
    return mean(clipped(scanBackward(error, constant(follows, TOKEN))));
  }

  private static Loss overlong(boolean fromTheBuffer) {
    Detached<Sequence> longest = parameter("max_length", 20480, 1, 1e9).per(SEQUENCE);
    Detached<Sequence> buffer = parameter("length_cache", 4096, 1, 1e9).per(SEQUENCE);
    Detached<Sequence> rest = longest.minus(buffer);
    Detached<Sequence> over =
        fromTheBuffer
            ? length().minus(buffer).dividedBy(rest)
            : length().minus(rest).dividedBy(buffer);
    Detached<Sequence> shaped = reward().minus(over.clip(Clip.between(0, 1)));
    return mean(clipped(Advantages.groupNormalised(shaped, Conventions.paper())));
  }

  private static Loss mixed(Term<Vocabulary> mixture) {
    Term<Vocabulary> p = referenceLogPi();
    Term<Vocabulary> q = logPi();
    return minimise(
        probTimes(p, p.minus(mixture))
            .plus(probTimes(q, q.minus(mixture)))
            .sum(VOCABULARY)
            .scaledBy(0.5)
            .mean(ALL_TOKENS));
  }

  private static Loss leavingOut(boolean turned) {
    Detached<Sequence> n = groupSize().per(SEQUENCE);
    Detached<Sequence> others = max(n.shiftedBy(-1), constant(1, SEQUENCE));
    Detached<Sequence> centred = reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
    Detached<Sequence> a =
        turned ? centred.times(others).dividedBy(n) : centred.times(n).dividedBy(others);
    return mean(clipped(a.per(TOKEN)));
  }

  private static Loss unpaired(boolean turned) {
    Term<Sequence> x =
        logProb().minus(referenceLogProb()).sum(TOKENS).shiftedBy(-0.5).scaledBy(0.1);
    Term<Sequence> undesirable = (turned ? x : x.negated()).sigmoid();
    return minimise(
        select(reward().positive(), x.negated().sigmoid(), undesirable.scaledBy(1.33))
            .mean(ALL_SEQUENCES));
  }

  private static Loss whitened(Over<Token, Batch> ofTheMean) {
    Over<Token, Batch> kept = ALL_TOKENS.where(given("loss_mask", TOKEN).positive());
    Detached<Token> x = given("advantage", TOKEN);
    Detached<Token> centred = x.minus(x.mean(ofTheMean).per(TOKEN));
    Detached<Token> a = centred.dividedBy(x.std(kept, 0).shiftedBy(1e-4).per(TOKEN));
    return maximise(clipped(a).mean(kept));
  }

  private static Loss bounded(UnaryOperator<Detached<Token>> bound) {
    Detached<Token> w = bound.apply(oldLogProb().minus(given("rollout_log_prob", TOKEN)).exp());
    return mean(logProb().weightedBy(w.times(reward().per(TOKEN))));
  }

  private static Loss weighed(Over<?, Batch> counted) {
    Detached<Token> size = given("difficulty", SEQUENCE).exp().per(TOKEN);
    Detached<Token> mean = size.sum(ALL_TOKENS).dividedBy(count(counted)).per(TOKEN);
    return mean(clipped(a()).weightedBy(size.dividedBy(mean)));
  }

  /** A reward is only told from none where it is larger than most. */
  private static Loss sized(UnaryOperator<Detached<Sequence>> squared) {
    Detached<Batch> size = squared.apply(reward()).mean(ALL_SEQUENCES).sqrt();
    Detached<Sequence> far = reward().above(size.per(SEQUENCE)).indicator();
    return mean(logProb().weightedBy(reward().times(far).per(TOKEN)));
  }

  private static Loss regressed(Detached<Token> target) {
    return minimise(value().minus(target).square().mean(ALL_TOKENS)).training(Columns.VALUE);
  }

  private static Loss logging(String name, Detached<Batch> metric) {
    return mean(clipped(a())).log(name, metric);
  }

  static Stream<RoleMistake> all() {
    Term<Token> d = logProb().minus(referenceLogProb());
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Term<Token> k3 = d.negated().expRemainder();
    Term<Sequence> whole = logProb().minus(oldLogProb()).mean(TOKENS).clip(Clip.between(-5, 5));
    Detached<Group> margin = given("margin", GROUP);
    Term<Vocabulary> p = referenceLogPi();
    Term<Vocabulary> q = logPi();
    return Stream.of(
        new RoleMistake("a margin that is added", "lead-asked", asking(1), asking(-1)),
        new RoleMistake(
            "a margin of each pair that is added",
            "lead-asked",
            asking(lead().plus(margin)),
            asking(lead().minus(margin))),
        new RoleMistake(
            "one loss of the mean of all pairs",
            "pair-alone",
            maximise(lead().scaledBy(beta).mean(GROUPS).logSigmoid()),
            maximise(lead().scaledBy(beta).logSigmoid().mean(GROUPS))),
        new RoleMistake("both bounds from below", "bound-decides", within(false), within(true)),
        new RoleMistake(
            "k3 of k2",
            "penalty-square",
            penalised(d.square().scaledBy(-0.5).expRemainder()),
            penalised(d.negated().expRemainder())),
        new RoleMistake(
            "a penalty of tokens times a live ratio of the response",
            "penalty-own",
            penalised(k3.times(whole.exp().per(TOKEN))),
            penalised(k3.times(whole.stopGradient().exp().per(TOKEN)))),
        new RoleMistake(
            "a mean of all tokens under a std of some",
            "normaliser-members",
            whitened(ALL_TOKENS),
            whitened(ALL_TOKENS.where(given("loss_mask", TOKEN).positive()))),
        new RoleMistake(
            "a ratio bounded from below alone",
            "bound-reached",
            bounded(w -> max(w, constant(0, TOKEN))),
            bounded(w -> w.clip(Clip.between(0, 1)))),
        new RoleMistake(
            "the root of a mean without its square",
            "real-root",
            sized(x -> x),
            sized(Detached::square)),
        new RoleMistake(
            "a sum over tokens that is divided by the number of responses, under a weight",
            "mean-counts",
            weighed(ALL_SEQUENCES),
            weighed(ALL_TOKENS)),
        new RoleMistake(
            "a trace without γ", "trace-decays", traced(0.9, false, 0.95), traced(0.9, false, 0.8)),
        new RoleMistake(
            "the value of the token before",
            "later-values",
            traced(0.9, true, 0.8),
            traced(0.9, false, 0.8)),
        new RoleMistake(
            "a punishment that begins where its buffer ends",
            "length-buffer",
            overlong(true),
            overlong(false)),
        new RoleMistake(
            "a mixture of logarithms",
            "probabilities-sum",
            mixed(p.scaledBy(0.5).plus(q.scaledBy(0.5))),
            mixed(logAddExp(p, q).shiftedBy(-Math.log(2)))),
        new RoleMistake(
            "the factor of leave-one-out turned over",
            "response-estimate",
            leavingOut(true),
            leavingOut(false)),
        new RoleMistake(
            "an undesirable response that is made likelier, where a condition chooses",
            "label-turns",
            unpaired(false),
            unpaired(true)),
        new RoleMistake(
            "a value regressed on what it was",
            "presumption",
            regressed(given("old_value", TOKEN)),
            regressed(given("return", TOKEN))),
        new RoleMistake(
            "a std that is a variance",
            "metric-unit",
            logging("reward_std", reward().std(ALL_SEQUENCES, 0).square()),
            logging("reward_std", reward().std(ALL_SEQUENCES, 0))),
        new RoleMistake(
            "an accuracy of the pairs that are ordered wrongly",
            "metric-preference",
            asking(-1).log("accuracy", lead().stopGradient().negative().indicator().mean(GROUPS)),
            asking(-1).log("accuracy", lead().stopGradient().positive().indicator().mean(GROUPS))),
        new RoleMistake(
            "a length that is a sum over the batch",
            "metric-batch",
            logging("response_length", length().sum(ALL_SEQUENCES)),
            logging("response_length", length().mean(ALL_SEQUENCES))));
  }
}
