package lossmith.recipes;

import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.groups;
import static lossmith.dsl.Terms.length;

import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Term;

/** From a number per token to one number: where the denominators stand. */
public enum Aggregation {
  /** Σ over all tokens / number of all tokens. */
  TOKEN_MEAN {
    @Override
    public Term<Batch> of(Term<Token> x, Conventions c) {
      return x.mean(ALL_TOKENS);
    }
  },
  /** The mean of each response's tokens, then the mean over all responses. */
  SEQUENCE_MEAN_TOKEN_MEAN {
    @Override
    public Term<Batch> of(Term<Token> x, Conventions c) {
      return tokenMean(x, c).mean(responses(c));
    }
  },
  /** The sum of each response's tokens, then the mean over all responses. */
  SEQUENCE_MEAN_TOKEN_SUM {
    @Override
    public Term<Batch> of(Term<Token> x, Conventions c) {
      return x.sum(TOKENS).mean(responses(c));
    }
  },
  /** The mean over tokens, then over the responses of a prompt, then over prompts (eq 5). */
  GROUP_MEAN {
    @Override
    public Term<Batch> of(Term<Token> x, Conventions c) {
      Over<Sequence, lossmith.dsl.Level.Group> members =
          c.countEmptySequences() ? SEQUENCES : SEQUENCES.where(length().positive());
      return tokenMean(x, c).mean(members).mean(GROUPS);
    }
  },
  /** The sum over all tokens / number of prompts. */
  GROUP_MEAN_TOKEN_SUM {
    @Override
    public Term<Batch> of(Term<Token> x, Conventions c) {
      return x.sum(ALL_TOKENS).dividedBy(groups());
    }
  };

  /**
   * {@return the aggregated term}
   *
   * @param x a number per token
   * @param c the conventions that name the denominators
   */
  public abstract Term<Batch> of(Term<Token> x, Conventions c);

  /** {@return Σ over a response's tokens / their number, as the conventions count it; 0 of none} */
  public static Term<Sequence> tokenMean(Term<Token> x, Conventions c) {
    return c.denominatorEpsilon() == 0
        ? x.mean(TOKENS)
        : x.sum(TOKENS).dividedBy(length().shiftedBy(c.denominatorEpsilon()));
  }

  private static Over<Sequence, Batch> responses(Conventions c) {
    return c.countEmptySequences() ? ALL_SEQUENCES : ALL_SEQUENCES.where(length().positive());
  }
}
