package lossmith.recipes.trl;

import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.oldLogProb;

import lossmith.dsl.Axis;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;

/** What has an importance ratio of its own: TRL's {@code importance_sampling_level}. */
public enum TrlRatio {
  /** Every token: r = π / π_old. */
  TOKEN {
    @Override
    public Term<Token> log(TrlBatch batch) {
      return difference();
    }
  },
  /** Every response: the geometric mean of its tokens' ratios, with its gradient. */
  SEQUENCE {
    @Override
    public Term<Token> log(TrlBatch batch) {
      return batch.meanOfEach(difference()).per(Axis.TOKEN);
    }
  },
  /** Every response, its gradient given to each token: sg(s)·π / sg(π). */
  SEQUENCE_TOKEN {
    @Override
    public Term<Token> log(TrlBatch batch) {
      return logProb()
          .minus(logProb().stopGradient())
          .plus(batch.meanOfEach(difference()).stopGradient().per(Axis.TOKEN));
    }
  };

  /** {@return the log-ratio at every slot} */
  public abstract Term<Token> log(TrlBatch batch);

  /** {@return the ratio at every slot} */
  Term<Token> ratio(TrlBatch batch) {
    return log(batch).exp().as("r");
  }

  private static Term<Token> difference() {
    return logProb().minus(oldLogProb());
  }
}
