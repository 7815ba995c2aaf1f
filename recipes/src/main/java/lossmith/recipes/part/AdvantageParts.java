package lossmith.recipes.part;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.BiFunction;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.advantage.GpgAdvantage;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.Opo;
import lossmith.recipes.advantage.PassAtK;

/** How much better than expected each token was, from the rewards of responses or of tokens. */
final class AdvantageParts {
  private AdvantageParts() {}

  /** Makes advantages from rewards. */
  interface Estimator extends BiFunction<Detached<Sequence>, Conventions, Detached<Token>> {}

  static Part<Estimator> part(String name, Estimator make) {
    return Part.of(Part.Kind.ADVANTAGE, name, make);
  }

  private static Part<Estimator> centred(String name, Estimator make) {
    return part(name, make).claiming(new Claim.Centred("A"));
  }

  static Part<Estimator> groupNormalised() {
    return part("group-normalised", Advantages::groupNormalised)
        .claiming(new Claim.GroupNormalised("A"));
  }

  static Seq<Part<Estimator>> all() {
    return ofResponses()
        .appendAll(TokenAdvantageParts.all())
        .appendAll(MultistepParts.all())
        .appendAll(TeacherParts.all());
  }

  private static Seq<Part<Estimator>> ofResponses() {
    return List.of(
        groupNormalised(),
        part("reward-to-go", (r, c) -> spread(r)),
        centred("group-centred", (r, c) -> spread(Advantages.centred(r, c))),
        part("batch-scaled", (r, c) -> spread(Advantages.orAlone(r, batchScaled(r, c), c))),
        centred("leave-one-out", (r, c) -> spread(Advantages.orAlone(r, LeaveOneOut.of(r), c))),
        part("optimal-reward-baseline", (r, c) -> spread(Advantages.orAlone(r, Opo.of(r), c))),
        part("pass-rate-normalised", (r, c) -> spread(Advantages.orAlone(r, maxRl(r), c))),
        centred("gpg-scaled", (r, c) -> spread(GpgAdvantage.of(r, Advantages.centred(r, c)))),
        part("pass-at-k", (r, c) -> spread(Advantages.orAlone(r, PassAtK.lead(r), c))),
        part("greedy-baseline", (r, c) -> spread(r.minus(given("greedy_reward", SEQUENCE)))),
        part(
            "tracked-baseline",
            (r, c) -> spread(standard(r.minus(given("tracked_reward", GROUP).per(SEQUENCE))))),
        part("whitened", (r, c) -> whitened(Advantages.centred(r, c).per(TOKEN), c)),
        part("each-normalised", AdvantageParts::eachNormalised));
  }

  private static Detached<Token> spread(Detached<Sequence> a) {
    return a.per(TOKEN).as("A");
  }

  /** (x − mean) / std over all tokens, 0 where all agree to rounding. */
  static Detached<Token> whitened(Detached<Token> x, Conventions c) {
    Detached<Token> std = x.std(ALL_TOKENS, c.stdDdof()).per(TOKEN);
    Detached<Token> centred = x.minus(x.mean(ALL_TOKENS).per(TOKEN));
    return select(x.differs(ALL_TOKENS).per(TOKEN), centred.dividedBy(std), constant(0, TOKEN))
        .as("A");
  }

  /** (x − mean) / std over all responses, 0 where all agree to rounding. */
  private static Detached<Sequence> standard(Detached<Sequence> x) {
    Detached<Sequence> std = x.std(ALL_SEQUENCES, 0).per(SEQUENCE);
    Detached<Sequence> centred = x.minus(x.mean(ALL_SEQUENCES).per(SEQUENCE));
    return select(
        x.differs(ALL_SEQUENCES).per(SEQUENCE), centred.dividedBy(std), constant(0, SEQUENCE));
  }

  private static Detached<Token> eachNormalised(Detached<Sequence> r, Conventions c) {
    Detached<Sequence> other = given("second_reward", SEQUENCE);
    return whitened(Advantages.groupNormalised(r, c).plus(Advantages.groupNormalised(other, c)), c);
  }

  static Detached<Token> rewards() {
    return given(Columns.TOKEN_REWARD, TOKEN);
  }

  /** (r − mean of the group) / (std of the batch + ε), 0 where a group agrees to rounding. */
  private static Detached<Sequence> batchScaled(Detached<Sequence> r, Conventions c) {
    Detached<Batch> std = r.std(ALL_SEQUENCES, c.stdDdof()).shiftedBy(c.stdEpsilon());
    return Centred.orNothing(r, Centred.difference(r).dividedBy(std.per(SEQUENCE)));
  }

  /** (r − mean) / mean, 0 where a group agrees to rounding or its mean is no more than rounding. */
  private static Detached<Sequence> maxRl(Detached<Sequence> r) {
    Detached<Group> mean = r.mean(SEQUENCES);
    Condition<Group> passes = mean.abs().above(r.rounding(SEQUENCES)).as("passes");
    return Centred.orNothing(
        r,
        select(
            passes.per(SEQUENCE),
            Centred.difference(r).dividedBy(mean.per(SEQUENCE)),
            constant(0, SEQUENCE)));
  }
}
