package lossmith.proofs.subject;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.proofs.trial.Trial;
import org.junit.jupiter.api.Test;

/** Parts of which a coefficient is 1. */
final class IsolatedTest {
  /** α weighs the sampled token, and stands inside a statistic of the policy as well. */
  private static Loss mixed() {
    Parameter alpha = parameter("alpha", 0.5, 0.01, 0.99);
    Term<Vocabulary> mixture =
        logAddExp(
            logPi().plus(alpha.log().per(Axis.VOCABULARY_ENTRY)),
            referenceLogPi().plus(alpha.negated().shiftedBy(1).log().per(Axis.VOCABULARY_ENTRY)));
    return maximise(
        logProb()
            .times(alpha.per(Axis.TOKEN))
            .minus(probTimes(logPi(), logPi().minus(mixture)).sum(VOCABULARY))
            .mean(ALL_TOKENS));
  }

  @Test
  void aCoefficientInsideAStatisticStays() {
    try (Subject subject = new Subject("mixed", mixed())) {
      Trial trial = subject.trials(1, 1).head();
      double[] one =
          subject.presumed().head().unscaled(Columns.LOG_PROB, trial); // α·log π with α of 1
      double[] tokens = new double[trial.samples().tokens()];
      Arrays.fill(tokens, -1.0 / tokens.length);
      assertArrayEquals(tokens, one, 1e-12);
    }
  }
}
