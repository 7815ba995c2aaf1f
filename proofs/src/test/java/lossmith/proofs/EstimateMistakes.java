package lossmith.proofs;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;

import java.util.stream.Stream;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;

/** Advantages that are nearly a named estimator. */
final class EstimateMistakes {
  private EstimateMistakes() {}

  private static Loss reinforce(Detached<Token> advantage) {
    return maximise(logProb().times(advantage).mean(ALL_TOKENS));
  }

  private static Loss leftOut(double less) {
    Detached<Sequence> n = groupSize().per(SEQUENCE);
    Detached<Sequence> others = max(n.shiftedBy(-less), constant(1, SEQUENCE));
    Detached<Sequence> sum = reward().sum(SEQUENCES).per(SEQUENCE).minus(reward());
    Detached<Sequence> left = reward().minus(sum.dividedBy(others));
    Condition<Sequence> compared = n.above(constant(1, SEQUENCE));
    return reinforce(select(compared, left, constant(0, SEQUENCE)).per(TOKEN));
  }

  private static Loss discounted(double first) {
    Detached<Token> r = given(Columns.TOKEN_REWARD, TOKEN).scaledBy(first);
    return reinforce(scanBackward(r, constant(0.9, TOKEN)));
  }

  static Stream<RoleMistake> all() {
    return Stream.of(
        new RoleMistake(
            "the others' sum over all of them", "response-estimate", leftOut(0), leftOut(1)),
        new RoleMistake(
            "a discount before the first step", "token-estimate", discounted(0.9), discounted(1)));
  }
}
