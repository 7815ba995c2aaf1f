package lossmith.recipes.trl;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.count;

import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;

/** From slots to one number, as TRL's loss types differ. */
public sealed interface TrlReduction {
  /** {@return the reduced term, before it is shared among micro-batches} */
  Term<Batch> of(Term<Token> x, TrlBatch batch);

  /** {@return what the result is divided by for {@code steps} accumulated micro-batches} */
  default double window(double steps) {
    return steps;
  }

  /** {@return the mean over all slots, such as of entropies, in the same units} */
  default Term<Batch> entropy(Term<Token> h, TrlBatch batch, Term<Batch> counted) {
    return batch.sum(h).dividedBy(counted);
  }

  /** {@code grpo}, {@code sapo}: the mean of each response, then over responses. */
  record OfResponses() implements TrlReduction {
    @Override
    public Term<Batch> of(Term<Token> x, TrlBatch batch) {
      return batch.meanOfEach(x).mean(ALL_SEQUENCES);
    }
  }

  /** {@code bnpo}: the mean over the slots of the micro-batch. */
  record OfSlots() implements TrlReduction {
    @Override
    public Term<Batch> of(Term<Token> x, TrlBatch batch) {
      return batch.sum(x).dividedBy(batch.allTokens());
    }
  }

  /**
   * {@code dr_grpo}: the sum over a constant.
   *
   * @param length the longest completion that may be sampled
   */
  record OfConstantLength(double length) implements TrlReduction {
    @Override
    public Term<Batch> of(Term<Token> x, TrlBatch batch) {
      return batch.sum(x).dividedBy(count(ALL_SEQUENCES).scaledBy(length));
    }
  }

  /**
   * {@code dapo}, {@code cispo}, {@code vespo}: the sum over the tokens of the generation batch.
   *
   * @param tokens {@code num_items_in_batch / num_processes}
   */
  record OfBatchTokens(double tokens) implements TrlReduction {
    @Override
    public Term<Batch> of(Term<Token> x, TrlBatch batch) {
      return batch.sum(x).scaledBy(1 / tokens);
    }

    @Override
    public double window(double steps) {
      return 1;
    }

    @Override
    public Term<Batch> entropy(Term<Token> h, TrlBatch batch, Term<Batch> counted) {
      return of(h, batch);
    }
  }

  /** {@code luspo}: every response as long as it is, but the mean runs over padding too. */
  record OfPaddedSlots() implements TrlReduction {
    @Override
    public Term<Batch> of(Term<Token> x, TrlBatch batch) {
      return x.weightedBy(batch.tokens().per(TOKEN)).mean(ALL_TOKENS);
    }
  }
}
