package lossmith.recipes.part;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.recipes.part.Selections.selection;
import static lossmith.recipes.part.Weights.drift;
import static lossmith.recipes.part.Weights.ofSegments;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Supplier;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.recipes.correction.RolloutRejection;
import lossmith.recipes.correction.RolloutRejection.Estimator;
import lossmith.recipes.correction.RolloutRejection.Unit;

/**
 * What stays of a batch that another policy sampled: tokens, segments and responses by how far
 * π_old is from π_rollout. With d = log π_old − log π_rollout, k1 = −d, k2 = d²/2 and k3 = e^d − 1
 * − d.
 */
final class Rejections {
  private static final double LOG2 = Math.log(2);

  private Rejections() {}

  private static Part<Supplier<Condition<Token>>> rejection(
      String name, Unit unit, Estimator estimator, double low, double high) {
    RolloutRejection criterion = new RolloutRejection(unit, estimator, low, high);
    return selection(name, () -> criterion.kept(drift()));
  }

  private static Part<Supplier<Condition<Token>>> atMost(
      String name, Unit unit, Estimator estimator, double high) {
    return rejection(name, unit, estimator, 0, high);
  }

  static Seq<Part<Supplier<Condition<Token>>>> all() {
    return List.of(
        rejection("reject-token-k1", Unit.TOKEN, Estimator.K1, -LOG2, LOG2),
        atMost("reject-token-k2", Unit.TOKEN, Estimator.K2, 0.25),
        atMost("reject-token-k3", Unit.TOKEN, Estimator.K3, 0.25),
        rejection("reject-sequence-k1", Unit.SEQUENCE_SUM, Estimator.K1, -LOG2, LOG2),
        atMost("reject-sequence-k2", Unit.SEQUENCE_SUM, Estimator.K2, 0.5),
        atMost("reject-sequence-k3", Unit.SEQUENCE_SUM, Estimator.K3, 0.5),
        rejection(
            "reject-sequence-mean-k1",
            Unit.SEQUENCE_MEAN,
            Estimator.K1,
            -Math.log(1.001),
            -Math.log(0.999)),
        atMost("reject-sequence-mean-k2", Unit.SEQUENCE_MEAN, Estimator.K2, 0.02),
        atMost("reject-sequence-mean-k3", Unit.SEQUENCE_MEAN, Estimator.K3, 0.02),
        atMost("reject-sequence-max-k2", Unit.SEQUENCE_MAX, Estimator.K2, 2.5),
        atMost("reject-sequence-max-k3", Unit.SEQUENCE_MAX, Estimator.K3, 2.5),
        selection(
            "reject-segment", () -> within(ofSegments(drift()), Math.log(0.9), Math.log(1.1))),
        selection("reject-difference", () -> within(moved(), -0.1, 0.1)),
        selection(
            "reject-sequence-difference", () -> within(moved().sum(TOKENS).per(TOKEN), -0.2, 0.2)),
        selection(
            "reject-sequence-mean-difference",
            () -> within(moved().mean(TOKENS).per(TOKEN), -0.2, 0.2)),
        selection("reject-segment-difference", () -> within(ofSegments(moved()), -0.2, 0.2)),
        selection("veto-token", Rejections::notVetoed));
  }

  private static Detached<Token> moved() {
    return oldLogProb().exp().minus(rolloutLogProb().exp());
  }

  private static Condition<Token> within(Detached<Token> x, double low, double high) {
    return x.atLeast(constant(low, TOKEN)).and(x.atMost(constant(high, TOKEN)));
  }

  private static Condition<Token> notVetoed() {
    return drift().min(TOKENS).atLeast(constant(Math.log(1e-4), SEQUENCE)).per(TOKEN);
  }
}
