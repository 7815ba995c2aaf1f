package lossmith.recipes.preference;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.parameter;

import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;

/**
 * The pieces of triple preference optimisation: a prompt with a chosen response, preference 1, a
 * rejected one, −1, and a third, golden one, 0, which is imitated; no reference model.
 */
final class Triple {
  private Triple() {}

  /** {@return s, 1 at tokens of the chosen response, −1 of the rejected and 0 of the golden one} */
  static Detached<Token> side() {
    return given("preference", SEQUENCE).per(TOKEN).as("s");
  }

  /** {@return log π of the chosen response less that of the rejected one} */
  static Term<Group> margin() {
    return logProb().weightedBy(side()).sum(TOKENS).sum(SEQUENCES);
  }

  /** {@return the same of means over tokens} */
  static Term<Group> meanMargin() {
    return logProb().weightedBy(side()).mean(TOKENS).sum(SEQUENCES);
  }

  /** {@return the loss of a preference, and −log π of golden responses weighted by tpo_alpha} */
  static Loss loss(Loss preference) {
    Condition<Token> golden = side().equalTo(constant(0, TOKEN)).as("golden");
    Term<Batch> likelihood = logProb().mean(ALL_TOKENS.where(golden));
    return preference
        .as("preference")
        .plus(maximise(likelihood).scaledBy(parameter("tpo_alpha", 1, 0, 1e3)).as("nll"));
  }
}
