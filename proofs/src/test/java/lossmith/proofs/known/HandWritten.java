package lossmith.proofs.known;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.value;

import java.util.function.BinaryOperator;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/** Objectives as somebody writes them by hand, of terms in which one may be wrong. */
final class HandWritten {
  static final Clip NEAR = Clip.between(0.8, 1.28);

  private HandWritten() {}

  static Term<Token> ratio() {
    return logProb().minus(oldLogProb()).exp();
  }

  static Detached<Token> normalised() {
    return normalised(reward());
  }

  static Detached<Token> normalised(Detached<Sequence> r) {
    Detached<Sequence> std = r.std(SEQUENCES, 1).shiftedBy(1e-6).per(SEQUENCE);
    return r.minus(r.mean(SEQUENCES).per(SEQUENCE)).dividedBy(std).per(TOKEN);
  }

  static Term<Token> clipped(Term<Token> r, Detached<Token> a) {
    return min(a.times(r), a.times(r.clip(NEAR)));
  }

  static Loss grpo(Term<Token> surrogate) {
    return minimise(surrogate.negated().mean(TOKENS).mean(ALL_SEQUENCES));
  }

  static Loss dapo(Detached<Sequence> punishment) {
    Detached<Token> a = normalised(reward().plus(punishment));
    Condition<Token> kept = reward().differs(SEQUENCES).per(TOKEN);
    return maximise(clipped(ratio(), a).mean(ALL_TOKENS.where(kept)));
  }

  static Detached<Sequence> room() {
    Detached<Batch> most = parameter("L", 16384, 1, 1e9);
    Detached<Batch> cache = parameter("L_cache", 2048, 1, 1e9);
    return most.minus(cache).per(SEQUENCE).minus(length()).dividedBy(cache.per(SEQUENCE));
  }

  static Loss cispo(Detached<Token> weight) {
    return maximise(normalised().times(logProb()).weightedBy(weight).mean(ALL_TOKENS));
  }

  static Loss gspo(Term<Token> log) {
    Term<Token> s = log.exp();
    Clip clip = Clip.between(0.9997, 1.0004);
    Detached<Token> a = normalised();
    return maximise(min(s.times(a), s.clip(clip).times(a)).mean(TOKENS).mean(ALL_SEQUENCES));
  }

  static Detached<Token> meanLogRatio() {
    return logProb().minus(oldLogProb()).mean(TOKENS).stopGradient().per(TOKEN);
  }

  static Term<Group> margin(Term<Token> compared) {
    return compared.weightedBy(sign().per(TOKEN)).sum(TOKENS).sum(SEQUENCES);
  }

  static Term<Token> logRatio() {
    return logProb().minus(referenceLogProb());
  }

  static Loss dpo(Term<Group> h) {
    return minimise(h.scaledBy(0.1).logSigmoid().negated().mean(GROUPS));
  }

  static Loss ipo(Term<Group> h, double twice) {
    var beta = parameter("tau", 0.1, 1e-3, 1e3);
    Detached<Group> target =
        constant(1, lossmith.dsl.Axis.GROUP)
            .dividedBy(beta.per(lossmith.dsl.Axis.GROUP).scaledBy(twice));
    return minimise(h.minus(target).square().mean(GROUPS));
  }

  static Detached<Token> covariance(Detached<Token> a) {
    Detached<Token> lp = logProb().stopGradient();
    return lp.minus(lp.mean(ALL_TOKENS).per(TOKEN)).times(a.minus(a.mean(ALL_TOKENS).per(TOKEN)));
  }

  static Condition<Token> top() {
    return covariance(normalised()).topFraction(parameter("k", 2e-4, 0, 1), 1, ALL_TOKENS);
  }

  static Term<Token> penalty() {
    return logProb().minus(oldLogProb()).abs().scaledBy(parameter("c", 1, 0, 10));
  }

  static Loss klCov(Term<Token> chosen) {
    return maximise(select(top(), chosen, ratio().times(normalised())).mean(ALL_TOKENS));
  }

  static Term<Sequence> share(Term<Sequence> x) {
    Detached<Group> most = x.stopGradient().max(SEQUENCES);
    Term<Sequence> shifted = x.minus(most.per(SEQUENCE));
    return shifted.minus(shifted.exp().sum(SEQUENCES).log().per(SEQUENCE));
  }

  static Loss tpo(Term<Sequence> compared, Detached<Sequence> tilt) {
    Detached<Sequence> q = share(tilt).stopGradient().exp();
    return minimise(share(compared).weightedBy(q).negated().sum(SEQUENCES).mean(GROUPS));
  }

  static Detached<Sequence> tilted(Detached<Token> policy) {
    Detached<Sequence> r = reward();
    Detached<Sequence> u =
        r.minus(r.mean(SEQUENCES).per(SEQUENCE)).dividedBy(r.std(SEQUENCES, 0).per(SEQUENCE));
    return policy
        .sum(TOKENS)
        .plus(u.dividedBy(parameter("temperature_of_q", 1, 1e-3, 1e3).per(SEQUENCE)));
  }

  static Loss critic(BinaryOperator<Term<Token>> larger, Term<Token> held) {
    Detached<Token> goal = given("return", TOKEN);
    return minimise(
            larger
                .apply(value().minus(goal).square(), held.minus(goal).square())
                .scaledBy(0.5)
                .mean(ALL_TOKENS))
        .training(Columns.VALUE);
  }
}
