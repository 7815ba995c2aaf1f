package lossmith.dsl.flow;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.List;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import org.junit.jupiter.api.Test;

class OnPolicyTest {
  private static final Term<Token> LOG_RATIO = logProb().minus(oldLogProb());

  @Test
  void theRatioTeachesOnPolicyThoughItsLossIsConstant() {
    assertEquals(List.empty(), OnPolicy.dead(maximise(ratio().mean(ALL_TOKENS))));
  }

  @Test
  void aPenaltyOnTheDistanceToTheOldPolicyIsDeadUntilThePolicyMoves() {
    Loss loss =
        maximise(ratio().mean(ALL_TOKENS))
            .plus(minimise(LOG_RATIO.abs().mean(ALL_TOKENS)).as("abs"))
            .plus(minimise(LOG_RATIO.square().mean(ALL_TOKENS)).as("k2"));
    assertEquals(List.of("abs", "k2"), OnPolicy.dead(loss));
  }

  @Test
  void theDistanceToAReferenceIsNot() {
    Term<Token> apart = logProb().minus(referenceLogProb());
    assertEquals(List.empty(), OnPolicy.dead(minimise(apart.square().mean(ALL_TOKENS))));
  }
}
