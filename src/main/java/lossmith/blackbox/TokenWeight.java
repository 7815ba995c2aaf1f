package lossmith.blackbox;

import java.util.stream.IntStream;

/** What the score of a token is multiplied by beside its advantage: where denominators stand. */
public enum TokenWeight {
  /** 1/N. */
  TOKEN_MEAN("the mean over all tokens") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 / batch.wholeTokens();
    }
  },
  /** 1/(R·n), R all responses. */
  RESPONSE_MEAN("the mean of each response's tokens, then over responses") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 / batch.wholeRows() / batch.length(row);
    }
  },
  /** 1/(R·n), R the responses with tokens. */
  WRITTEN_RESPONSE_MEAN("the mean of each response's tokens, then over responses that have any") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 / written(batch) / batch.length(row);
    }
  },
  /** 1/R. */
  RESPONSE_SUM("the sum of each response's tokens, then the mean over responses") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 / batch.wholeRows();
    }
  },
  /** 1/R, R the responses with tokens. */
  WRITTEN_RESPONSE_SUM(
      "the sum of each response's tokens, then the mean over responses that have any") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 / written(batch);
    }
  },
  /** 1/(P·G·n). */
  PROMPT_MEAN("the mean of each response's tokens, of each prompt's responses, then of prompts") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 / batch.prompts() / members(batch, row) / batch.length(row);
    }
  },
  /** 1/(P·N of the prompt). */
  PROMPT_TOKEN_MEAN("the mean over each prompt's tokens, then over prompts") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0
          / batch.prompts()
          / IntStream.range(0, batch.rows())
              .filter(other -> batch.group()[other] == batch.group()[row])
              .map(batch::length)
              .sum();
    }
  },
  /** 1/P. */
  PROMPT_SUM("the sum over all tokens, divided by the number of prompts") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 / batch.prompts();
    }
  },
  /** 1. */
  SUM("the sum over all tokens") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1;
    }
  },
  /** 1/(R·T). */
  PADDED("the mean over all slots, padding included") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 / batch.rows() / batch.width();
    }
  },
  /** n/(R·T). */
  PADDED_LENGTH_WEIGHTED(
      "the mean over all slots, padding included, each times the length of its response") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 * batch.length(row) / batch.rows() / batch.width();
    }
  },
  /** 1/(R·longest). */
  LONGEST("the sum over all tokens, divided by responses times the longest of them") {
    @Override
    double of(TensorBatch batch, int row) {
      int longest = IntStream.range(0, batch.rows()).map(batch::length).max().orElse(1);
      return 1.0 / batch.rows() / longest;
    }
  },
  /** n/N. */
  LENGTH_WEIGHTED("the mean over all tokens, each times the length of its response") {
    @Override
    double of(TensorBatch batch, int row) {
      return 1.0 * batch.length(row) / batch.wholeTokens();
    }
  };

  private final String words;

  TokenWeight(String words) {
    this.words = words;
  }

  /**
   * {@return the weight of each token of a response}
   *
   * @param batch the batch
   * @param row a response that has tokens
   */
  abstract double of(TensorBatch batch, int row);

  /** Whether it depends on how a batch is padded, or on what else is in it. */
  boolean fair() {
    return this != PADDED && this != PADDED_LENGTH_WEIGHTED && this != LONGEST;
  }

  private static int written(TensorBatch batch) {
    return (int) IntStream.range(0, batch.rows()).filter(row -> batch.length(row) > 0).count();
  }

  private static int members(TensorBatch batch, int row) {
    return (int) IntStream.of(batch.group()).filter(group -> group == batch.group()[row]).count();
  }

  @Override
  public String toString() {
    return words;
  }
}
