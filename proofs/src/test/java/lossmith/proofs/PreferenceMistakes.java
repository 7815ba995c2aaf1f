package lossmith.proofs;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
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
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;

import java.util.stream.Stream;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;

/** Mistakes in what a preference compares, with what, and with which weights. */
final class PreferenceMistakes {
  private PreferenceMistakes() {}

  private static Term<Sequence> ratio() {
    return logProb().minus(referenceLogProb()).sum(TOKENS);
  }

  private static Term<Group> margin(Term<Sequence> score) {
    return score.weightedBy(sign()).sum(SEQUENCES);
  }

  private static Loss pair(Term<Group> gain) {
    return maximise(gain.mean(GROUPS));
  }

  private static Loss averaged(boolean byTheChosen) {
    Detached<Group> chosen = length().times(sign().shiftedBy(1).scaledBy(0.5)).sum(SEQUENCES);
    Detached<Sequence> by = byTheChosen ? chosen.per(SEQUENCE) : length();
    Term<Sequence> mean = logProb().sum(TOKENS).dividedBy(by);
    return pair(margin(mean).scaledBy(2).shiftedBy(-1).logSigmoid());
  }

  private static Loss kto(Term<Batch> z, boolean late) {
    Detached<Sequence> side =
        select(reward().positive(), constant(1, SEQUENCE), constant(-1, SEQUENCE));
    Term<Sequence> from = z.per(SEQUENCE);
    Term<Sequence> x =
        late ? ratio().weightedBy(side).minus(from) : ratio().minus(from).weightedBy(side);
    return minimise(x.scaledBy(0.1).negated().sigmoid().mean(ALL_SEQUENCES));
  }

  private static Loss ipo(boolean over) {
    Parameter beta = parameter("beta", 0.1, 1e-6, 1e3);
    Term<Batch> target = over ? constant(0.5, BATCH).dividedBy(beta) : beta.scaledBy(0.5);
    Term<Sequence> mean = logProb().minus(referenceLogProb()).mean(TOKENS);
    return minimise(margin(mean).minus(target.per(GROUP)).square().mean(GROUPS));
  }

  private static Loss asked(boolean inside) {
    Detached<Group> gamma = parameter("gamma", 0.5, 0, 10).per(GROUP);
    Term<Group> h = margin(ratio()).scaledBy(0.1);
    return pair(inside ? h.minus(gamma).logSigmoid() : h.logSigmoid().minus(gamma));
  }

  private static Loss squared(double target) {
    return minimise(margin(ratio().tanh()).minus(constant(target, GROUP)).square().mean(GROUPS));
  }

  private static Loss smoothed(Term<Group> other, double weight) {
    return pair(
        margin(ratio()).scaledBy(0.1).logSigmoid().scaledBy(0.9).plus(other.scaledBy(weight)));
  }

  private static Loss critic(double of) {
    return maximise(
        logProb()
            .times(reward().plus(given("baseline", SEQUENCE).scaledBy(of)).per(TOKEN))
            .mean(ALL_TOKENS));
  }

  static Stream<RoleMistake> all() {
    Detached<Batch> z = given("mismatched_log_ratio", SEQUENCE).mean(ALL_SEQUENCES);
    Term<Group> opposite = margin(ratio()).scaledBy(0.1).negated().logSigmoid();
    Term<Group> again = margin(ratio()).scaledBy(0.1).logSigmoid();
    return Stream.of(
        new RoleMistake(
            "both responses divided by the length of the chosen one",
            "pair-balance",
            averaged(true),
            averaged(false)),
        new RoleMistake(
            "the reference point of KTO taken after the label",
            "reference-point",
            kto(z, true),
            kto(z, false)),
        new RoleMistake(
            "the reference point of KTO with a gradient",
            "reference-point",
            kto(ratio().mean(ALL_SEQUENCES), false),
            kto(ratio().mean(ALL_SEQUENCES).stopGradient(), false)),
        new RoleMistake(
            "a margin outside of the sigmoid", "dead-summand", asked(false), asked(true)),
        new RoleMistake("half of beta for one over it", "target-falls", ipo(false), ipo(true)),
        new RoleMistake(
            "a pair that is held where it starts", "pair-start", squared(0), squared(2)),
        new RoleMistake(
            "the rejected response made to lead", "pair-lead", pair(opposite), pair(again)),
        new RoleMistake(
            "labels smoothed towards themselves",
            "summand-twice",
            smoothed(again, 0.1),
            smoothed(opposite, 0.1)),
        new RoleMistake(
            "weights of labels that add up to more than 1",
            "label-weights",
            smoothed(opposite, 0.9),
            smoothed(opposite, 0.1)),
        new RoleMistake("a baseline that is added", "bonus-rewards", critic(1), critic(-1)));
  }
}
