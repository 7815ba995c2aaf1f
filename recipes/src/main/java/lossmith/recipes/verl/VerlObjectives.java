package lossmith.recipes.verl;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.select;

import io.vavr.control.Option;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.surrogate.Surrogate;

/** One configuration of verl: each of its losses as a composition of terms. */
final class VerlObjectives {
  private final VerlSettings settings;
  private final Conventions c;
  private final VerlAggregation aggregation;
  private final Detached<Token> a;
  private final Option<Detached<Token>> weight;
  private final Term<Token> plain = logProb().minus(oldLogProb());
  private final Term<Token> clamped;

  VerlObjectives(
      VerlSettings settings,
      Conventions c,
      VerlAggregation aggregation,
      Detached<Token> a,
      Option<Detached<Token>> weight) {
    this.settings = settings;
    this.c = c;
    this.aggregation = aggregation;
    this.a = a;
    this.weight = weight;
    this.clamped = Surrogate.logRatio(c);
  }

  Option<Loss> of(String name) {
    return switch (name) {
      case "vanilla" -> Option.some(vanilla());
      case "cispo" -> Option.some(cispo());
      case "gspo" -> Option.some(gspo());
      case "sapo" -> Option.some(sapo());
      case "gpg" -> Option.some(maximise(aggregated(corrected(logProb().times(a)))));
      case "reinforce" -> Option.some(reinforce(rolloutLogProb()));
      case "dro" -> Option.some(dro());
      case "geo_mean" -> Option.some(geoMean());
      case "clip_cov" -> Option.some(clipCov());
      case "kl_cov" -> Option.some(klCov());
      case "dppo_tv" -> Option.some(dppo(movedTotalVariation()));
      case "dppo_kl" -> Option.some(dppo(movedKl()));
      default -> Option.none();
    };
  }

  /** {@return the policy gradient, logging how far the policy is from the one that sampled} */
  Loss reinforce(Detached<Token> rollout) {
    return maximise(aggregated(corrected(logProb().times(a))))
        .log("ppo_kl", kl(logProb().minus(rollout)));
  }

  private Loss vanilla() {
    Term<Token> r = clamped.exp().as("r");
    Term<Token> ra = r.times(a);
    Term<Token> clippedA = r.clip(settings.trustRegion()).times(a);
    Term<Token> surrogate = min(ra, clippedA);
    Term<Token> floor = a.scaledBy(settings.number("clip_ratio_c", 3));
    Term<Token> dual = select(a.negative(), lossmith.dsl.Terms.max(surrogate, floor), surrogate);
    Condition<Token> below = surrogate.stopGradient().below(floor).and(a.negative());
    return maximise(aggregated(corrected(dual)))
        .log("pg_clipfrac", share(clippedA.stopGradient().below(ra.stopGradient())))
        .log("pg_clipfrac_lower", share(below))
        .log("ppo_kl", kl(clamped));
  }

  private Loss cispo() {
    Detached<Token> r = clamped.stopGradient().exp();
    Detached<Token> weight = r.clip(settings.trustRegion());
    return maximise(aggregated(corrected(logProb().times(a).weightedBy(weight))))
        .log("pg_clipfrac", share(r.equalTo(weight).not()))
        .log("pg_clipfrac_lower", constant(0, BATCH))
        .log("ppo_kl", kl(clamped));
  }

  private Loss gspo() {
    Detached<Token> mean = plain.mean(TOKENS).stopGradient().per(TOKEN);
    Term<Token> s =
        logProb().minus(logProb().stopGradient()).plus(mean).clip(Surrogate.atMost(10)).exp();
    Term<Token> sa = s.times(a);
    Term<Token> clippedA = s.clip(settings.trustRegion()).times(a);
    return maximise(bySequence(corrected(min(sa, clippedA))))
        .log("pg_clipfrac", share(clippedA.stopGradient().below(sa.stopGradient())))
        .log("pg_clipfrac_lower", constant(0, BATCH))
        .log("ppo_kl", kl(plain));
  }

  private Loss sapo() {
    Term<Token> r = clamped.exp().as("r");
    Term<Token> gate =
        select(
            a.positive(),
            gate(r, settings.number("tau_pos", 1)),
            gate(r, settings.number("tau_neg", 1.05)));
    return maximise(bySequence(corrected(gate.times(a))))
        .log("pg_clipfrac", constant(0, BATCH))
        .log("pg_clipfrac_lower", constant(0, BATCH))
        .log("ppo_kl", kl(clamped));
  }

  private static Term<Token> gate(Term<Token> r, double tau) {
    return r.shiftedBy(-1).scaledBy(tau).sigmoid().scaledBy(4 / tau);
  }

  private Loss dro() {
    Term<Token> penalty = plain.square().scaledBy(settings.number("dro_beta", 0.1) / 2);
    return maximise(aggregated(corrected(logProb().times(a).minus(penalty))))
        .log("ppo_kl", kl(plain));
  }

  private Loss geoMean() {
    Term<Token> clipped = plain.clip(Clip.between(-settings.low(), settings.high()));
    Detached<Token> sign = a.sign();
    Term<Token> x = min(plain.times(sign), clipped.times(sign)).times(sign);
    Detached<Sequence> n = length().shiftedBy(c.denominatorEpsilon());
    Term<Sequence> ratio = x.sum(TOKENS).dividedBy(n).exp();
    Detached<Sequence> advantage = a.sum(TOKENS).dividedBy(n);
    Condition<Token> out = plain.stopGradient().equalTo(clipped.stopGradient()).not();
    Term<Sequence> objective = ratio.times(advantage);
    Term<Sequence> weighted =
        weight
            .map(w -> w.shiftedBy(1e-10).log().sum(TOKENS).dividedBy(n).exp())
            .map(objective::weightedBy)
            .getOrElse(objective);
    return maximise(weighted.mean(ALL_SEQUENCES))
        .log("pg_clipfrac", share(out.and(a.positive())))
        .log("pg_clipfrac_lower", share(out.and(a.negative())))
        .log("ppo_kl", kl(plain));
  }

  private Loss clipCov() {
    Term<Token> r = plain.exp().as("r");
    Term<Token> surrogate = min(r.times(a), r.clip(settings.trustRegion()).times(a));
    Condition<Token> dropped = given("selected", TOKEN).positive();
    return maximise(aggregated(corrected(select(dropped, Surrogate.zero(), surrogate))))
        .log("pg_clipfrac", share(dropped))
        .log("ppo_kl", kl(plain));
  }

  private Loss klCov() {
    Condition<Token> chosen = VerlSelections.klCovChosen(settings, a);
    Term<Token> penalty = plain.abs().scaledBy(settings.number("ppo_kl_coef", 0.1));
    Term<Token> surrogate = plain.exp().times(a);
    return maximise(aggregated(corrected(select(chosen, surrogate.minus(penalty), surrogate))))
        .log("ppo_kl", aggregation.mean(plain.stopGradient().abs()));
  }

  private Detached<Token> movedTotalVariation() {
    return logProb().stopGradient().exp().minus(oldLogProb().exp()).abs();
  }

  private Detached<Token> movedKl() {
    Detached<Token> p = logProb().stopGradient().exp();
    Detached<Token> old = oldLogProb().exp();
    Detached<Token> rest = old.negated().shiftedBy(1);
    Detached<Token> logs = rest.shiftedBy(1e-8).log().minus(p.negated().shiftedBy(1 + 1e-8).log());
    return old.times(oldLogProb().minus(logProb().stopGradient())).plus(rest.times(logs));
  }

  private Loss dppo(Detached<Token> moved) {
    Detached<Token> r = clamped.stopGradient().exp();
    Detached<Token> up = logProb().stopGradient().exp().minus(oldLogProb().exp());
    Condition<Token> far =
        a.positive()
            .and(up.positive())
            .and(moved.above(constant(settings.high(), TOKEN)))
            .or(
                a.positive()
                    .not()
                    .and(up.negative())
                    .and(moved.above(constant(settings.low(), TOKEN))));
    double most = settings.number("clip_ratio_c", 3);
    Detached<Token> weight = select(far, Surrogate.zero(), r.clip(Surrogate.atMost(most)));
    return maximise(aggregated(corrected(logProb().times(a).weightedBy(weight))))
        .log("pg_clipfrac", share(far))
        .log("pg_clipfrac_lower", share(r.above(constant(most, TOKEN)).and(far.not())))
        .log("ppo_kl", kl(clamped));
  }

  private Term<Token> corrected(Term<Token> objective) {
    return weight.map(objective::weightedBy).getOrElse(objective);
  }

  private Term<Batch> aggregated(Term<Token> x) {
    return aggregation.of(x);
  }

  private Term<Batch> bySequence(Term<Token> x) {
    return aggregation.ofSequenceMeans(x);
  }

  private Detached<Batch> share(Condition<Token> condition) {
    return aggregation.mean(condition.indicator());
  }

  private Detached<Batch> kl(Term<Token> logRatio) {
    return aggregation.mean(logRatio.stopGradient().negated());
  }
}
